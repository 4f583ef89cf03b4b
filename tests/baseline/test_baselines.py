"""What is approved now, and what was: in any order, of any size, in the face of others."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baseline.samples import ACCOUNT, BUCKET, POLICY, approval, at, huge
from baseline.tables import make_table
from bucketward import _aws
from bucketward.aspects import ASPECTS
from bucketward.baseline.baselines import Baselines
from bucketward.errors import BadInput, Conflict

FRESH = count()


def now(baselines, bucket=BUCKET, aspect="versioning"):
    return baselines.approved(bucket).get(aspect)


def events(baselines, bucket=BUCKET, aspect="versioning"):
    return [past.approval.event_id for past in baselines.history(bucket, aspect)]


def test_nothing_is_approved_at_first(baselines):
    assert baselines.approved(BUCKET) == {}
    assert list(baselines.history(BUCKET, "versioning")) == []
    assert baselines.buckets() == []


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"Rules": []},
        POLICY,
        "",
        {"Days": 1, "Ratio": 0.1, "Big": 2**70, "Empty": "", "Flag": True, "Null": None},
        {"Bytes": "\x00\x7f\ud800", "Nested": [[], {"a": {"b": [1.5e300]}}]},
    ],
)
def test_a_document_comes_back_as_it_was(baselines, document):
    given_one = approval(document=document, aspect="policy", reason="ticket 7")

    assert baselines.approve(given_one) is True

    back = baselines.approved(BUCKET)["policy"]
    assert back == given_one
    assert repr(back.document) == repr(document)  # the order of members and 1 for 1, not 1.0


@pytest.mark.parametrize("document", [{1: "a"}, {"a": {2}}, b"", (1,), float("nan"), {"a": at(0)}])
def test_what_is_not_json_is_refused_before_anything_is_written(baselines, rows, document):
    with pytest.raises(BadInput, match="not JSON"):
        baselines.approve(approval(document=document))
    assert rows.all() == []


def test_all_aspects_are_read_in_one_query_and_others_are_left_out(baselines, calls):
    for name in ASPECTS:
        baselines.approve(approval(aspect=name))
    calls.clear()

    assert baselines.approved(BUCKET).keys() == ASPECTS.keys()
    assert calls.count("Query") == 1
    assert calls.count("VerifyMac") == len(calls) - 1
    assert baselines.approved(BUCKET, ["acl", "website"]).keys() == {"acl", "website"}


def test_a_signature_is_verified_once_a_process(baselines, calls):
    baselines.approve(approval())
    baselines.approved(BUCKET)
    calls.clear()

    baselines.approved(BUCKET)

    assert calls == ["Query"]


def fresh(aws):
    """Make an example's own table: moto copies the whole of it for each transaction."""
    name = f"Baselines-{next(FRESH)}"
    make_table(name, "bucket", "entry")
    return Baselines(name, aws.key)


SEQUENCES = st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).flatmap(
    lambda times: st.tuples(
        st.just(times),
        st.lists(st.sampled_from(times), max_size=3).flatmap(
            lambda again: st.permutations(times + again)
        ),
    )
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEQUENCES)
def test_in_any_order_and_however_often_the_newest_counts_and_each_is_kept_once(aws, sequence):
    times, arrivals = sequence
    baselines = fresh(aws)

    for number, seconds in enumerate(arrivals, 1):
        assert baselines.approve(approval(seconds)) is (seconds == max(arrivals[:number]))

    assert now(baselines) == approval(max(times))
    assert events(baselines) == [f"event-{each}" for each in sorted(times, reverse=True)]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=12))
def test_the_newest_not_withdrawn_counts_whatever_happens_between(aws, steps):
    """Against a model: a set of events, and those withdrawn of them."""
    baselines, entered, withdrawn = fresh(aws), set(), set()

    for withdrawing, seconds in steps:
        if not withdrawing:
            baselines.approve(approval(seconds))
            entered.add(seconds)
        elif seconds in entered:
            done = baselines.withdraw(BUCKET, "versioning", f"event-{seconds}", "not theirs")
            assert done is (seconds not in withdrawn)
            withdrawn.add(seconds)
        else:
            with pytest.raises(BadInput, match="approved no versioning"):
                baselines.withdraw(BUCKET, "versioning", f"event-{seconds}", "")
        left = entered - withdrawn
        expected = approval(max(left)) if left else None
        assert now(baselines) == expected

    history = baselines.history(BUCKET, "versioning")
    marked = {past.approval.event_id for past in history if past.withdrawn}
    assert marked == {f"event-{each}" for each in withdrawn}


def test_an_approval_says_whether_it_counts(baselines):
    assert baselines.approve(approval(5)) is True
    assert baselines.approve(approval(5)) is True
    assert baselines.approve(approval(3)) is False
    assert baselines.approve(approval(3)) is False
    assert baselines.approve(approval(7)) is True
    assert baselines.approve(approval(5)) is False


