"""Whole items: their forms, what they leave out, and what is none."""

import json
from contextlib import suppress

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward import (
    ACL,
    INVENTORY,
    LIFECYCLE,
    OWNERSHIP,
    POLICY,
    TAGGING,
    VERSIONING,
    BadInput,
    Bucket,
    Unknown,
)
from bucketward.aspects import ASPECTS
from framework.samples import ACCOUNT, NAME, OWNER, REGION, history, item

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_an_item_of_a_notification_says_whose_bucket_it_is():
    bucket = Bucket.from_configuration_item(item())

    assert (bucket.name, bucket.account, bucket.region, bucket.partition) == (
        NAME,
        ACCOUNT,
        REGION,
        "aws",
    )


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_the_partition_is_that_of_the_arn(partition):
    source = {**item(), "ARN": f"arn:{partition}:s3:::{NAME}"}

    assert Bucket.from_configuration_item(source).arn == f"arn:{partition}:s3:::{NAME}"


def test_the_history_form_is_the_same_bucket():
    source = item(BucketVersioningConfiguration={"status": "Enabled", "isMfaDeleteEnabled": None})

    assert Bucket.from_configuration_item(history(source)) == Bucket.from_configuration_item(source)


def test_parts_that_are_one_json_string_are_read():
    source = item()
    source["supplementaryConfiguration"] = json.dumps(source["supplementaryConfiguration"])

    assert Bucket.from_configuration_item(source)[ACL]["Owner"] == {"ID": OWNER}


def test_unknown_keys_are_left_alone():
    source = {**item(BucketMetadataConfiguration={"new": 1}), "recordingFrequency": "CONTINUOUS"}

    assert Bucket.from_configuration_item(source) == Bucket.from_configuration_item(item())


@pytest.mark.parametrize("aspect", [OWNERSHIP, INVENTORY])
def test_an_aspect_that_aws_config_never_records_is_unknown_not_unset(aspect):
    bucket = Bucket.from_configuration_item(item())

    assert aspect not in bucket
    with pytest.raises(Unknown, match=f"{aspect} of bucket {NAME} was not read"):
        bucket[aspect]


@pytest.mark.parametrize(("aspect", "key"), [(VERSIONING, "BucketVersioningConfiguration")])
def test_an_aspect_that_every_item_has_is_unknown_where_it_is_missing(aspect, key):
    bucket = Bucket.from_configuration_item(item(key))

    assert aspect not in bucket
    with pytest.raises(Unknown):
        bucket[aspect]


def test_an_aspect_that_only_some_items_have_is_unset_where_it_is_missing():
    bucket = Bucket.from_configuration_item(item())

    assert bucket[LIFECYCLE] is None
    assert bucket[TAGGING] is None


def test_asking_whether_an_aspect_is_known_does_not_read_it():
    assert POLICY in Bucket.from_configuration_item(item(BucketPolicy="no JSON"))


def test_replacing_an_aspect_leaves_the_others_unread():
    bucket = Bucket.from_configuration_item(item(BucketPolicy="no JSON"))

    changed = bucket.replacing(VERSIONING, {"Status": "Enabled"})
    assert changed[VERSIONING] == {"Status": "Enabled"}
    assert bucket[VERSIONING] is None
    with pytest.raises(BadInput):
        changed[POLICY]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([], "not a JSON object"),
        ({**item(), "resourceType": "AWS::EC2::Volume"}, "of 'AWS::EC2::Volume'"),
        ({**item(), "resourceType": {"a": 1}}, "expected AWS::S3::Bucket"),
        ({**item(), "resourceName": None, "resourceId": None}, "names no bucket"),
        ({**item(), "resourceName": 5}, "names no bucket"),
        ({**item(), "supplementaryConfiguration": None}, "no supplementaryConfiguration"),
        ({**item(), "supplementaryConfiguration": "{"}, "supplementaryConfiguration is not JSON"),
    ],
)
def test_what_is_not_the_item_of_a_bucket_is_bad_input(source, message):
    with pytest.raises(BadInput, match=message):
        Bucket.from_configuration_item(source)


KEYS = st.sampled_from([a.item_key for a in ASPECTS.values() if a.item_key])
FIELDS = st.sampled_from([*item(), "arn", "accountId"])


