"""What stands between a plan and its writes: exemption, lease, breaker, journal, event."""

from datetime import timedelta

import pytest

from bucketward_tools.local.events import Emitted, RemediationEnded
from local import convergence as world
from local.story import of_kind
from local.test_monitor import EVIL, GOOD, LAKE, WORSE, opened, told, write

DRIFT = "bucket_drift"


@pytest.fixture
def account():
    with opened(Remediation="recommended") as found:
        write(found, "pipeline", GOOD)
        found.settle()
        found.events.clear()
        yield found


def tags(account):
    return world.live(account, LAKE, "tagging")


def exempt(account, **given):
    created = account.clock.now
    body = {
        "id": "e-1",
        "bucket": LAKE,
        "control": DRIFT,
        "reason": "a test",
        "approver": "ana",
        "expires": (created + timedelta(hours=1)).isoformat(),
        "created": created.isoformat(),
        **given,
    }
    world.store(account).decisions.put("exemption", "e-1", body)


def reverts(account):
    return [each for each in of_kind(account, Emitted) if each.detail_type == "Bucketward Revert"]


def statuses(account):
    return [each.status for each in of_kind(account, RemediationEnded)]


# ---- Exemptions ---------------------------------------------------------------------------------


def test_an_exempt_bucket_is_not_judged_and_not_touched_until_the_exemption_ends(account):
    exempt(account)
    write(account, "mallory", EVIL)
    account.settle()
    account.start_remediation(DRIFT, LAKE)
    account.settle()
    assert account.compliance(DRIFT, LAKE) == "NOT_APPLICABLE"
    assert tags(account) == EVIL
    account.clock.run(3601)
    account.schedule(DRIFT)
    account.settle()
    assert tags(account) == GOOD


@pytest.mark.parametrize("given", [{"bucket": "acme-other"}, {"control": "bucket_logging"}])
def test_an_exemption_of_something_else_does_nothing(account, given):
    exempt(account, **given)
    write(account, "mallory", EVIL)
    account.settle()
    assert tags(account) == GOOD


def test_unreadable_exemptions_are_no_verdict_and_no_revert(account):
    world.store(account).decisions.put("exemption", "broken", {"bucket": "*"})
    write(account, "mallory", EVIL)
    account.settle()
    account.start_remediation(DRIFT, LAKE)
    account.settle()
    assert account.compliance(DRIFT, LAKE) == "COMPLIANT"  # of before: there is no new one
    assert tags(account) == EVIL
    assert statuses(account) == ["Failed"]
    assert len(account.messages("EvaluationDeadLetters")) == 1


# ---- The lease ----------------------------------------------------------------------------------


def test_both_ways_at_once_revert_once():
    with opened(Remediation="recommended", FastRevert="true") as account:
        write(account, "mallory", EVIL, copies=2)
        account.settle()
        account.start_remediation(DRIFT, LAKE)
        account.settle()
        assert len(world.own_writes(account)) == 1
        assert len(reverts(account)) == 1


def test_a_second_one_waits_for_the_first_and_then_fails_so_that_it_is_tried_again(account):
    with opened_lease(account, 250):
        write(account, "mallory", EVIL)
        account.settle()
    assert "Failed" in statuses(account)
    assert tags(account) == GOOD  # by an attempt after the lease had ended


def test_a_lease_that_ends_soon_is_waited_for(account):
    write(account, "mallory", EVIL)
    with opened_lease(account, 120):
        account.settle()
    assert tags(account) == GOOD
    assert len(world.own_writes(account)) == 1


def opened_lease(account, seconds):
    """Hold the lease, as a revert does that hangs, for so many virtual seconds."""
    from contextlib import contextmanager

    from bucketward.baseline.records import Records

    @contextmanager
    def held():
        table = account.wiring.function_of("ChangeMonitorFunction").environment[
            "BUCKETWARD_RECORDS"
        ]
        records = Records(table, clock=lambda: account.clock.now)
        assert records.acquire(LAKE, DRIFT, seconds, "another")
        yield

    return held()


# ---- The breaker --------------------------------------------------------------------------------


def war(account, rounds):
    for number in range(rounds):
        write(account, "mallory", EVIL if number % 2 else WORSE)
        account.settle()
        account.start_remediation(DRIFT, LAKE)
        account.settle()


def test_after_five_reverts_in_an_hour_it_stops_and_says_against_whom(account):
    war(account, 7)
    assert len(world.own_writes(account)) == 5
    assert "revert-war" in told(account)
    (reason, *_) = [a["reason"] for a in world.alerts(account, LAKE) if a["id"] == "revert-war"]
    assert "bucket_drift" in reason
    assert "role/Mallory" in reason
    assert account.compliance(DRIFT, LAKE) == "NON_COMPLIANT"
    assert "BreakerOpenAlarm" in account.logs.alarmed()


def test_the_breaker_closes_with_the_hour(account):
    war(account, 6)
    assert tags(account) != GOOD
    account.clock.run(3700)
    account.start_remediation(DRIFT, LAKE)
    account.settle()
    assert tags(account) == GOOD


