"""What a report tells of each revert: who made the drift that it ended, and how long that was."""

import pytest

from baseline.samples import at, change, entry
from bucketward_tools.report.reverts import read

OPEN = "unauthorised"


def told(records, *changes, reverted=(100,)):
    for each in changes:
        records.mark(each)
    for seconds in reverted:
        records.record(entry(seconds))
    return read(records)


def names(revert):
    return [each.event_id for each in revert.changes]


def test_drift_lasts_from_the_first_change_that_was_put_back(records):
    acl = change(20, aspect="acl", event_name="PutBucketAcl", actor="eve", standing="unknown")
    [revert] = told(records, change(10, standing=OPEN), acl, change(30, standing=OPEN))
    assert revert.changes == (change(10, standing=OPEN), acl, change(30, standing=OPEN))
    shown = revert.to_dict()
    assert (shown["began"], shown["ended"]) == (at(10).isoformat(), at(100).isoformat())
    assert shown["who"] == [change().actor, "eve"]
    assert shown["what"] == ["PutBucketPolicy", "PutBucketAcl"]
    assert shown["diffs"][0] == [
        "--- policy as changed", "+++ policy put back", "@@ -1,3 +0,0 @@",
        "-{", '-  "Version": "2012-10-17"', "-}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"aspect": "tagging", "standing": OPEN},
        {"error_code": "AccessDenied", "standing": "failed-attempt"},
        {"bucket": "another-bucket", "standing": OPEN},
        {"time": at(101), "standing": OPEN},
        {"standing": "self"},
    ],
)
def test_what_was_not_put_back_made_no_drift(records, other):
    [revert] = told(records, change(10, **other), change(50, standing=OPEN))
    assert names(revert) == ["event-50"]


def test_what_the_baseline_followed_and_what_was_before_it_is_not_drift(records):
    changes = (change(each, standing=of) for each, of in ((10, OPEN), (20, "authorised")))
    [revert] = told(records, *changes, change(30, standing=OPEN))
    assert names(revert) == ["event-30"]


def test_each_revert_has_the_changes_since_the_one_before(records):
    changes = (change(each, standing=OPEN) for each in (10, 110))
    own = change(100, event_id="own", standing="self")
    assert [names(each) for each in told(records, *changes, own, reverted=(100, 200))] == [
        ["event-110"], ["event-10"],
    ]  # fmt: skip


def test_without_a_change_that_is_known_the_journal_says_whose_it_was(records):
    [revert] = told(records)
    assert revert.to_dict()["began"] is None
    assert revert.to_dict()["who"] == ["mallory"]


def test_a_bucket_that_was_made_again_names_who_deleted_it(records):
    gone = change(40, event_name="DeleteBucket", aspect="bucket", standing=OPEN)
    records.record(entry(90, before={}, after={}, calls=("CreateBucket",)))
    [revert] = told(records, change(10, standing=OPEN), gone, reverted=())
    assert revert.changes == (gone,)
    assert revert.to_dict()["diffs"] == []
