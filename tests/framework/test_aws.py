"""Reading and writing buckets through boto3, on moto."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from bucketward import (
    ACCELERATE,
    ANALYTICS,
    INVENTORY,
    LIFECYCLE,
    LOGGING,
    POLICY,
    VERSIONING,
    Bucket,
    BucketNotFound,
    Unknown,
    _aws,
    delete,
    put,
)
from bucketward.aspects import ASPECTS, LOCATION, operations
from framework.samples import ACCOUNT, NAME, REGION

INVENTORY_OF = {
    "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::ward-logs", "Format": "CSV"}},
    "IsEnabled": True,
    "IncludedObjectVersions": "All",
    "Schedule": {"Frequency": "Daily"},
}
DOCUMENTS = {
    "policy": '{"Version": "2012-10-17", "Statement": []}',
    "public_access_block": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": False,
    },
    "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    "encryption": {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BucketKeyEnabled": True,
            }
        ]
    },
    "versioning": {"Status": "Suspended"},
    "logging": {"LoggingEnabled": {"TargetBucket": "ward-logs", "TargetPrefix": "data/"}},
    "lifecycle": {
        "Rules": [
            {
                "ID": "once",
                "Filter": {"Prefix": "tmp/"},
                "Status": "Enabled",
                "Expiration": {"Date": "2030-01-01T00:00:00+00:00"},
            }
        ],
        "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    },
    "cors": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.example"]}]},
    "website": {"IndexDocument": {"Suffix": "index.html"}},
    "notification": {
        "QueueConfigurations": [
            {
                "Id": "q",
                "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q",
                "Events": ["s3:ObjectCreated:*"],
            }
        ]
    },
    "tagging": {"TagSet": [{"Key": "team", "Value": "data"}]},
    "accelerate": {"Status": "Enabled"},
    "inventory": {name: {**INVENTORY_OF, "Id": name} for name in ("daily", "weekly")},
}
"""What moto keeps and gives back (it forgets analytics, metrics, tiering and request payment)."""


# moto takes the deletion of an inventory for that of the bucket.
DELETED = [name for name in DOCUMENTS if ASPECTS[name].delete and name != "inventory"]


@pytest.fixture
def bucket(s3):
    for name in (NAME, "ward-logs"):
        s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectOwnership="ObjectWriter",
        )
    s3.put_bucket_acl(Bucket="ward-logs", ACL="log-delivery-write")


def read(*aspects):
    return Bucket.from_live(NAME, aspects, account=ACCOUNT)


def written(aspect, document):
    if aspect.keyed:
        return [put(aspect, each, key) for key, each in document.items()]
    return [put(aspect, document)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_written_is_read_back_and_simulated_alike(bucket, name):
    aspect, before = ASPECTS[name], read(*ASPECTS.values())
    simulated = before
    for call in written(aspect, DOCUMENTS[name]):
        _aws.write(call, before)
        simulated = call.apply(simulated)

    assert read(aspect)[aspect] == DOCUMENTS[name] == simulated[aspect]


@pytest.mark.parametrize("name", DELETED)
def test_what_is_deleted_is_unset(bucket, name):
    aspect, before = ASPECTS[name], read()
    for call in written(aspect, DOCUMENTS[name]):
        _aws.write(call, before)
    _aws.write(delete(aspect), before)

    assert read(aspect)[aspect] is None


def test_an_acl_is_written_as_it_was_read(bucket, s3):
    s3.put_bucket_acl(Bucket=NAME, ACL="public-read")
    before = read(ASPECTS["acl"])
    s3.put_bucket_acl(Bucket=NAME, ACL="private")
    _aws.write(put(ASPECTS["acl"], before.aspects["acl"]), before)

    assert read(ASPECTS["acl"]) == before


def test_all_twenty_aspects_of_a_new_bucket_can_be_read(bucket):
    new = read(*ASPECTS.values())

    assert len(new.aspects) == 20
    assert {name for name, document in new.aspects.items() if document} == {"acl", "ownership"}


def test_only_the_aspects_that_were_asked_for_are_read(bucket, aws):
    aws.calls.clear()
    live = read(VERSIONING)

    assert aws.operations() == ["GetBucketVersioning", "GetBucketLocation"]
    with pytest.raises(Unknown):
        live[LOGGING]


@pytest.mark.parametrize(
    ("location", "region"), [(None, "us-east-1"), ("EU", "eu-west-1"), (REGION, REGION)]
)
def test_the_region_is_that_of_the_bucket(aws, location, region):
    aws.answers["GetBucketLocation"] = {"LocationConstraint": location}

    assert read().region == region


def test_the_partition_is_that_of_the_region(aws, monkeypatch):
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(region_name="cn-north-1"))
    _aws.client.cache_clear()
    aws.answers["GetBucketLocation"] = {"LocationConstraint": "cn-north-1"}

    assert read().arn == "arn:aws-cn:s3:::ward-data"
    _aws.client.cache_clear()


def test_a_bucket_that_does_not_exist_is_named(aws):
    with pytest.raises(BucketNotFound, match="Bucket ward-data does not exist") as error:
        read(VERSIONING)
    assert error.value.bucket == NAME


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "NoSuchTagSet"])
def test_any_other_error_is_raised_as_it_is(bucket, aws, code):
    aws.answers["GetBucketPolicy"] = code

    with pytest.raises(ClientError, match=code):
        read(POLICY)


def test_all_pages_of_a_keyed_aspect_are_read(bucket, aws):
    aws.answers["ListBucketAnalyticsConfigurations"] = [
        {
            "AnalyticsConfigurationList": [{"Id": "a"}],
            "IsTruncated": True,
            "NextContinuationToken": "2",
        },
        {"AnalyticsConfigurationList": [{"Id": "b"}], "IsTruncated": False},
    ]

    assert read(ANALYTICS)[ANALYTICS] == {"a": {"Id": "a"}, "b": {"Id": "b"}}
    first, second = aws.parameters("ListBucketAnalyticsConfigurations")
    assert second == {**first, "ContinuationToken": "2"}


def test_dates_are_read_as_text(bucket, aws):
    rule = {"ID": "r", "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)}}
    aws.answers["GetBucketLifecycleConfiguration"] = {"Rules": [rule]}

    (read_rule,) = read(LIFECYCLE)[LIFECYCLE]["Rules"]
    assert read_rule["Expiration"] == {"Date": "2030-01-01T00:00:00+00:00"}


def test_a_region_without_acceleration_has_it_off(bucket, aws):
    aws.answers["GetBucketAccelerateConfiguration"] = "MethodNotAllowed"

    assert read(ACCELERATE)[ACCELERATE] is None


def test_every_write_names_bucket_and_owner(bucket, aws):
    aws.calls.clear()
    _aws.write(put(INVENTORY, {**INVENTORY_OF, "Id": "daily"}, "daily"), read())

    (request,) = aws.parameters("PutBucketInventoryConfiguration")
    assert (request["Bucket"], request["ExpectedBucketOwner"]) == (NAME, ACCOUNT)


def test_every_operation_is_one_of_boto3s(s3):
    for operation in (*operations().values(), LOCATION):
        assert s3.meta.method_to_api_mapping[operation.method] == operation.name


def test_every_document_is_what_the_write_operation_takes(s3):
    for aspect in ASPECTS.values():
        members = s3.meta.service_model.operation_model(aspect.put.name).input_shape.members
        assert aspect.argument in members
        assert "ExpectedBucketOwner" in members
        output = s3.meta.service_model.operation_model(aspect.get.name).output_shape.members
        assert aspect.member is None or aspect.member in output


class TestAnAssumedRole:
    ROLE = f"arn:aws:iam::{ACCOUNT}:role/reporter"

    def token(self, lifetime):
        expiry = datetime.now(UTC) + lifetime
        return {
            "Credentials": {
                "AccessKeyId": "ASIAXXXXXXXXXXXXXXXX",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": expiry,
            }
        }

    @pytest.mark.parametrize(
        ("lifetime", "assumed"), [(timedelta(hours=1), 1), (timedelta(seconds=60), 3)]
    )
    def test_is_renewed_when_its_credentials_run_out(self, aws, lifetime, assumed):
        aws.answers["AssumeRole"] = lambda _: self.token(lifetime)
        config = _aws.client("config", None, f"{self.ROLE}-{assumed}")
        for _ in range(3):
            config.describe_configuration_recorders()

        assert aws.operations("sts") == ["AssumeRole"] * assumed

    def test_is_assumed_in_the_partition_of_the_functions_region(self, aws, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
        urls = []
        aws.answers["AssumeRole"] = lambda _: (
            urls.append(aws.clients[-1]) or self.token(timedelta(hours=1))
        )
        _aws.client("config", "cn-north-1", "arn:aws-cn:iam::1:role/r").describe_config_rules()

        assert urls == [("sts", "cn-north-1")]
