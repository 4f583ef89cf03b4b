"""A record in any of CloudTrail's shapes becomes the same change."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bucketward.changes import Change, classify, records
from bucketward.errors import BadInput

Make = Callable[..., dict[str, Any]]
BUCKET = "amzn-s3-demo-bucket"


def test_a_change_says_who_did_what_to_which_aspect_and_when(record: Make):
    change = Change.from_record(record("PutBucketLifecycle", sharedEventID="shared"))
    assert change.event_id == "5a1f0d0e-0000-4000-8000-000000000001"
    assert change.shared_event_id == "shared"
    assert change.time == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert change.event_name == "PutBucketLifecycle"
    assert change.actor.issuer == "arn:aws:iam::111122223333:role/teams/Storage"
    assert change.bucket == BUCKET
    assert change.account == change.recipient_account == "111122223333"
    assert change.aspect == "lifecycle"
    assert change.region == "eu-west-1"
    assert change.write
    assert not change.failed


def test_an_envelope_is_read_as_its_record(record: Make):
    bare = record("DeleteBucketPolicy")
    envelope = {
        "version": "0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.s3",
        "account": "111122223333",
        "region": "eu-west-1",
        "resources": [],
        "detail": bare,
    }
    assert Change.from_record(envelope) == Change.from_record(bare)
    assert classify(envelope) == classify(bare)


def test_a_change_is_classified_like_its_record(record: Make):
    written = record("PutBucketAcl", {"x-amz-acl": "public-read"})
    assert classify(Change.from_record(written)) == classify(written)


def test_an_old_record_wraps_headers_and_queries_in_lists_and_spells_host_small(record: Make):
    old = record(
        "PutBucketAcl",
        eventVersion="1.03",
        requestParameters={
            "bucketName": BUCKET,
            "host": [f"{BUCKET}.s3.eu-west-1.amazonaws.com"],
            "acl": [""],
            "x-amz-acl": ["public-read"],
        },
        readOnly=None,
        managementEvent=None,
        eventCategory=None,
        resources=None,
    )
    new = record("PutBucketAcl", {"acl": "", "x-amz-acl": "public-read"})
    assert Change.from_record(old) == Change.from_record(new)
    assert classify(old) == classify(new)


@pytest.mark.parametrize(
    ("parameters", "resources", "bucket"),
    [
        ({"bucketName": "one", "Host": "two.s3.amazonaws.com"}, ["three"], "one"),
        ({"bucketName": "", "bucket": "two"}, ["three"], "two"),
        ({"bucketName": ["one"]}, [], "one"),
        ({"Host": "two.s3.amazonaws.com"}, ["three"], "three"),
        ({"Host": "with.dots.s3.eu-west-1.amazonaws.com"}, [], "with.dots"),
        ({"Host": "two-old.s3-eu-west-1.amazonaws.com"}, [], "two-old"),
        ({"Host": "two.s3.dualstack.eu-west-1.amazonaws.com.cn"}, [], "two"),
        ({"Host": "s3.eu-west-1.amazonaws.com"}, [], None),
        ({"Host": "111122223333.s3-control.eu-west-1.amazonaws.com"}, [], None),
        ({"resourceArn": "arn:aws-cn:s3:::tagged"}, [], "tagged"),
        ({"resourceArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"}, [], None),
        (None, ["three"], "three"),
        (None, None, None),
    ],
)
def test_the_bucket_is_named_in_one_of_several_places(
    parameters: object, resources: list[str] | None, bucket: str | None, record: Make
):
    listed = resources and [{"ARN": f"arn:aws:s3:::{name}"} for name in resources]
    written = record("PutBucketCors", requestParameters=parameters, resources=listed)
    assert Change.from_record(written).bucket == bucket


def test_the_owner_of_the_bucket_is_not_the_caller_of_another_account(record: Make):
    written = record("PutBucketPolicy", recipientAccountId="444455556666")
    written["userIdentity"]["accountId"] = "444455556666"
    change = Change.from_record(written)
    assert (change.account, change.recipient_account) == ("111122223333", "444455556666")


def test_the_owner_of_an_account_level_setting_is_in_the_host(record: Make):
    written = record(
        "PutAccountPublicAccessBlock",
        requestParameters={"Host": "444455556666.s3-control.eu-west-1.amazonaws.com"},
        resources=None,
    )
    change = Change.from_record(written)
    assert (change.account, change.bucket) == ("444455556666", None)
    assert change.aspect == "account_public_access_block"


def test_account_ids_get_back_the_zeros_that_numbers_lose(record: Make):
    written = record("PutBucketCors", recipientAccountId=11112222333, resources=None)
    assert Change.from_record(written).recipient_account == "011112222333"


@pytest.mark.parametrize(
    ("changed", "write"),
    [
        ({}, True),
        ({"readOnly": True}, False),
        ({"readOnly": "true"}, False),
        ({"readOnly": None}, True),
        ({"eventSource": "s3express.amazonaws.com"}, False),
        ({"eventName": "ListBuckets", "readOnly": None}, False),
        ({"eventName": "Getaway", "readOnly": None}, True),
        ({"eventName": "JobStatusChanged", "eventType": "AwsServiceEvent"}, False),
    ],
)
def test_a_write_is_told_by_the_record_or_else_by_the_verb(
    changed: dict[str, object], record: Make, *, write: bool
):
    assert Change.from_record(record("PutBucketCors", **changed)).write is write


@pytest.mark.parametrize(
    ("code", "message", "failed", "denied"),
    [
        (None, None, False, False),
        ("", "", False, False),
        ("AccessDenied", "Access Denied", True, True),
        ("Client.UnauthorizedOperation", None, True, True),
        ("InvalidAccessKeyId", None, True, True),
        ("NoSuchBucket", "Access Denied", True, False),
        ("MalformedPolicy", None, True, False),
        (None, "Access Denied", True, True),
        (None, "The bucket is not empty", True, False),
        (None, "The authorized request could not be carried out", True, False),
    ],
)
def test_a_denied_call_is_told_from_one_that_failed(
    code: str | None, message: str | None, record: Make, *, failed: bool, denied: bool
):
    change = Change.from_record(record("PutBucketCors", errorCode=code, errorMessage=message))
    assert (change.failed, change.denied) == (failed, denied)


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("2026-03-04T05:06:07Z", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T06:06:07+01:00", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        (None, None),
        (7, None),
    ],
)
def test_times_are_read_in_utc_or_not_at_all(time: object, read: datetime | None, record: Make):
    assert Change.from_record(record("PutBucketCors", eventTime=time)).time == read


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "A CloudTrail record is a JSON object: pass one, or its EventBridge event."),
        ([], "A CloudTrail record is a JSON object: pass one, or its EventBridge event."),
        ("{}", "A CloudTrail record is a JSON object: pass one, or its EventBridge event."),
        ({}, "This is not a CloudTrail record: it has no eventName."),
        ({"detail": {"bucket": {}}}, "This is not a CloudTrail record: it has no eventName."),
        ({"detail": None}, "This is not a CloudTrail record: it has no eventName."),
        ({"eventName": 7}, "This is not a CloudTrail record: it has no eventName."),
        ({"eventName": "X"}, "This is not a CloudTrail record: it has no eventSource."),
        (
            {"Records": [{}]},
            "This is a CloudTrail log file: pass one of its Records at a time.",
        ),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(value: object, sentence: str):
    with pytest.raises(BadInput) as refused:
        Change.from_record(value)
    assert str(refused.value) == sentence
    with pytest.raises(BadInput):
        classify(value)


def test_records_come_alone_in_a_list_in_a_log_file_or_looked_up(record: Make):
    one, other = record("DeleteBucket"), record("DeleteBucketCors")
    looked_up = {"Events": [{"EventName": "DeleteBucket", "CloudTrailEvent": json.dumps(one)}]}
    assert records(one) == [one]
    assert records({"detail": one}) == [{"detail": one}]
    assert records([one, other]) == records({"Records": [one, other]}) == [one, other]
    assert records(looked_up) == records(looked_up["Events"][0]) == [one]


@pytest.mark.parametrize("empty", [[], {"Records": []}, {"Events": [{"CloudTrailEvent": "{"}]}])
def test_what_holds_no_record_is_refused(empty: object):
    with pytest.raises(BadInput):
        records(empty)


def test_a_change_can_be_a_key_and_shows_unpaired_surrogates_escaped(record: Make):
    change = Change.from_record(record("PutBucketCors", {"bucketName": "a\ud800"}))
    assert change.bucket == "a\\ud800"
    assert {change: 1}[change] == 1
