"""The change monitor by what it leaves behind: approvals, alerts, reverts, dead letters."""

import json
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from functools import partial

import pytest

from bucketward_tools.local import LocalAccount
from bucketward_tools.local.actors import Actor
from bucketward_tools.local.events import ApiCall, DeadLettered
from estate import ACCOUNT
from local import convergence as world
from local.deployment import only
from local.story import of_kind

LAKE = "acme-lake"
PUT = "PutBucketTagging"
GOOD, BETTER = world.GOOD["tagging"]
EVIL, WORSE = world.EVIL["tagging"]


@contextmanager
def opened(**parameters):
    given = {**world.PARAMETERS, "FastRevert": "false", "Remediation": "none", **parameters}
    with LocalAccount(parameters=given, edit=only(["bucket_drift"])) as account:
        world.create(account, LAKE)
        account.events.clear()
        yield account


@pytest.fixture
def account():
    with opened() as found:
        yield found


@pytest.fixture
def fast():
    with opened(FastRevert="true") as found:
        yield found


def write(account, who, document, name="tagging", **told):
    if told:
        account.trail.disturb(**told)
    world.send(account.client("s3", world.PEOPLE[who]), LAKE, name, document)
    return account.trail.heard[-1]


def approved(account, name="tagging"):
    found = world.store(account).baselines.approved(LAKE).get(name)
    return found.document if found else None


def told(account, bucket=LAKE):
    return [each["id"] for each in world.alerts(account, bucket)]


def letters(account):
    return [each for each in of_kind(account, DeadLettered) if "Changes" in each.source]


def send(account, *bodies):
    queue = next(q for q in account.wiring.queues.values() if q.logical_id == "Changes")
    for body in bodies:
        text = body if isinstance(body, str) else json.dumps(body)
        account.client("sqs").send_message(QueueUrl=queue.url, MessageBody=text)


# ---- At least once, in any order ----------------------------------------------------------------


def test_an_event_that_comes_three_times_is_dealt_with_once(fast):
    write(fast, "mallory", EVIL, copies=3)
    fast.settle()
    assert told(fast) == ["tagging-changed"]
    assert len(world.own_writes(fast)) == 1
    assert world.live(fast, LAKE, "tagging") is None


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("PutEvents", "InternalException"),
        ("PutItem", "InternalServerError"),
        ("Query", "InternalServerError"),
        ("VerifyMac", "KMSInternalException"),
    ],
)
def test_what_fails_half_way_is_dealt_with_again(account, operation, code):
    """An alert may come twice, and never not at all."""
    from bucketward.baseline.signature import _verified

    _verified.cache_clear()
    write(account, "mallory", EVIL)
    account.fail(operation, code, times=5)
    account.settle()
    assert set(told(account)) == {"tagging-changed"}
    (seen,) = world.store(account).records.changes(LAKE, "tagging")
    assert seen.standing == "unauthorised"
    assert letters(account) == []


def test_forged_and_malformed_messages_end_in_the_queue_and_the_others_are_dealt_with(account):
    forged = {"source": "acme.app", "detail": account.trail.records("CreateBucket")[0]}
    send(account, forged, "{", "[]", {"source": "aws.s3", "detail": {"eventName": 7}})
    write(account, "mallory", EVIL)
    account.settle()
    assert told(account) == ["tagging-changed"]
    assert len(letters(account)) == 4
    assert account.logs.alarmed() == {"ChangeFailedAlarm", "ChangeDeadLettersAlarm"}


# ---- What there is to hear of -------------------------------------------------------------------


def emit(account, **changes):
    """Let CloudTrail tell of a call like the newest, but for what is given."""
    detail = {**deepcopy(account.trail.records()[-1]), **changes}
    account.bus.put("aws.s3", "AWS API Call via CloudTrail", detail, [])


def test_a_write_of_an_unknown_name_is_told_of(account):
    write(account, "mallory", EVIL)
    account.settle()
    account.events.clear()
    emit(account, eventName="PutBucketShinyThing", eventID="shiny-1")
    account.settle()
    assert told(account) == ["unclassified-s3-write"]


def test_a_setting_of_the_account_is_told_of_whoever_is_authorised_for_buckets(account):
    s3control = account.client("s3control", world.PEOPLE["pipeline"])
    s3control.delete_public_access_block(AccountId=ACCOUNT)
    account.settle()
    (alert,) = world.alerts(account)
    assert alert["bucket"] is None
    assert alert["standing"] == "unauthorised"


