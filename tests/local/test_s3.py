"""What the stand-ins put right in moto's S3."""

import json
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.exceptions import ClientError

from bucketward.aspects import ASPECTS, ENCRYPTION
from bucketward_tools.local import NotEmulated
from local.story import create, encryption

SSE_S3 = {
    "Rules": [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
        }
    ]
}


def code(call):
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"]


@pytest.fixture
def new(open_account):
    account = open_account()
    create(account, "acme-new")
    return account


def test_a_new_bucket_is_as_s3_makes_it_since_april_2023(new):
    snapshot = new.snapshot("acme-new")
    owner = snapshot.pop("acl")
    assert [grant["Permission"] for grant in owner["Grants"]] == ["FULL_CONTROL"]
    assert {name: value for name, value in snapshot.items() if value} == {
        "public_access_block": {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
        "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "encryption": SSE_S3,
        "request_payment": {"Payer": "BucketOwner"},
    }


def test_creating_a_bucket_with_another_ownership_keeps_it(open_account):
    account = open_account()
    account.client("s3").create_bucket(
        Bucket="acme-old",
        ObjectOwnership="ObjectWriter",
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    assert account.snapshot("acme-old")["ownership"] == {
        "Rules": [{"ObjectOwnership": "ObjectWriter"}]
    }


def test_deleting_the_encryption_leaves_sse_s3(new):
    s3 = new.client("s3")
    s3.put_bucket_encryption(
        Bucket="acme-new", ServerSideEncryptionConfiguration=encryption("arn:aws:kms:x")
    )
    assert new.snapshot("acme-new")["encryption"] == encryption("arn:aws:kms:x")
    s3.delete_bucket_encryption(Bucket="acme-new")
    assert new.snapshot("acme-new")["encryption"] == SSE_S3


def test_the_bucket_key_is_off_unless_asked_for(new):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    new.client("s3").put_bucket_encryption(
        Bucket="acme-new", ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    (kept,) = new.snapshot("acme-new")["encryption"]["Rules"]
    assert kept["BucketKeyEnabled"] is False


@pytest.mark.parametrize("kind", ["Analytics", "Metrics", "IntelligentTiering"])
def test_keyed_configurations_are_kept_apart_and_deleted_one_by_one(new, kind):
    aspect = next(each for each in ASPECTS.values() if each.argument == f"{kind}Configuration")
    s3 = new.client("s3")
    documents = {
        "Analytics": {"StorageClassAnalysis": {}},
        "Metrics": {},
        "IntelligentTiering": {"Status": "Enabled", "Tierings": []},
    }
    for name in ("one", "two"):
        document = {"Id": name, **documents[kind]}
        put = {"Bucket": "acme-new", "Id": name, aspect.argument: document}
        getattr(s3, aspect.put.method)(**put)
    getattr(s3, aspect.delete.method)(Bucket="acme-new", Id="one")
    kept = new.snapshot("acme-new")[aspect.name]
    assert [each["Id"] for each in kept] == ["two"]


def test_request_payment_is_kept(new):
    new.client("s3").put_bucket_request_payment(
        Bucket="acme-new", RequestPaymentConfiguration={"Payer": "Requester"}
    )
    assert new.snapshot("acme-new")["request_payment"] == {"Payer": "Requester"}


def test_a_bucket_that_is_gone_has_no_stand_in_either(new):
    s3 = new.client("s3")
    s3.delete_bucket(Bucket="acme-new")
    for operation in (ENCRYPTION.get.method, "list_bucket_metrics_configurations"):
        assert code(lambda op=operation: getattr(s3, op)(Bucket="acme-new")) == "NoSuchBucket"


@pytest.mark.parametrize("aspect", ASPECTS.values(), ids=str)
def test_a_bucket_of_another_owner_is_refused(new, aspect):
    read = getattr(new.client("s3"), aspect.get.method)
    assert (
        code(lambda: read(Bucket="acme-new", ExpectedBucketOwner="999999999999")) == "AccessDenied"
    )


def test_calls_carry_their_actor(new):
    new.events.clear()
    bob, ann = "arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:user/ann"
    new.client("s3", bob).get_bucket_acl(Bucket="acme-new")
    with new.acting_as(ann):
        new.client("s3").get_bucket_acl(Bucket="acme-new")
        new.client("s3", bob).get_bucket_acl(Bucket="acme-new")
    assert [event.actor for event in new.events] == [bob, ann, bob]


# ---- What S3 refuses because of another setting -------------------------------------------------

EVERYONE = {
    "Type": "Group",
    "URI": "http://acs.amazonaws.com/groups/global/AllUsers",
}
PUBLIC = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
)


def acl_for(account, *grants):
    owner = account.snapshot("acme-new")["acl"]["Owner"]
    return {"Owner": owner, "Grants": [{"Grantee": g, "Permission": p} for g, p in grants]}


def own(s3, ownership):
    rules = [{"ObjectOwnership": ownership}]
    s3.put_bucket_ownership_controls(Bucket="acme-new", OwnershipControls={"Rules": rules})


def test_an_acl_is_refused_while_acls_are_off_and_while_it_is_public_and_blocked(new):
    s3, public = new.client("s3"), acl_for(new, (EVERYONE, "READ"))

    def put():
        s3.put_bucket_acl(Bucket="acme-new", AccessControlPolicy=public)

    assert code(put) == "AccessControlListNotSupported"
    own(s3, "ObjectWriter")
    assert code(put) == "AccessDenied"
    s3.delete_public_access_block(Bucket="acme-new")
    put()
    assert new.snapshot("acme-new")["acl"] == public


def test_acls_are_not_switched_off_while_they_grant_anything(new):
    s3 = new.client("s3")
    own(s3, "ObjectWriter")
    s3.delete_public_access_block(Bucket="acme-new")
    s3.put_bucket_acl(Bucket="acme-new", ACL="public-read")
    assert code(lambda: own(s3, "BucketOwnerEnforced")) == "InvalidBucketAclWithObjectOwnership"
    s3.put_bucket_acl(Bucket="acme-new", ACL="private")
    own(s3, "BucketOwnerEnforced")


def test_an_acl_in_headers_says_that_it_is_not_emulated(new):
    s3 = new.client("s3")
    own(s3, "ObjectWriter")
    with pytest.raises(NotEmulated):
        s3.put_bucket_acl(Bucket="acme-new", GrantRead="id=1")


def test_a_public_policy_is_refused_while_it_is_blocked(new):
    s3 = new.client("s3")
    assert code(lambda: s3.put_bucket_policy(Bucket="acme-new", Policy=PUBLIC)) == "AccessDenied"
    s3.delete_public_access_block(Bucket="acme-new")
    s3.put_bucket_policy(Bucket="acme-new", Policy=PUBLIC)
    assert new.snapshot("acme-new")["policy"] == PUBLIC


def test_replication_and_object_lock_need_versions_and_keep_them(new):
    s3 = new.client("s3")
    rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::b"}}
    replication = {"Role": "arn:aws:iam::111122223333:role/r", "Rules": [rule]}

    def replicate():
        s3.put_bucket_replication(Bucket="acme-new", ReplicationConfiguration=replication)

    def lock():
        enabled = {"ObjectLockEnabled": "Enabled"}
        s3.put_object_lock_configuration(Bucket="acme-new", ObjectLockConfiguration=enabled)

    def version(status):
        s3.put_bucket_versioning(Bucket="acme-new", VersioningConfiguration={"Status": status})

    assert (code(replicate), code(lock)) == ("InvalidRequest", "InvalidBucketState")
    for write in (replicate, lock):
        version("Enabled")
        write()
        assert code(lambda: version("Suspended")) == "InvalidBucketState"
        s3.delete_bucket_replication(Bucket="acme-new")
    (kept,) = replication["Rules"]
    assert "ID" not in kept


def test_only_aws_changes_its_own_tags(new):
    s3 = new.client("s3")
    theirs = {"Key": "aws:cloudformation:stack-name", "Value": "acme"}
    new.internal("s3").put_bucket_tagging(Bucket="acme-new", Tagging={"TagSet": [theirs]})
    ours = {"Key": "team", "Value": "a"}
    refused = code(lambda: s3.put_bucket_tagging(Bucket="acme-new", Tagging={"TagSet": [ours]}))
    assert refused == "InvalidTag"
    s3.put_bucket_tagging(Bucket="acme-new", Tagging={"TagSet": [theirs, ours]})
    assert new.snapshot("acme-new")["tagging"] == {"TagSet": [theirs, ours]}


def test_event_bridge_is_kept_and_a_rule_without_an_id_gets_one(new):
    notification = {
        "EventBridgeConfiguration": {},
        "QueueConfigurations": [
            {"QueueArn": "arn:aws:sqs:eu-central-1:111122223333:q", "Events": ["s3:TestEvent"]}
        ],
    }
    new.client("s3").put_bucket_notification_configuration(
        Bucket="acme-new", NotificationConfiguration=notification, SkipDestinationValidation=True
    )
    kept = new.snapshot("acme-new")["notification"]
    assert kept["QueueConfigurations"][0].pop("Id")
    assert kept == notification


# ---- ListBuckets, and buckets of others ---------------------------------------------------------


def test_buckets_are_listed_by_region_and_page_by_page(new):
    s3 = new.client("s3")
    for name in ("acme-b", "acme-c"):
        create(new, name)
    far = {"LocationConstraint": "eu-west-1"}
    there = boto3.client("s3", region_name="eu-west-1")
    there.create_bucket(Bucket="acme-far", CreateBucketConfiguration=far)

    def names(answer):
        return [each["Name"] for each in answer["Buckets"]]

    assert names(s3.list_buckets()) == ["acme-b", "acme-c", "acme-far", "acme-new"]
    assert "BucketRegion" not in s3.list_buckets()["Buckets"][0]
    first = s3.list_buckets(BucketRegion="eu-central-1", MaxBuckets=2)
    assert names(first) == ["acme-b", "acme-c"]
    assert {each["BucketRegion"] for each in first["Buckets"]} == {"eu-central-1"}
    token = first["ContinuationToken"]
    last = s3.list_buckets(BucketRegion="eu-central-1", MaxBuckets=2, ContinuationToken=token)
    assert names(last) == ["acme-new"]
    assert "ContinuationToken" not in last
    assert names(s3.list_buckets(Prefix="acme-f")) == ["acme-far"]


def test_a_foreign_bucket_answers_nobody_and_is_not_listed(new):
    new.s3.foreign.add("mallory")
    s3 = new.client("s3")
    assert code(lambda: s3.get_bucket_policy(Bucket="mallory")) == "AccessDenied"
    assert "mallory" not in {each["Name"] for each in s3.list_buckets()["Buckets"]}


def test_calls_from_many_threads_are_all_answered_and_recorded(new):
    s3, actor = new.client("s3"), new.role_arn("Administrator")
    new.events.clear()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: s3.get_bucket_encryption(Bucket="acme-new"), range(64)))
    assert all(each["ServerSideEncryptionConfiguration"] == SSE_S3 for each in found)
    calls = [event for event in new.events if event.operation == "GetBucketEncryption"]
    assert [event.actor for event in calls] == [actor] * 64