def test_in_one_second_the_event_id_decides(baselines):
    """CloudTrail's times are whole seconds."""
    first, second = (approval(1, event_id=each, document={"Of": each}) for each in "ab")
    for bucket, order in (("abc", (first, second)), ("abd", (second, first))):
        for each in order:
            values = {name: getattr(each, name) for name in ("event_id", "document")}
            baselines.approve(approval(1, bucket=bucket, **values))
        assert now(baselines, bucket).event_id == "b"


def test_the_first_document_of_an_event_stays(baselines):
    baselines.approve(approval(1))

    baselines.approve(approval(1, document={"Status": "Suspended"}))

    assert now(baselines) == approval(1)


def test_a_document_of_tens_of_thousands_of_entries(baselines, rows):
    large = approval(1, aspect="lifecycle", document=huge(30_000))
    assert baselines.approve(large) is True

    parts = [item for item in rows.all() if item["entry"]["S"].startswith("part#")]
    assert len(parts) > 3
    assert now(baselines, aspect="lifecycle") == large
    assert [past.approval for past in baselines.history(BUCKET, "lifecycle")] == [large]


def test_a_large_document_is_kept_once_and_outlives_what_follows(baselines, rows):
    document = huge(12_000)
    for seconds in (1, 2):
        baselines.approve(approval(seconds, aspect="lifecycle", document=document))
    first = {item["entry"]["S"] for item in rows.all() if "part#" in item["entry"]["S"]}
    baselines.approve(approval(3, aspect="lifecycle", document=None))
    assert {item["entry"]["S"] for item in rows.all() if "part#" in item["entry"]["S"]} == first

    baselines.withdraw(BUCKET, "lifecycle", "event-3", "wrong")

    assert now(baselines, aspect="lifecycle").document == document


def test_a_large_document_is_there_before_it_is_named(aws, baselines, meanwhile):
    """A reader in the middle of the write sees the one before, whole."""
    baselines.approve(approval(1, document=huge(12_000)))
    seen = []
    meanwhile(lambda: seen.append(now(Baselines("Baselines", aws.key)).event_id))

    baselines.approve(approval(2, document=huge(12_001)))

    assert seen == ["event-1"]
    assert now(baselines).document == huge(12_001)


@pytest.mark.parametrize(("mine", "quicker"), [(1, 2), (2, 1), (2, 2)])
def test_two_at_once_end_as_one_after_the_other(aws, baselines, meanwhile, mine, quicker):
    meanwhile(lambda: Baselines("Baselines", aws.key).approve(approval(quicker)))

    assert baselines.approve(approval(mine)) is (mine == 2)

    assert now(baselines) == approval(2)
    assert events(baselines) == [f"event-{each}" for each in sorted({mine, quicker}, reverse=True)]


def test_an_older_approval_that_arrives_during_a_withdrawal_is_what_counts_then(
    baselines, meanwhile
):
    for seconds in (1, 3):
        baselines.approve(approval(seconds))
    meanwhile(lambda: baselines.approve(approval(2)))

    baselines.withdraw(BUCKET, "versioning", "event-3", "not theirs")

    assert now(baselines) == approval(2)


def test_a_withdrawal_during_an_approval(baselines, meanwhile):
    baselines.approve(approval(1))
    baselines.approve(approval(3))
    meanwhile(lambda: baselines.withdraw(BUCKET, "versioning", "event-3", "not theirs"))

    assert baselines.approve(approval(2)) is True
    assert now(baselines) == approval(2)


def test_endless_contention_is_a_conflict_and_nothing_half_done(
    baselines, meanwhile, rows, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda _: None)
    baselines.approve(approval(2))
    versions = iter(range(100, 200))

    def write():
        head = rows.get(BUCKET, "now#versioning")
        rows.put({**head, "version": {"N": str(next(versions))}})

    meanwhile(write, times=60)

    with pytest.raises(Conflict, match="8 times meanwhile"):
        baselines.approve(approval(1))
    with pytest.raises(Conflict, match="8 times meanwhile"):
        baselines.withdraw(BUCKET, "versioning", "event-2", "not theirs")
    assert now(baselines) == approval(2)
    assert events(baselines) == ["event-2"]


def test_withdrawn_once_is_withdrawn(baselines):
    baselines.approve(approval(1))
    baselines.approve(approval(2))

    assert (
        baselines.withdraw(BUCKET, "versioning", "event-2", "read after mallory's change") is True
    )
    assert baselines.withdraw(BUCKET, "versioning", "event-2", "again") is False
    assert baselines.approve(approval(2)) is False

    assert now(baselines) == approval(1)
    newest, oldest = baselines.history(BUCKET, "versioning")
    assert (newest.approval, newest.withdrawn) == (approval(2), "read after mallory's change")
    assert newest.withdrawn_at
    assert (oldest.approval, oldest.withdrawn) == (approval(1), "")


def test_after_the_last_is_withdrawn_nothing_is_approved(baselines):
    baselines.approve(approval(5))
    baselines.withdraw(BUCKET, "versioning", "event-5", "")

    assert baselines.approved(BUCKET) == {}
    assert baselines.approve(approval(4)) is True
    assert now(baselines) == approval(4)


