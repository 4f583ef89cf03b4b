"""What the machine wrote down is found again: by event, by bucket, by actor, by id."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseline.samples import BUCKET, DEPLOYER, at, change, entry, huge
from bucketward import _aws
from bucketward.baseline.journal import JournalEntry
from bucketward.baseline.records import CHANGES_KEPT, JOURNAL_KEPT, Records
from bucketward.baseline.seen import SeenChange
from bucketward.changes import Change
from bucketward.errors import BadInput, Conflict


def standing(of, **values):
    names = SeenChange.__dataclass_fields__
    return SeenChange(**{name: getattr(of, name) for name in names} | values)


def test_a_change_is_to_be_dealt_with_until_it_was(records):
    one = change(1)
    assert records.first_seen(one) is True
    assert records.first_seen(one) is True  # delivered again after a crash half-way

    done = standing(one, standing="unauthorised", findings=("policy-public",))
    records.mark(done)

    assert records.first_seen(one) is False
    assert list(records.changes(BUCKET)) == [done]


def test_a_standing_can_be_corrected(records):
    records.mark(change(1, standing="unknown-actor"))
    records.mark(change(1, standing="authorised"))
    assert [each.standing for each in records.changes(BUCKET)] == ["authorised"]


def test_changes_are_newest_first_by_aspect_and_since(records):
    order = [3, 1, 4, 2]
    for seconds in order:
        records.first_seen(change(seconds, aspect="acl" if seconds % 2 else "policy"))
    records.first_seen(change(9, bucket="other"))
    records.first_seen(change(9, bucket=""))

    def found(*asked, **kwargs):
        return [each.event_id for each in records.changes(*asked, **kwargs)]

    assert found(BUCKET) == ["event-4", "event-3", "event-2", "event-1"]
    assert found(BUCKET, "acl") == ["event-3", "event-1"]
    assert found(BUCKET, since=at(3)) == ["event-4", "event-3"]
    assert found(BUCKET, "policy", at(3)) == ["event-4"]
    assert found("") == ["event-9"]
    assert found("nothing") == []


def test_changes_of_one_principal_to_any_bucket(records):
    for seconds, bucket in enumerate(("abc", "abd", "abc", "")):
        records.first_seen(change(seconds, bucket=bucket, error_code="AccessDenied"))
    records.first_seen(change(8, principal=f"{DEPLOYER}-2"))
    records.first_seen(change(9, principal=""))  # nobody is proven to have done it

    found = list(records.changes_by(DEPLOYER))
    assert [each.event_id for each in found] == ["event-3", "event-2", "event-1", "event-0"]
    assert [each.event_id for each in records.changes_by(DEPLOYER, since=at(2))] == [
        "event-3",
        "event-2",
    ]
    assert [each.principal for each in records.changes(BUCKET)] == ["", f"{DEPLOYER}-2"]


def test_changes_over_several_pages(records, calls):
    text = "x" * 250_000
    for seconds in range(9):
        records.first_seen(change(seconds, actor=text))
    calls.clear()

    assert [each.time for each in records.changes(BUCKET)] == [
        at(each) for each in range(8, -1, -1)
    ]
    assert calls.count("Query") == 3
    calls.clear()
    assert next(records.changes(BUCKET)).event_id == "event-8"
    assert calls.count("Query") == 1


def test_a_change_is_taken_from_a_record(records):
    record = {
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketPolicy",
        "eventTime": "2026-01-02T03:04:05Z",
        "eventID": "11111111-2222-3333-4444-555555555555",
        "errorCode": "AccessDenied",
        "requestParameters": {"bucketName": BUCKET},
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:\ud83e",
            "sessionContext": {"sessionIssuer": {"arn": DEPLOYER}},
        },
    }
    seen = SeenChange.from_change(Change.from_record(record))
    assert (seen.aspect, seen.principal, seen.error_code) == ("policy", DEPLOYER, "AccessDenied")

    records.first_seen(seen)

    assert next(records.changes(BUCKET)) == seen

    with pytest.raises(BadInput, match="no eventID"):
        SeenChange.from_change(Change.from_record({**record, "eventID": ""}))


def test_everything_but_checkpoints_expires(records, rows):
    records.first_seen(change(1))
    records.record(entry(1, before={"lifecycle": huge(12_000)}))
    records.acquire(BUCKET, "bucket_drift", 60, "me")
    records.keep("reconciler", {"after": BUCKET})

    expiries = {
        item["subject"]["S"].partition("#")[0]: item.get("expires", {}).get("N")
        for item in rows.all("Records")
    }
    journal = str(int((at(1) + JOURNAL_KEPT).timestamp()))
    assert expiries.pop("change") == str(int((at(1) + CHANGES_KEPT).timestamp()))
    assert expiries.pop("lease").isdigit()
    assert expiries == {"journal": journal, "part": journal, "checkpoint": None}


def test_an_entry_of_the_journal_is_found_by_its_id_alone(records):
    one, other = entry(1), entry(1)
    assert one.id != other.id
    assert one.id.startswith("20260102T030406.000000Z-")
    assert one.id.endswith(f"-{BUCKET}")
    for each in (one, other, one):
        records.record(each)

    assert records.entry(one.id) == one
    assert records.entry(entry(1).id) is None
    assert len(list(records.journal(BUCKET))) == 2


@pytest.mark.parametrize(
    "wrong", ["", "x", BUCKET, "2026-01-02-abc", "20260102T030405Z-12345678-abc"]
)
def test_what_is_no_id_is_refused(records, wrong):
    with pytest.raises(BadInput, match="not the id of a journal entry"):
        records.entry(wrong)
    with pytest.raises(BadInput):
        entry(0, id=wrong or "x")


def test_an_id_is_of_its_bucket_and_time():
    one = entry(1)
    for wrong in ({"bucket": "other"}, {"time": at(2)}):
        with pytest.raises(BadInput, match="not of its bucket and time"):
            entry(1, id=one.id, **wrong) if "time" not in wrong else entry(2, id=one.id)


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=2, unique_by=at))
def test_ids_sort_as_the_times_do(seconds):
    first, second = sorted(seconds)
    assert entry(first).id < entry(second).id


def test_the_journal_is_newest_first_by_bucket_control_and_since(records):
    made = {}
    for seconds, (bucket, control) in enumerate(
        [("abc", "a"), ("abd", "b"), ("abc", "b"), ("abd", "a"), ("abc", "a")]
    ):
        made[seconds] = entry(seconds, bucket=bucket, control=control)
        records.record(made[seconds])
    records.first_seen(change(3, bucket="abc"))

    def found(**asked):
        return [int((each.time - at(0)).total_seconds()) for each in records.journal(**asked)]

    assert found() == [4, 3, 2, 1, 0]
    assert found(bucket="abc") == [4, 2, 0]
    assert found(control="a") == [4, 3, 0]
    assert found(bucket="abc", control="a", since=at(1)) == [4]
    assert found(since=at(2)) == [4, 3, 2]
    assert next(records.journal(bucket="abd")) == made[3]


def test_large_values_before_and_after_are_kept(records, rows):
    one = entry(
        1,
        before={"lifecycle": huge(12_000), "policy": " {}\n"},
        after={"lifecycle": None, "policy": None},
    )
    records.record(one)

    assert len(rows.all("Records")) > 2
    assert records.entry(one.id) == one
    assert list(records.journal()) == [one]
    assert list(records.journal(BUCKET)) == [one]


def test_a_revert_is_undone_once(records):
    one = entry(1)
    records.record(one)

    records.undone(one.id, "alice")

    assert records.entry(one.id).undone_by == "alice"
    for entry_id in (one.id, entry(2).id):
        with pytest.raises(Conflict, match="undone already, or is not"):
            records.undone(entry_id, "bob")
    assert records.entry(one.id).undone_by == "alice"


def test_an_unreadable_entry_is_told_of(aws, records):
    one = entry(1)
    records.record(one)
    key = {"subject": {"S": f"journal#{BUCKET}"}, "entry": {"S": one.id}}
    item = aws.dynamodb.get_item(TableName="Records", Key=key)["Item"]
    for wrong in (
        {"document": {"B": b"x"}},
        {"calls": {"S": "x"}},
        {"bucket": {"S": "other"}},
        {"id": {"S": entry(2).id}, "time": {"S": "2026-01-02T03:04:07.000000Z"}},
        {"time": {"N": "1"}},
    ):
        aws.dynamodb.put_item(TableName="Records", Item={**item, **wrong})
        with pytest.raises(BadInput):
            records.entry(one.id)


class Clock:
    def __init__(self):
        self.now = at(0)

    def __call__(self):
        return self.now


def test_a_lease_is_one_owners_until_it_is_given_back_or_over(aws):
    clock = Clock()
    records = Records("Records", clock)

    assert records.acquire(BUCKET, "bucket_drift", 60, "first") is True
    assert records.acquire(BUCKET, "bucket_drift", 60, "second") is False
    assert records.acquire(BUCKET, "bucket_drift", 60, "first") is True  # tried again
    assert records.acquire(BUCKET, "bucket_policy_public", 60, "second") is True
    assert records.acquire("other", "bucket_drift", 60, "second") is True

    clock.now += timedelta(seconds=59.999)
    assert records.acquire(BUCKET, "bucket_drift", 60, "second") is False
    clock.now += timedelta(seconds=0.001)
    assert records.acquire(BUCKET, "bucket_drift", 60, "second") is True
    assert records.release(BUCKET, "bucket_drift", "first") is False  # too late: it is another's
    assert records.acquire(BUCKET, "bucket_drift", 60, "first") is False

    assert records.release(BUCKET, "bucket_drift", "second") is True
    assert records.release(BUCKET, "bucket_drift", "second") is False
    assert records.acquire(BUCKET, "bucket_drift", 60, "first") is True


def test_a_checkpoint_is_what_was_kept_last(records):
    assert records.checkpoint("reconciler") is None
    for value in ({"after": "abc", "done": 1.5, "empty": []}, {"after": "abd"}, None):
        records.keep("reconciler", value)
        assert records.checkpoint("reconciler") == value
    assert records.checkpoint("other") is None


def test_what_aws_refuses_is_raised(aws, records, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)

    def refuse(**_):
        raise _aws.ClientError({"Error": {"Code": "AccessDeniedException"}}, "operation")

    aws.dynamodb.meta.events.register("before-call.dynamodb.*", refuse)
    for action in (
        lambda: records.first_seen(change()),
        lambda: records.mark(change()),
        lambda: list(records.changes(BUCKET)),
        lambda: list(records.changes_by(DEPLOYER)),
        lambda: records.record(entry()),
        lambda: records.entry(entry().id),
        lambda: list(records.journal()),
        lambda: records.undone(entry().id, "alice"),
        lambda: records.acquire(BUCKET, "a", 1, "me"),
        lambda: records.release(BUCKET, "a", "me"),
        lambda: records.checkpoint("a"),
        lambda: records.keep("a", 1),
    ):
        with pytest.raises(_aws.ClientError, match="AccessDenied"):
            action()


def test_entries_are_values():
    assert JournalEntry.from_item(entry(1, id=(one := entry(1)).id).to_item()) == one
    assert SeenChange.from_item(change(1).to_item()) == change(1)