@given(JSON | st.dictionaries(FIELDS, JSON))
def test_anything_else_is_bad_input_and_never_another_error(source):
    with pytest.raises(BadInput):
        Bucket.from_configuration_item(source)


@given(st.dictionaries(KEYS, JSON), st.dictionaries(FIELDS, JSON))
def test_any_part_is_read_or_bad_input(parts, fields):
    fields = {key: value for key, value in fields.items() if not key.startswith("resource")}
    bucket = Bucket.from_configuration_item(
        {**item(**parts), **fields, "supplementaryConfiguration": parts}
    )

    for aspect in ASPECTS.values():
        if aspect in bucket:
            with suppress(BadInput):
                json.dumps(bucket[aspect])
        else:
            assert aspect.item_key not in parts


class TestMoto:
    """moto's own items, which differ from AWS Config's in details."""

    @pytest.fixture
    def bucket(self, s3):
        where = {"LocationConstraint": REGION}
        s3.create_bucket(
            Bucket=NAME, CreateBucketConfiguration=where, ObjectOwnership="ObjectWriter"
        )
        s3.create_bucket(
            Bucket="ward-logs", CreateBucketConfiguration=where, ObjectOwnership="ObjectWriter"
        )
        s3.put_bucket_acl(Bucket="ward-logs", ACL="log-delivery-write")
        s3.put_bucket_logging(
            Bucket=NAME,
            BucketLoggingStatus={
                "LoggingEnabled": {"TargetBucket": "ward-logs", "TargetPrefix": "data/"}
            },
        )
        s3.put_bucket_policy(Bucket=NAME, Policy='{"Version":"2012-10-17","Statement":[]}')
        s3.put_public_access_block(
            Bucket=NAME, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
        )
        s3.put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        s3.put_bucket_notification_configuration(
            Bucket=NAME,
            NotificationConfiguration={
                "QueueConfigurations": [
                    {
                        "Id": "q",
                        "QueueArn": "arn:aws:sqs:eu-central-1:111122223333:q",
                        "Events": ["s3:ObjectCreated:*"],
                        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "x"}]}},
                    }
                ]
            },
        )
        s3.put_bucket_lifecycle_configuration(
            Bucket=NAME,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "tiers",
                        "Status": "Enabled",
                        "Filter": {"And": {"Prefix": "x", "Tags": [{"Key": "k", "Value": "v"}]}},
                        "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}],
                        "NoncurrentVersionTransitions": [
                            {"NoncurrentDays": 3, "StorageClass": "GLACIER"}
                        ],
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                    },
                    {
                        "ID": "markers",
                        "Status": "Disabled",
                        "Filter": {},
                        "Expiration": {"ExpiredObjectDeleteMarker": True},
                    },
                    {
                        "ID": "date",
                        "Status": "Enabled",
                        "Prefix": "old/",
                        "Expiration": {"Date": "2030-01-01T00:00:00Z"},
                    },
                ]
            },
        )

    RECORDED = ("policy", "public_access_block", "tagging", "notification", "logging")

    def test_the_item_says_what_s3_says(self, bucket):
        config = boto3.client("config", REGION)
        page = config.get_resource_config_history(resourceType="AWS::S3::Bucket", resourceId=NAME)
        recorded = Bucket.from_configuration_item(page["configurationItems"][0])
        live = Bucket.from_live(NAME, ASPECTS.values(), account=ACCOUNT)

        for aspect in self.RECORDED:
            assert recorded.aspects[aspect] == live.aspects[aspect] is not None
        assert recorded.aspects["lifecycle"]["Rules"] == live.aspects["lifecycle"]["Rules"]
        assert recorded.aspects["acl"]["Grants"] == live.aspects["acl"]["Grants"]
        assert (recorded.account, recorded.region) == (live.account, live.region)

    def test_the_item_of_a_batch_is_the_same(self, bucket):
        config = boto3.client("config", REGION)
        key = {"resourceType": "AWS::S3::Bucket", "resourceId": NAME}
        page = config.get_resource_config_history(**key)
        batch = config.batch_get_resource_config(resourceKeys=[key])

        assert Bucket.from_configuration_item(
            batch["baseConfigurationItems"][0]
        ) == Bucket.from_configuration_item(page["configurationItems"][0])
