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
from local.story import of_kind

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
    """What holds of every scenario, however it ends."""
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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.id)
def test_every_scenario_ends_as_it_should(stage, scenario):
    played = stage.play(scenario)
    check(played)
    if scenario.ending is Ending.REVERTED and (stage.fast or not scenario.fast_only):
        assert played.after == played.before
        assert played.own_writes