def test_the_breaker_closes_by_decision(account):
    war(account, 6)
    closed = {"closed": account.clock.now.isoformat(), "by": "ana"}
    world.store(account).decisions.put("breaker", f"{LAKE}:{DRIFT}", closed)
    account.start_remediation(DRIFT, LAKE)
    account.settle()
    assert tags(account) == GOOD


def test_a_bucket_is_not_made_again_for_ever():
    with opened(FastRevert="true") as account:
        write(account, "pipeline", GOOD)
        account.settle()
        for _ in range(8):
            if LAKE in account.s3.buckets:
                account.client("s3", world.PEOPLE["mallory"]).delete_bucket(Bucket=LAKE)
            account.settle()
        made = [each for each in world.own_writes(account) if each.operation == "CreateBucket"]
        assert 1 <= len(made) <= 5
        assert "revert-war" in told(account)


@pytest.mark.parametrize(
    ("operation", "answer"), [("PutPublicAccessBlock", "AccessDenied"), ("CreateBucket", "timeout")]
)
def test_of_a_bucket_that_was_made_again_in_part_the_journal_says_so(operation, answer):
    with opened(FastRevert="true") as account:
        write(account, "pipeline", GOOD)
        account.settle()
        account.fail(operation, answer, times=5 if answer == "timeout" else 1)
        account.client("s3", world.PEOPLE["mallory"]).delete_bucket(Bucket=LAKE)
        account.settle()
        journal = world.store(account).records.journal(LAKE)
        made = [(each.outcome, each.calls) for each in journal if "CreateBucket" in each.calls]
        assert made[-1] == ("failed", ("CreateBucket",))


# ---- The journal and the event ------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["timeout", "InternalError"])
def test_the_journal_is_written_before_the_bucket_and_found_by_its_id(account, answer):
    write(account, "mallory", EVIL)
    account.fail("PutBucketTagging", answer)
    account.settle()
    records = world.store(account).records
    entry = next(records.journal(LAKE))
    assert records.entry(entry.id) == entry
    # It may have been written all the same.
    assert (entry.before, entry.after) == ({"tagging": EVIL}, {"tagging": GOOD})
    assert entry.outcome == "failed"
    assert "role/Mallory" in entry.actor
    assert tags(account) == EVIL
    assert reverts(account) == []


def test_a_revert_that_s3_refused_is_no_revert_to_anybody(account):
    for _ in range(3):
        write(account, "mallory", EVIL)
        account.fail("PutBucketTagging", "AccessDenied", times=1)
        account.settle()
    # AWS Config has made its five attempts of the hour; the breaker has counted two.
    account.start_remediation(DRIFT, LAKE)
    account.settle()
    assert tags(account) == GOOD
    entries = list(world.store(account).records.journal(LAKE))
    failed = [each for each in entries if each.outcome == "failed"]
    assert (len(failed), len(entries)) == (3, 6)
    assert {(each.calls, len(each.before), len(each.after)) for each in failed} == {((), 0, 0)}
    assert all("role/Mallory" in each.actor for each in entries)


def test_how_a_revert_ended_is_in_the_journal(account):
    write(account, "mallory", EVIL)
    account.settle()
    account.react(
        "PutBucketTagging",
        lambda: world.send(account.internal("s3"), LAKE, "tagging", WORSE),
    )
    write(account, "mallory", EVIL)
    account.settle()
    outcomes = [each.outcome for each in world.store(account).records.journal(LAKE)]
    assert outcomes[-1] == "done"
    assert set(outcomes[:-1]) == {"did not hold"}


def test_what_is_not_recorded_is_not_done(account):
    write(account, "mallory", EVIL)
    account.clock.run(100)
    account.fail("PutItem", "AccessDeniedException")
    account.settle()
    assert tags(account) == EVIL
    assert world.own_writes(account) == []


def test_every_revert_is_told_of_on_the_bus(account):
    write(account, "mallory", EVIL)
    account.settle()
    (event,) = reverts(account)
    assert event.detail["aspects"] == ["tagging"]
    assert "role/Mallory" in event.detail["actor"]
    assert world.store(account).records.entry(event.detail["id"])


def test_a_revert_that_the_bus_did_not_take_is_no_success(account):
    write(account, "mallory", EVIL)
    account.react("PutBucketTagging", lambda: account.fail("PutEvents", "InternalException", 5))
    account.settle()
    assert tags(account) == GOOD
    assert "Failed" in statuses(account)
    assert account.messages("RemediationDeadLetters")


def test_of_a_revert_that_failed_the_journal_keeps_what_it_wrote(account):
    write(account, "mallory", EVIL)
    write(account, "mallory", world.EVIL["cors"][0], "cors")
    account.fail("DeleteBucketCors", "AccessDenied", times=1)
    account.settle()
    first = list(world.store(account).records.journal(LAKE))[-1]
    assert (first.outcome, first.calls) == ("failed", ("PutBucketTagging",))
    assert (first.before, first.after) == ({"tagging": EVIL}, {"tagging": GOOD})
