"""What the stand-ins put right in moto's S3."""

import pytest
from botocore.exceptions import ClientError

from bucketward.aspects import ASPECTS, ENCRYPTION
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