def test_aspects_and_buckets_are_apart(baselines):
    """One aspect's or bucket's name may begin as another's."""
    for bucket in ("data", "data-2"):
        for aspect in ("policy", "acl"):
            baselines.approve(approval(len(bucket), bucket=bucket, aspect=aspect))

    assert [each.bucket for each in baselines.approved("data").values()] == ["data", "data"]
    assert len(list(baselines.history("data", "acl"))) == 1


def test_of_a_deleted_bucket_nothing_counts_that_was_approved_before(baselines):
    baselines.approve(approval(1))
    assert baselines.forget(BUCKET, at(5), "event-5", "DeleteBucket") is True
    assert baselines.forget(BUCKET, at(4), "event-4", "DeleteBucket") is False

    assert baselines.approved(BUCKET) == {}
    assert baselines.approve(approval(1)) is False
    assert baselines.approve(approval(5)) is False  # the same second: the bucket's end is its last
    assert baselines.approve(approval(6)) is True
    assert now(baselines) == approval(6)
    assert events(baselines) == ["event-6", "event-5", "event-1"]


def test_a_deletion_known_late_takes_nothing_from_the_bucket_made_since(baselines):
    baselines.approve(approval(1))
    baselines.approve(approval(6))

    baselines.forget(BUCKET, at(5), "event-5", "DeleteBucket")
    assert now(baselines) == approval(6)

    baselines.withdraw(BUCKET, "versioning", "event-6", "not theirs")
    assert baselines.approved(BUCKET) == {}


def test_every_bucket_by_name_from_where_it_stopped(baselines):
    names = [f"bucket-{number:02}" for number in range(12)]
    for name in reversed(names):
        baselines.approve(approval(bucket=name))
    baselines.approve(approval(bucket="foreign", account="999999999999"))

    found = list(baselines.approved_all(ACCOUNT))
    assert [name for name, _, _ in found] == names
    assert found[3][1] == {"versioning": approval(bucket="bucket-03")}
    assert [name for name, _, _ in baselines.approved_all(ACCOUNT, after="bucket-09")] == names[10:]


def test_more_than_one_page_of_everything(baselines, calls):
    """DynamoDB answers with at most 1 MB."""
    for number, aspect in enumerate(["lifecycle", "inventory", "analytics", "metrics", "cors"] * 2):
        document = huge(6_000 + number)  # about 290 KB
        baselines.approve(approval(number, aspect=aspect, document=document))
    calls.clear()

    found = baselines.approved(BUCKET)

    assert calls.count("Query") > 1
    assert len(found) == 5
    for each in found.values():
        number = int(each.event_id.removeprefix("event-"))
        assert number >= 5
        assert each.document == huge(6_000 + number)
    calls.clear()
    assert baselines.buckets() == [BUCKET]
    assert calls.count("Scan") > 4


def cancelled(*codes):
    answer = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return _aws.ClientError(answer, "TransactWriteItems")


def test_a_transaction_that_met_another_is_tried_again(baselines, meanwhile):
    """DynamoDB cancels one of two that overlap, or both; moto never does."""

    def refuse():
        raise cancelled("None", "TransactionConflict")

    meanwhile(refuse, times=2)

    assert baselines.approve(approval(1)) is True
    assert now(baselines) == approval(1)


@pytest.mark.parametrize("codes", [("None", "ThrottlingError"), ("ValidationError",), ()])
def test_a_transaction_cancelled_for_another_reason_is_raised(baselines, meanwhile, codes):
    def refuse():
        raise cancelled(*codes)

    meanwhile(refuse)

    with pytest.raises(_aws.ClientError, match="TransactionCanceled"):
        baselines.approve(approval(1))
    assert baselines.approved(BUCKET) == {}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_what_aws_refuses_is_raised(aws, baselines, code, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)

    def refuse(**_):
        raise _aws.ClientError({"Error": {"Code": code}}, "operation")

    aws.dynamodb.meta.events.register("before-call.dynamodb.*", refuse)
    for action in (
        lambda: baselines.approve(approval()),
        lambda: baselines.approved(BUCKET),
        lambda: list(baselines.history(BUCKET, "acl")),
        lambda: baselines.withdraw(BUCKET, "acl", "event", ""),
        lambda: baselines.forget(BUCKET, at(1), "event", ""),
        baselines.buckets,
        lambda: baselines.mend(BUCKET, "acl"),
    ):
        with pytest.raises(_aws.ClientError, match=code):
            action()


def test_a_missing_table_is_raised(aws):
    with pytest.raises(_aws.ClientError, match="ResourceNotFound"):
        Baselines("Nothing", aws.key).approved(BUCKET)


@pytest.mark.parametrize(
    "wrong", [{"account": ""}, {"bucket": ""}, {"event_id": ""}, {"aspect": "a#b"}]
)
def test_an_approval_of_nothing_in_particular_is_refused(wrong):
    with pytest.raises(BadInput):
        approval(**wrong)


def test_a_time_without_its_zone_is_refused(baselines, rows):
    with pytest.raises(BadInput, match="no time zone"):
        baselines.approve(approval(event_time=at(0).replace(tzinfo=None)))
    assert rows.all() == []
