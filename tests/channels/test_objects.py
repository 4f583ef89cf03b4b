"""Objects of the buckets that are named: public by their ACL, or not of the stated types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward.changes.objects import (
    Upload,
    allowed_types,
    unexpected,
    unexpected_content,
    upload,
)
from bucketward.errors import BadInput
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import DeadLettered, Denied, Emitted, Invoked
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack
from channels.told import ACCOUNT, MALLORY
from local.deployment import only, template

TYPES = {"acme-in": frozenset({"pdf", "csv"})}


def created(key, bucket="acme-in"):
    """Write S3's event, as *EventBridge event message structure* has it."""
    return {
        "version": "0",
        "bucket": {"name": bucket},
        "object": {"key": key, "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184"},
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "198.51.100.7",
        "reason": "PutObject",
    }


def acl(value, bucket="acme-in", name="PutObjectAcl"):
    return {
        "eventVersion": "1.11",
        "eventSource": "s3.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-03-02T09:00:00Z",
        "eventID": "5d0d2f52-0000-4000-8000-000000000001",
        "managementEvent": False,
        "eventCategory": "Data",
        "readOnly": False,
        "recipientAccountId": ACCOUNT,
        "requestParameters": {"bucketName": bucket, "key": "a.pdf", "x-amz-acl": value},
        "userIdentity": {"type": "IAMUser", "arn": MALLORY, "accountId": ACCOUNT},
    }


@pytest.mark.parametrize(
    ("key", "fine"),
    [("a.pdf", True), ("b/c.CSV", True), ("folder/", True), ("a.pdf.exe", False), ("a", False),
     (".pdf", True), ("a.pdf/evil", False), ("a.pd\u202ef", False), ("a.", False),
     ("x.exe%2Epdf", False)],
)  # fmt: skip
def test_an_object_is_judged_by_its_extension(key, fine):
    found = Upload("acme-in", key, "1", None, "PutObject")
    assert (unexpected(found, TYPES) is None) is fine
    assert unexpected(Upload("acme-other", key, "1", None, "PutObject"), TYPES) is None


@pytest.mark.parametrize(
    ("content_type", "fine"),
    [("image/png", True), ("IMAGE/PNG; x=y", True), ("text/csv", True), ("text/html", False),
     ("image", False), ("binary/octet-stream", False), ("", False), (None, False)],
)  # fmt: skip
def test_an_object_is_judged_by_its_content_type(content_type, fine):
    types = allowed_types("acme-in=image/* Text/CSV")
    found = Upload("acme-in", "a.png", "1", None, "PutObject")
    assert (unexpected_content(found, content_type, types) is None) is fine
    other = Upload("acme-other", "a.png", "1", None, "PutObject")
    assert unexpected_content(other, content_type, types) is None


def test_the_parameter_is_read():
    assert allowed_types("acme-in=pdf .CSV; acme-web=png;") == {
        "acme-in": frozenset({"pdf", "csv"}),
        "acme-web": frozenset({"png"}),
    }
    assert allowed_types("") == {}
    for wrong in ("acme-in", "acme-in=", "=pdf", "acme-in=pdf,csv"):
        with pytest.raises(BadInput):
            allowed_types(wrong)


@given(st.recursive(st.none() | st.text(), lambda e: st.lists(e) | st.dictionaries(st.text(), e)))
def test_what_is_no_event_of_an_object_is_refused(event):
    with pytest.raises(BadInput):
        upload(event)


