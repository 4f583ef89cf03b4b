"""The exact revert against S3: each aspect from a realistic document, as S3 returns it."""

import pytest

from bucketward import Bucket, _aws
from bucketward.aspects import ASPECTS
from bucketward.calls import delete, put
from bucketward.drift import drifted, same
from bucketward.restore import restoring
from estate import ACCOUNT, REGION
from local.drift_documents import DOCUMENTS

NAME = "acme-data"
CASES = [
    pytest.param(name, approved, other, id=f"{name}-{index}")
    for name, (approved, others) in DOCUMENTS.items()
    for index, other in enumerate(others)
]
NEEDS_VERSIONS = ("replication", "object_lock")


@pytest.fixture
def account(open_account):
    account = open_account()
    s3 = account.client("s3")
    for name in (NAME, "acme-logs", "acme-logs-of-mallory"):
        s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectOwnership="ObjectWriter",
        )
        if name != NAME:
            s3.put_bucket_acl(Bucket=name, ACL="log-delivery-write")
    return account


def live() -> Bucket:
    return Bucket.from_live(NAME, ASPECTS.values(), account=ACCOUNT)


def snapshot(account):
    """Return what S3 returns; the order in which it lists configurations is its own."""
    found = account.snapshot(NAME)
    for name, aspect in ASPECTS.items():
        if aspect.keyed:
            found[name] = sorted(found[name] or (), key=lambda each: each["Id"])
    return found


def write(name, document):
    """Make a document the bucket's, as somebody would by hand."""
    aspect, bucket = ASPECTS[name], live()
    if callable(document):
        document = document(NAME)
    if not aspect.keyed:
        _aws.write(delete(aspect) if document is None else put(aspect, document), bucket)
        return
    for key in bucket[aspect] or {}:
        _aws.write(delete(aspect, key), bucket)
    for key, each in (document or {}).items():
        _aws.write(put(aspect, each, key), bucket)


def prepare(name):
    if name in NEEDS_VERSIONS:
        write("versioning", {"Status": "Enabled"})
    if name == "acl":
        write("public_access_block", None)  # else S3 takes no public ACL


def restored(bucket, approved):
    calls, left = restoring(bucket, approved, ASPECTS.values())
    for call in calls:
        _aws.write(call, bucket)
    return calls, left


def test_every_aspect_has_a_document():
    assert DOCUMENTS.keys() == ASPECTS.keys()
    assert len(DOCUMENTS["policy"][0](NAME)) > 19_500


@pytest.mark.parametrize(("name", "document", "other"), CASES)
def test_each_aspect_is_restored_to_what_s3_returned(account, name, document, other):
    prepare(name)
    write(name, document)
    before = snapshot(account)
    approved = live()
    write(name, other)
    changed = live()
    assert drifted(changed, approved.aspects) == (ASPECTS[name],)

    calls, left = restored(changed, approved.aspects)

    assert left == ()
    assert {call.aspect.name for call in calls} == {name}
    assert snapshot(account) == before
    assert live().aspects == approved.aspects
    assert restoring(live(), approved.aspects, ASPECTS.values()) == ((), ())


def test_an_attack_on_all_aspects_at_once_is_undone(account):
    for name in ("versioning", *DOCUMENTS):
        if name not in {"acl", "request_payment"}:
            write(name, DOCUMENTS[name][0])
    approved, before = live(), snapshot(account)
    for name, (_, others) in reversed(DOCUMENTS.items()):
        if name not in {"versioning", "acl", "request_payment"}:
            write(name, others[0])
    write("acl", DOCUMENTS["acl"][1][1])
    assert len(drifted(live(), approved.aspects)) == 18

    calls, left = restored(live(), approved.aspects)

    assert left == ()
    assert calls[0].operation.name == "PutPublicAccessBlock"
    assert snapshot(account) == before


def test_only_the_configurations_that_differ_are_written(account):
    document, others = DOCUMENTS["inventory"]
    write("inventory", document)
    approved = live()
    write("inventory", others[0])

    calls, _ = restored(live(), approved.aspects)

    named = [(call.operation.name[:3], call.key) for call in calls]
    assert named == [("Del", "own"), ("Put", "all"), ("Put", "tmp")]


def test_what_aws_tagged_stays_and_is_reported(account):
    write("tagging", DOCUMENTS["tagging"][0])
    approved = live()
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "acme"}]
    account.internal("s3").put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": tags})

    _, left = restored(live(), approved.aspects)

    now = live().aspects["tagging"]["TagSet"]
    assert now == [*approved.aspects["tagging"]["TagSet"], *tags]
    assert [each.aspect.name for each in left] == ["tagging"]
    assert not same(ASPECTS["tagging"], {"TagSet": now}, approved.aspects["tagging"])
