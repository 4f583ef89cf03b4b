"""Eighteen attacks, end to end: noticed, put back once and exactly, with and without FastRevert."""

import re
from dataclasses import replace

import pytest

from bucketward.aspects import ASPECTS, operations
from bucketward.remediation import Automatic
from bucketward.verdict import Severity
from bucketward_tools.catalogue import controls
from bucketward_tools.demo.scenario import Ending
from bucketward_tools.demo.scenarios import SCENARIOS, SILENCED, TAKEOVER
from bucketward_tools.local.events import ApiCall, DeadLettered, Denied, Emitted, Lost
from estate import ACCOUNT
from local.approved_bucket import LOCKED, PARAMETERS, UNLOCKED, build, stored
from local.deployment import deploy

RANKS = list(Severity)
ACTING = [
    name
    for name, each in controls().items()
    if each.remediation and each.remediation.automatic is Automatic.RECOMMENDED
]
"""The controls that act by themselves with Remediation=recommended; the others only judge."""

WRITES = {name: op for name, op in operations().items() if not name.startswith(("Get", "List"))}


HOUR = 3600


class Stage:
    """An account that one scenario after the other is played in, as each puts all back."""

    def __init__(self, fast):
        self.fast, self.account, self.whole = fast, None, False

    def play(self, scenario):
        if not self.whole:
            self.close()
            self.account = deploy(ACTING, PARAMETERS | {"FastRevert": str(self.fast).lower()})
            self.account.__enter__()
            build(self.account)
        self.whole = False
        self.account.clock.sleep(2 * HOUR)
        bucket = UNLOCKED if scenario.suspends else LOCKED
        return Played(self.account, replace(scenario, bucket=bucket))

    def close(self):
        if self.account is not None:
            self.account.__exit__(None, None, None)
            self.account = None


@pytest.fixture(scope="module", params=[True, False], ids=["fast", "config"])
def theatre(request):
    opened = Stage(request.param)
    yield opened
    opened.close()


@pytest.fixture
def stage(theatre, request):
    """Return the stage; what a failed test left behind is not played on again."""
    failed = request.session.testsfailed
    yield theatre
    theatre.whole = theatre.account is not None and request.session.testsfailed == failed


class Played:
    """One scenario in an account of its own."""

    def __init__(self, account, scenario):
        self.account, self.scenario, self.bucket = account, scenario, scenario.bucket
        assert approved(account, self.bucket) == documents(account, self.bucket)
        self.before = self.snapshot()
        self.since = len(account.events)
        self.began = account.clock.now
        scenario.play(account)
        account.settle()
        if scenario.by_schedule:
            account.schedule("account_public_access_block")
            account.settle()
        self.after = self.snapshot()

    def snapshot(self):
        buckets = self.account.s3.buckets
        found = {name: documents(self.account, name) for name in buckets}
        return found | {ACCOUNT: block(self.account)}

    def events(self, kind):
        return [each for each in self.account.events[self.since :] if isinstance(each, kind)]

    def told(self, kind):
        return [e.detail for e in self.events(Emitted) if e.detail_type == f"Bucketward {kind}"]

    @property
    def alerts(self):
        return {each["id"]: Severity(each["severity"]) for each in self.told("Alert")}

    @property
    def journal(self):
        """What was put back since the scenario began, the oldest first."""
        found = stored(
            self.account, lambda store: list(store.records.journal(self.bucket, since=self.began))
        )
        return found[::-1]

    @property
    def standings(self):
        seen = stored(
            self.account, lambda store: list(store.records.changes(self.bucket, since=self.began))
        )
        return {each.standing for each in seen}

    @property
    def own_writes(self):
        """What Bucketward's own functions wrote, as aspect or operation, in order."""
        return [
            WRITES[each.operation].aspect if each.service == "s3" else "account"
            for each in self.events(ApiCall)
            if each.service in {"s3", "s3control"}
            and each.operation in WRITES
            and re.search(r"/bucketward-.*RemediationFunction$", each.actor)
        ]


def documents(account, bucket):
    """Return what S3 returns, by configuration where it lists them in an order of its own."""
    found = account.snapshot(bucket)
    for name, aspect in ASPECTS.items():
        if aspect.keyed:
            found[name] = {each["Id"]: each for each in found[name] or ()} or None
    return found