@pytest.fixture(scope="module")
def account():
    given = {
        "ObjectAlertBuckets": "acme-in,acme-web,acme-typed",
        "ObjectTypes": "acme-in=pdf csv",
        "ObjectContentTypes": "acme-typed=image/*",
    }
    with LocalAccount(parameters=given, edit=only(["bucket_drift"]), account=ACCOUNT) as opened:
        opened.internal("s3").create_bucket(
            Bucket="acme-typed", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield opened


CLOUDTRAIL = "AWS API Call via CloudTrail"


@pytest.mark.parametrize(
    ("kind", "detail", "alert"),
    [
        ("Object Created", created("run.exe"), "object-type-unexpected"),
        ("Object Created", created("a.pdf"), None),
        ("Object Created", created("run.exe", "acme-web"), None),
        ("Object Created", created("run.exe", "acme-unwatched"), None),
        (CLOUDTRAIL, acl("public-read"), "object-acl-public"),
        (CLOUDTRAIL, acl("public-read", name="PutObject"), "object-acl-public"),
        (CLOUDTRAIL, acl("private"), None),
        (CLOUDTRAIL, acl("public-read", "acme-unwatched"), None),
    ],
)
def test_watched_buckets_tell_of_their_objects(account, kind, detail, alert):
    account.events.clear()
    account.bus.put("aws.s3", kind, detail, [])
    account.settle()
    told = [e.detail for e in account.events if isinstance(e, Emitted) and e.source == "bucketward"]
    assert [each["id"] for each in told] == ([alert] if alert else [])
    for each in told:
        assert each["bucket"] == "acme-in"
        assert each["severity"] in {"medium", "high"}
    bad = [e for e in account.events if isinstance(e, Denied | DeadLettered)]
    assert bad + [e for e in account.events if isinstance(e, Invoked) and e.error] == []


@pytest.mark.parametrize(
    ("uploaded", "alert"),
    [("image/png", None), ("text/html", "object-type-unexpected"), (None, None)],
)
def test_the_content_type_is_read_from_the_object(account, uploaded, alert):
    account.events.clear()
    account.internal("s3").delete_object(Bucket="acme-typed", Key="a.png")
    if uploaded:
        account.internal("s3").put_object(
            Bucket="acme-typed", Key="a.png", Body=b"x", ContentType=uploaded
        )
    account.bus.put("aws.s3", "Object Created", created("a.png", "acme-typed"), [])
    account.settle()
    told = [e.detail for e in account.events if isinstance(e, Emitted) and e.source == "bucketward"]
    assert [each["id"] for each in told] == ([alert] if alert else [])
    for each in told:
        assert "has the content type text/html" in each["reason"]
    bad = [e for e in account.events if isinstance(e, Denied | DeadLettered)]
    assert bad + [e for e in account.events if isinstance(e, Invoked) and e.error] == []


@pytest.mark.parametrize(("code", "alerts", "lost"), [("400", 1, 0), ("403", 0, 1)])
def test_a_content_type_that_cannot_be_read_is_told_and_one_that_is_denied_is_not_lost(
    account, code, alerts, lost
):
    account.events.clear()
    before = len(account.logs.metrics)
    # botocore takes a 400 for a wrong Region at first, and asks once more.
    account.fail("HeadObject", code, times=2 if alerts else 3)
    account.bus.put("aws.s3", "Object Created", created("a.png", "acme-typed"), [])
    account.settle()
    told = [e.detail for e in account.events if isinstance(e, Emitted) and e.source == "bucketward"]
    unreadable = [e for e in told if "has a content type that can't be read" in e["reason"]]
    assert (len(told), len(unreadable)) == (alerts, alerts)
    assert len([e for e in account.events if isinstance(e, DeadLettered)]) == lost
    failed = [each for each in account.logs.metrics[before:] if each.name == "ChangeFailed"]
    assert bool(failed) is bool(lost)


def test_objects_may_be_read_where_their_content_type_is_asked_for_and_nowhere_else():
    def readable(**given):
        stack = Stack(template(), Place(ACCOUNT, "eu-central-1", "aws"), given)
        role = dict(stack.of_type("AWS::IAM::Role"))["ObjectMonitorRole"]
        [policy] = role["Policies"]
        return {
            each["Sid"]: each["Resource"]
            for each in policy["PolicyDocument"]["Statement"]
            if str(each["Action"]).count("s3:")
        }

    assert readable(ObjectAlertBuckets="acme-in", ObjectTypes="acme-in=pdf") == {}
    assert readable(ObjectAlertBuckets="acme-in,acme-web", ObjectContentTypes="acme-in=a/b") == {
        "ReadContentTypes": ["arn:*:s3:::acme-in/*", "arn:*:s3:::acme-web/*"],
        "TellGoneFromDenied": ["arn:*:s3:::acme-in", "arn:*:s3:::acme-web"],
    }


def test_nothing_watches_objects_by_default():
    stack = Stack(template(), Place(ACCOUNT, "eu-central-1", "aws"))
    assert not {"ObjectEvents", "ObjectMonitorFunction"} & dict(stack.resources()).keys()