def test_a_change_of_another_accounts_bucket_approves_and_reverts_nothing(fast):
    write(fast, "pipeline", GOOD)
    fast.settle()
    fast.events.clear()
    theirs = "theirs-lake"
    owned = [
        {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{theirs}", "accountId": "999999999999"}
    ]
    emit(fast, eventID="t-1", resources=owned, requestParameters={"bucketName": theirs})
    fast.settle()
    assert {each["standing"] for each in world.alerts(fast)} == {"unauthorised"}
    assert world.store(fast).baselines.approved(theirs) == {}
    assert approved(fast) == GOOD
    assert world.own_writes(fast) == []


def test_a_service_of_aws_is_followed(account):
    world.send(account.client("s3", Actor("config.amazonaws.com")), LAKE, "tagging", GOOD)
    account.settle()
    assert approved(account) == GOOD
    assert told(account) == []


@pytest.mark.parametrize(("setting", "kept"), [("alert", True), ("revert", False)])
def test_a_dangerous_change_with_leave_is_followed_or_put_back(setting, kept):
    with opened(DangerousChanges=setting, FastRevert="true") as account:
        write(account, "pipeline", world.EVIL["public_access_block"][0], "public_access_block")
        account.settle()
        (alert,) = {each["standing"] for each in world.alerts(account, LAKE)}
        assert alert == "authorised-but-dangerous"
        now = world.live(account, LAKE, "public_access_block")
        assert (
            now == world.EVIL["public_access_block"][0]
            if kept
            else now == world.blocks(closed=True)
        )
        assert approved(account, "public_access_block") == now


# ---- Whose work is approved ---------------------------------------------------------------------

ORDERS = {
    "in order": (60, 61),
    "the other first": (90, 60),
    "at once": (60, 60),
    "much later": (60, 2000),
}


@pytest.mark.parametrize("pause", [0.0, 2.0])
@pytest.mark.parametrize("order", ORDERS)
def test_a_change_that_another_overtook_is_not_approved(account, order, pause):
    first, second = ORDERS[order]
    write(account, "pipeline", GOOD, delay=first)
    account.clock.run(pause)
    write(account, "mallory", EVIL, delay=second)
    account.settle()
    assert approved(account) is None
    assert {"change-not-approved", "approval-withdrawn"} & set(told(account))


def test_a_change_that_is_never_told_of_is_approved_with_the_one_before_it(account):
    """A limit (docs/limits.md)."""
    write(account, "pipeline", GOOD)
    write(account, "mallory", EVIL, drop=True)
    account.settle()
    assert approved(account) == EVIL


def test_a_withdrawal_that_the_bus_did_not_take_is_told_of_later(account):
    write(account, "pipeline", GOOD, delay=60)
    account.clock.run(5)
    write(account, "mallory", EVIL, delay=1000)
    account.clock.run(500)
    assert approved(account) == EVIL
    account.fail("PutEvents", "InternalException", times=5)
    account.settle()
    assert approved(account) is None
    assert "approval-withdrawn" in told(account)


def test_every_approval_that_read_anothers_work_is_withdrawn(account):
    """Else the one before the newest would come back, with the same document."""
    write(account, "pipeline", GOOD, delay=60)
    account.clock.run(5)
    write(account, "pipeline", BETTER, delay=60)
    account.clock.run(5)
    write(account, "mallory", EVIL, delay=1000)
    account.settle()
    assert approved(account) is None
    assert "approval-withdrawn" in told(account)


def test_a_past_approval_that_read_anothers_work_does_not_come_back(account):
    write(account, "pipeline", GOOD, delay=300)
    account.clock.run(10)
    write(account, "mallory", EVIL, delay=2000)
    account.clock.run(300)
    write(account, "pipeline", BETTER, delay=20)
    account.clock.run(100)
    write(account, "eve", WORSE, delay=3000)
    account.clock.run(1)
    account.settle()
    assert not world.evil(LAKE, "tagging", approved(account))


def test_whoever_changes_it_while_it_is_approved_is_found_out(account):
    """The other's event is dealt with after the reading, and before the approval is entered."""
    write(account, "pipeline", GOOD, delay=60)
    account.clock.run(5)
    other = write(account, "mallory", EVIL, drop=True)
    record = next(r for r in account.trail.records(PUT) if r["eventID"] == other.id)
    body = json.dumps({"source": "aws.s3", "detail": record})
    function = account.wiring.function_of("ChangeMonitorFunction")
    meanwhile = iter([partial(account.functions.invoke, function, _batch(body), "test")])
    account.react("GenerateMac", lambda: next(meanwhile, _nothing)())  # noqa: PLW0108 - each time
    account.settle()
    assert approved(account) is None
    assert "change-not-approved" in told(account)


def _nothing():
    pass


def _batch(body):
    message = {"messageId": "m", "receiptHandle": "r", "body": body, "attributes": {}}
    return {"Records": [message | {"messageAttributes": {}, "eventSource": "aws:sqs"}]}


def test_a_change_that_was_put_back_before_it_was_known_is_told_of():
    with opened(Remediation="recommended") as account:
        write(account, "pipeline", GOOD, delay=1500)
        account.settle()
        assert world.live(account, LAKE, "tagging") is None
        assert approved(account) is None
        assert "change-not-approved" in told(account)


def test_of_many_configurations_only_those_with_leave_are_approved(account):
    """Each is written by itself, and they are read together."""
    good, better = world.GOOD["metrics"]
    write(account, "mallory", world.EVIL["metrics"][0], "metrics", delay=1000)
    account.clock.run(5)
    write(account, "pipeline", good, "metrics")
    account.settle()
    assert not world.evil(LAKE, "metrics", approved(account, "metrics"))
    assert "approval-withdrawn" in told(account)
    write(account, "pipeline", better, "metrics")
    account.settle()
    assert not world.evil(LAKE, "metrics", approved(account, "metrics"))
    assert "change-not-approved" in told(account)


def test_what_was_trusted_is_no_longer_when_its_author_becomes_known(account):
    new = "acme-new"
    pipeline = account.client("s3", world.PEOPLE["pipeline"])
    pipeline.create_bucket(
        Bucket=new, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    account.trail.disturb(delay=3000)
    world.send(account.client("s3", world.PEOPLE["mallory"]), new, "tagging", EVIL)
    account.settle()
    baselines = world.store(account).baselines
    assert "tagging" not in baselines.approved(new)
    assert len(baselines.approved(new)) == 19
    assert "approval-withdrawn" in told(account, new)


# ---- New buckets and deleted ones ---------------------------------------------------------------


def test_a_bucket_that_is_gone_before_it_settled_is_not_captured(account):
    s3 = account.client("s3", world.PEOPLE["pipeline"])
    account.trail.disturb("CreateBucket", copies=2)
    s3.create_bucket(
        Bucket="acme-brief", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    account.clock.run(100)
    s3.delete_bucket(Bucket="acme-brief")
    account.settle()
    assert world.store(account).baselines.approved("acme-brief") == {}
    assert letters(account) == []


def test_a_bucket_that_is_not_judged_yet_is_captured_later(account):
    rules = dict(account.wiring.rules)
    account.wiring.rules.clear()
    s3 = account.client("s3", world.PEOPLE["pipeline"])
    s3.create_bucket(
        Bucket="acme-new", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    account.clock.run(900)
    assert world.store(account).baselines.approved("acme-new") == {}
    account.wiring.rules.update(rules)
    account.schedule("bucket_drift")
    account.settle()
    assert len(world.store(account).baselines.approved("acme-new")) == 20
    assert letters(account) == []


def test_a_bucket_that_is_judged_a_day_late_is_the_reconcilers_and_no_failure(account):
    rules = dict(account.wiring.rules)
    account.wiring.rules.clear()
    s3 = account.client("s3", world.PEOPLE["pipeline"])
    s3.create_bucket(
        Bucket="acme-new", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    account.settle()
    account.clock.run(86400)
    assert letters(account) == []
    account.wiring.rules.update(rules)
    for schedule in ("bucket_drift", "ReconcilerFunctionDaily"):
        account.schedule(schedule)
        account.settle()
    assert len(world.store(account).baselines.approved("acme-new")) == 20


@pytest.mark.parametrize("last", ["the change", "its end"])
def test_what_was_read_of_a_bucket_made_again_without_leave_is_not_approved(account, last):
    """Whichever of the two events comes last."""
    write(account, "pipeline", BETTER)
    account.settle()
    write(account, "pipeline", GOOD, delay=900 if last == "the change" else 60)
    mallory = account.client("s3", world.PEOPLE["mallory"])
    for operation, event in (("delete_bucket", "DeleteBucket"), ("create_bucket", "CreateBucket")):
        account.clock.run(2)
        account.trail.disturb(event, delay=60 if last == "the change" else 900)
        where = {"LocationConstraint": account.place.region}
        create = {"CreateBucketConfiguration": where} if event == "CreateBucket" else {}
        getattr(mallory, operation)(Bucket=LAKE, **create)
    account.settle()
    assert approved(account) == BETTER
    alert = "change-not-approved" if last == "the change" else "approval-withdrawn"
    assert alert in told(account)


def test_a_bucket_deleted_with_leave_is_forgotten(account):
    s3 = account.client("s3", world.PEOPLE["pipeline"])
    s3.delete_bucket(Bucket=LAKE)
    account.settle()
    assert world.store(account).baselines.approved(LAKE) == {}
    s3.create_bucket(Bucket=LAKE, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    account.settle()
    assert len(world.store(account).baselines.approved(LAKE)) == 20


def test_a_bucket_deleted_without_leave_is_made_again(fast):
    write(fast, "pipeline", GOOD)
    fast.settle()
    fast.client("s3", world.PEOPLE["mallory"]).delete_bucket(Bucket=LAKE)
    fast.settle()
    assert world.live(fast, LAKE, "tagging") == GOOD
    assert world.live(fast, LAKE, "public_access_block") == world.blocks(closed=True)


# ---- Patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "alerts"),
    [(("versioning", "lifecycle", "public_access_block"), 1), (("logging", "lifecycle"), 0)],
)
def test_several_safeguards_off_is_one_alert_in_any_order(account, changed, alerts):
    for name, delay in zip(changed, (300, 60, 150), strict=False):
        write(account, "mallory", world.EVIL[name][0], name, delay=delay)
        account.clock.run(1)
    account.settle()
    assert told(account).count("controls-disabled-chain") == alerts


@pytest.mark.parametrize("failing", [0, 5])
def test_probing_is_one_alert_in_any_order(account, failing):
    write(account, "mallory", EVIL)
    record = account.trail.records(PUT)[-1] | {"errorCode": "AccessDenied"}
    account.settle()
    for number, second in enumerate((3, 1, 2, 4)):
        detail = record | {
            "eventID": f"denied-{number}",
            "eventTime": f"2026-03-02T09:20:0{second}Z",
            "responseElements": None,
        }
        account.clock.later(
            60 * number,
            lambda detail=detail: account.bus.put(
                "aws.s3", "AWS API Call via CloudTrail", detail, []
            ),
        )
    account.clock.run(125)
    account.fail("PutEvents", "InternalException", times=failing)
    account.settle()
    assert told(account).count("denied-burst") == 1


# ---- Drift whose event never came ---------------------------------------------------------------


@pytest.mark.parametrize("before", ["an authorised change", "a revert"])
def test_a_drift_that_nobody_told_of_is_found_whatever_was_before(before):
    with opened(FastRevert="true") as account:
        write(account, "pipeline", GOOD)
        account.settle()
        if before == "a revert":
            write(account, "mallory", WORSE)
            account.settle()
            assert world.live(account, LAKE, "tagging") == GOOD
        write(account, "mallory", EVIL, drop=True)
        account.settle()
        assert account.compliance("bucket_drift", LAKE) == "NON_COMPLIANT"
        account.clock.run(timedelta(minutes=20).total_seconds())
        account.start_remediation("bucket_drift", LAKE)
        account.settle()
        assert world.live(account, LAKE, "tagging") == GOOD
        (entry, *_) = world.store(account).records.journal(LAKE)
        assert entry.after == {"tagging": GOOD}


def test_the_remediation_asks_cloudtrail_itself_and_leaves_alone_what_had_leave(account):
    write(account, "pipeline", GOOD, drop=True)
    account.clock.run(1000)
    assert account.compliance("bucket_drift", LAKE) == "NON_COMPLIANT"
    account.start_remediation("bucket_drift", LAKE)
    account.settle()
    assert world.live(account, LAKE, "tagging") == GOOD
    assert any(each.operation == "LookupEvents" for each in of_kind(account, ApiCall))