def approved(account, bucket):
    found = stored(account, lambda store: store.baselines.approved(bucket))
    return {name: each.document for name, each in found.items()}


def block(account):
    reply = account.internal("s3control").get_public_access_block(AccountId=ACCOUNT)
    return reply["PublicAccessBlockConfiguration"]


def check(played):
    """Look at what holds of every scenario, however it ends."""
    scenario = played.scenario
    for expected in scenario.alerts:
        assert expected.id in played.alerts, played.alerts
        assert RANKS.index(played.alerts[expected.id]) >= RANKS.index(expected.severity), expected
    if scenario.silent:
        assert played.alerts == {}
    assert not played.events(DeadLettered)
    assert not played.events(Lost)
    assert not played.events(Denied)
    reverts = [(name, str(each.after[name])) for each in played.journal for name in each.after]
    assert len(reverts) == len(set(reverts)), "the same revert ran twice"
    if "bucket" not in scenario.reverted:
        assert {name for name, _ in reverts} == {*scenario.reverted} - {"account"}


PUT_BACK = [each for each in SCENARIOS if each.ending is Ending.REVERTED]
LEFT_ALONE = {"E16": {"failed-attempt"}, "E17": {"authorised"}, "E18": {"self"}}


@pytest.mark.parametrize("scenario", [*PUT_BACK, SILENCED], ids=lambda each: each.id)
def test_an_attack_is_noticed_and_put_back_exactly(stage, scenario):
    if scenario.fast_only and not stage.fast:
        pytest.skip("see the test of a deleted bucket without FastRevert")
    played = stage.play(scenario)
    check(played)
    assert played.after == played.before
    assert approved(stage.account, played.bucket) == documents(stage.account, played.bucket)
    assert played.own_writes
    principal = stage.account.events[played.since].actor.split("/")[1]
    for entry in played.journal:
        assert principal in entry.actor or "has not told" in entry.reason


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_changes_nothing_or_is_authorised_is_left_alone(stage, name):
    scenario = next(each for each in SCENARIOS if each.id == name)
    played = stage.play(scenario)
    check(played)
    assert played.standings == LEFT_ALONE[name]
    assert played.own_writes == []
    assert played.journal == []
    assert approved(stage.account, played.bucket) == documents(stage.account, played.bucket)
    changed = played.after != played.before
    assert changed is (scenario.ending is Ending.ACCEPTED)


def test_an_attack_that_is_over_is_not_held_against_a_later_authorised_change(stage):
    """A control of the posture put the policy of E3 back, and bucket_drift had nothing to do."""
    attack, change = (next(e for e in SCENARIOS if e.id == name) for name in ("E3", "E17"))
    check(stage.play(attack))
    stage.whole = True
    played = stage.play(change)
    check(played)
    assert played.own_writes == []
    assert played.after != played.before


def test_mass_deletion_is_not_seen(stage):
    """A limit (docs/limits.md): objects go, and no setting of the bucket tells of it."""
    played = stage.play(next(each for each in SCENARIOS if each.ending is Ending.UNSEEN))
    kept = stage.account.internal("s3").list_object_versions(Bucket=played.bucket)
    assert [each["Key"] for each in kept["Versions"]] == ["FILES-DELETED.txt"]
    assert played.standings == set()
    check(played)


def test_without_fast_revert_a_deleted_bucket_is_alerted_and_stays_gone(stage):
    if stage.fast:
        pytest.skip("it is made again")
    scenario = next(each for each in SCENARIOS if each.fast_only)
    played = stage.play(scenario)
    assert played.alerts["bucket-deleted"] is Severity.HIGH
    assert played.bucket not in stage.account.s3.buckets
    assert played.own_writes == []
    theatre_is_spoilt(stage)


def test_a_name_that_another_account_took_is_told_as_lost(stage):
    if not stage.fast:
        pytest.skip("only the fast way makes buckets again")
    played = stage.play(TAKEOVER)
    assert played.alerts["bucket-deleted"] is Severity.HIGH
    assert played.alerts["bucket-name-taken"] is Severity.CRITICAL
    assert played.bucket in stage.account.s3.foreign
    assert {each.queue for each in played.events(DeadLettered)} == {
        "bucketward-RemediationDeadLetters"
    }
    theatre_is_spoilt(stage)


def theatre_is_spoilt(stage):
    """Have the next scenario played in a new account."""
    stage.close()
