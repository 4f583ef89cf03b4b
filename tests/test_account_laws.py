"""The laws of docs/architecture.md over every control that judges something else than a bucket."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bucketward import Bucket, Compliance, Known, Refused, Remediation, Unknown
from bucketward.account import (
    ACCESS_POINT_BLOCK,
    ALARMS,
    ANALYZERS,
    CREATE_TOPIC,
    DETECTORS,
    FACTS,
    MACIE,
    METRIC_FILTERS,
    OPERATIONS,
    PUT_ACCOUNT_BLOCK,
    PUT_EVENT_SELECTORS,
    SECURITY_HUB,
    SUBSCRIPTIONS,
    TRAILS,
    Account,
    AccountCall,
    account_weakening,
)
from bucketward.calls import apply
from bucketward.policy_change_alarm import alarms, confirmed, covers, filters, subscriptions
from bucketward.public_access import FLAGS
from bucketward.remediation import Automatic
from bucketward.trails import recorded
from bucketward_tools.catalogue import Control, controls
from estate import ACCOUNT, REGION, account, cases
from strategies_account import FACTS as ANY
from strategies_account import NAME, TOPICS, accounts, blocks

OTHERS = [
    pytest.param(each, id=stem)
    for stem, each in controls().items()
    if each.rule.subject is not Bucket
]
JUDGES = [each for each in OTHERS if each.values[0].rule.subject is Account]
REMEDIATIONS = [each for each in JUDGES if each.values[0].remediation is not None]


def situation(data: st.DataObject, control: Control):
    """Draw an account, the rule's parameters and the remediation's."""
    used = [case.get("parameters", {}) for case in cases(control.stem)]
    given_ = data.draw(st.sampled_from(used))
    parsed = control.remediation.parse_parameters(given_)
    return (
        data.draw(accounts(control.rule.reads)),
        control.rule.parse_parameters(given_),
        Known(parsed),
    )


def planned(control: Control, found: Account, known: Known):
    try:
        return control.remediation.planned(found, known)
    except Refused:
        assume(False)  # noqa: FBT003 - a refusal changes nothing; cases say when it is right


def waiting(control: Control, found: Account) -> bool:
    """Whether all is made and only a person's yes is missing, which no call can give."""
    verdict = control.rule.judge(found)
    return "no subscription is confirmed" in verdict.annotation


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_complete_but_for_a_subscription_that_only_its_receiver_can_confirm(control, data):
    found, ruled, known = situation(data, control)
    after = apply(planned(control, found, known), found)
    bad = control.rule.judge(after, ruled).compliance is Compliance.NON_COMPLIANT
    assert not bad or waiting(control, after)


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_idempotent_a_second_run_makes_no_call(control, data):
    found, _, known = situation(data, control)
    after = apply(planned(control, found, known), found)
    assert control.remediation.planned(after, known) == ()


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_quiet_exactly_where_the_rule_is_content_or_waits(control, data):
    found, ruled, known = situation(data, control)
    bad = control.rule.judge(found, ruled).compliance is Compliance.NON_COMPLIANT
    assert bool(planned(control, found, known)) == (bad and not waiting(control, found))


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_preserving_all_that_is_not_ours_stays_as_it_was(control, data):
    found, _, known = situation(data, control)
    calls = planned(control, found, known)
    after = apply(calls, found)
    owned = {call.aspect.name for call in calls}
    for name in found.aspects.keys() - owned:
        assert after.aspects[name] == found.aspects[name]
    put = {call.arguments["TrailName"] for call in calls if call.operation is PUT_EVENT_SELECTORS}
    for old, new in zip(found[TRAILS], after[TRAILS], strict=True):
        if old["TrailARN"] not in put:
            assert new == old
            continue
        for kind in ("EventSelectors", "AdvancedEventSelectors"):
            assert new[kind][: len(old[kind])] == old[kind]
        grown = {"EventSelectors", "AdvancedEventSelectors"}
        assert {k: v for k, v in new.items() if k not in grown} == {
            k: v for k, v in old.items() if k not in grown
        }
    for fact, key in ((METRIC_FILTERS, "filterName"), (ALARMS, "AlarmName")):
        assert foreign(after[fact], key) == foreign(found[fact], key)
    for topic, told in found[SUBSCRIPTIONS].items():
        assert after[SUBSCRIPTIONS][topic][: len(told)] == told
    assert set(after[SUBSCRIPTIONS]) <= {*found[SUBSCRIPTIONS], TOPICS[-1]}


def foreign(elements, key):
    return [each for each in elements if each[key] != NAME]


def safety(found: Account) -> dict[str, object]:
    """How safe an account is, one comparable figure a fact; written apart from account.py."""
    block = found.aspects["account_public_access_block"] or {}
    told = {
        each["Endpoint"]
        for trail in found[TRAILS]
        if trail.get("CloudWatchLogsLogGroupArn")
        for each_filter in filters(found, trail)
        for alarm in alarms(found, each_filter)
        for each in subscriptions(found, alarm)
        if confirmed(each)
    }
    return {
        **{flag: block.get(flag, False) for flag in FLAGS},
        **{f"recorded by {each['TrailARN']}": len(recorded(each)) for each in found[TRAILS]},
        "told": len(told),
        "filters": sum(covers(each["filterPattern"]) for each in found[METRIC_FILTERS]),
    }


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_never_weaker(control, data):
    found, _, known = situation(data, control)
    after = safety(apply(planned(control, found, known), found))
    assert not [fact for fact, was in safety(found).items() if after[fact] < was]


@pytest.mark.parametrize("control", OTHERS)
def test_no_knowledge_no_verdict(control):
    unread = control.rule.subject("acme", ACCOUNT, REGION)
    with pytest.raises(Unknown, match=f"of {control.rule.subject.NOUN} acme was not read"):
        control.rule.judge(unread)


@pytest.mark.parametrize("control", REMEDIATIONS)
def test_no_knowledge_no_action(control):
    with pytest.raises(Unknown, match="was not read"):
        control.remediation.planned(Account(ACCOUNT, ACCOUNT, REGION))


@pytest.mark.parametrize("control", JUDGES)
@given(data=st.data())
def test_a_rule_reads_only_what_it_declares(control, data):
    found = data.draw(accounts(control.rule.reads))
    partial = found.only(control.rule.reads)
    assert control.rule.judge(partial) == control.rule.judge(found)
    for part, verdict in control.rule.each(partial) if control.rule.each else ():
        assert part
        assert verdict.annotation


@pytest.mark.parametrize("control", [each for each in OTHERS if each not in JUDGES])
@given(block=blocks)
def test_an_access_point_is_content_exactly_where_all_four_flags_are_on(control, block):
    point = control.rule.subject("acme", ACCOUNT, REGION, aspects={ACCESS_POINT_BLOCK.name: block})
    on = [flag for flag, is_on in (block or {}).items() if is_on]
    assert (control.rule.judge(point).compliance is Compliance.COMPLIANT) == (len(on) == 4)


@given(found=accounts([DETECTORS, ANALYZERS, MACIE, SECURITY_HUB]))
def test_every_service_is_reported_and_the_account_is_content_exactly_where_all_are(found):
    rule = controls()["account_detective_services"].rule
    parts = dict(rule.each(found))
    assert list(parts) == ["guardduty", "access-analyzer", "macie", "security-hub"]
    content = {each.compliance for each in parts.values()} == {Compliance.COMPLIANT}
    assert content == (rule.judge(found).compliance is Compliance.COMPLIANT)


def test_a_service_that_is_not_asked_for_is_not_applicable():
    rule = controls()["account_detective_services"].rule
    parts = dict(rule.each(account(), rule.parse_parameters({"services": "macie"})))
    judged = {name for name, each in parts.items() if each.compliance != "NOT_APPLICABLE"}
    assert judged == {"macie"}
    assert parts["guardduty"].annotation == "The service guardduty is not asked for."


class TestWeakening:
    """What `account_weakening` says of a change that a faulty plan would make."""

    OLD = account(
        account_public_access_block=dict.fromkeys(FLAGS, True),
        trails=[{"Name": "audit"}, {"Name": "data"}],
        metric_filters=[{"filterName": "theirs"}, {"filterName": NAME, "filterPattern": "a"}],
        alarms=[{"AlarmName": "theirs"}, {"AlarmName": NAME}],
        subscriptions={TOPICS[0]: [{"Endpoint": "a"}, {"Endpoint": "b"}], TOPICS[1]: []},
    )

    def lost(self, name, document):
        new = replace(self.OLD, aspects={**self.OLD.aspects, name: document})
        return account_weakening(self.OLD, new, [FACTS[name]])

    @pytest.mark.parametrize("name", ["trails", "metric_filters", "alarms", "subscriptions"])
    def test_the_same_is_not_weaker(self, name):
        assert self.lost(name, self.OLD.aspects[name]) is None

    @pytest.mark.parametrize("flag", FLAGS)
    def test_a_flag_off_is(self, flag):
        block = {**dict.fromkeys(FLAGS, True), flag: False}
        expected = f"its public access block loses {flag}"
        assert self.lost("account_public_access_block", block) == expected

    def test_no_block_is(self):
        assert self.lost("account_public_access_block", None)

    def test_a_trail_gone_is(self):
        assert self.lost("trails", self.OLD[TRAILS][:1]) == "trail data is gone"

    def test_a_selector_gone_is(self):
        trails = [{**self.OLD[TRAILS][0], "EventSelectors": []}, self.OLD[TRAILS][1]]
        assert self.lost("trails", trails) == "trail audit loses an event selector"

    def test_a_trail_that_cannot_be_looked_into_is_compared_as_far_as_it_can(self):
        org = {"Name": "org", "TrailARN": "arn:aws:cloudtrail:us-east-1:444455556666:trail/org"}
        old = account(trails=[org])
        assert account_weakening(old, old, [TRAILS]) is None

    @pytest.mark.parametrize(
        ("name", "key"), [("metric_filters", "filterName"), ("alarms", "AlarmName")]
    )
    def test_somebody_elses_gone_or_changed_is_and_our_own_is_not(self, name, key):
        theirs, ours = self.OLD.aspects[name]
        assert self.lost(name, [ours]) == "theirs is gone or changed"
        assert self.lost(name, [{**theirs, "x": 1}, ours]) == "theirs is gone or changed"
        assert self.lost(name, [theirs]) is None
        assert self.lost(name, [theirs, {**ours, "x": 1}, {key: "new"}]) is None

    def test_a_subscription_gone_is(self):
        told = {TOPICS[0]: [{"Endpoint": "b"}], TOPICS[1]: []}
        expected = f"topic {TOPICS[0]} or a subscription of it is gone"
        assert self.lost("subscriptions", told) == expected

    def test_a_topic_gone_is(self):
        told = {TOPICS[0]: self.OLD[SUBSCRIPTIONS][TOPICS[0]]}
        expected = f"topic {TOPICS[1]} or a subscription of it is gone"
        assert self.lost("subscriptions", told) == expected

    def test_a_plan_that_would_is_refused_before_any_call(self):
        def plan(_account, _known):
            yield AccountCall(
                PUT_EVENT_SELECTORS,
                {"TrailName": self.OLD[TRAILS][0]["TrailARN"], "EventSelectors": []},
            )

        plan.__module__ = __name__
        faulty = Remediation(
            plan,
            calls=(PUT_EVENT_SELECTORS,),
            reads=(TRAILS,),
            automatic=Automatic.NEVER,
            subject=Account,
        )
        with pytest.raises(Refused, match="would leave account 111122223333 less safe than it is"):
            faulty.planned(self.OLD)


def test_every_operation_has_an_effect_on_its_own_fact_only():
    found = account(trails=[{"Name": "audit"}])
    trail = found[TRAILS][0]["TrailARN"]
    arguments = {
        "PutPublicAccessBlock": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
        "PutEventSelectors": {"TrailName": trail, "EventSelectors": []},
        "PutMetricFilter": {"logGroupName": "a", "filterName": "b", "filterPattern": ""},
        "PutMetricAlarm": {"AlarmName": "a"},
        "CreateTopic": {"Name": "a"},
        "Subscribe": {"TopicArn": TOPICS[0], "Protocol": "email", "Endpoint": "a@example.com"},
    }
    assert {name for _, name in OPERATIONS} == arguments.keys()
    for operation in OPERATIONS.values():
        after = AccountCall(operation, arguments[operation.name]).apply(found)
        changed = {name for name in ANY if after.aspects[name] != found.aspects[name]}
        assert changed == {operation.aspect}


def test_a_flag_that_a_put_leaves_out_is_off_afterwards():
    on = account(account_public_access_block=dict.fromkeys(FLAGS, True))
    put = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
    after = AccountCall(PUT_ACCOUNT_BLOCK, put).apply(on)
    assert [after.aspects["account_public_access_block"][flag] for flag in FLAGS] == [
        *(True, False, False, False)
    ]


def test_a_topic_that_is_there_keeps_its_subscriptions():
    found = account(subscriptions={TOPICS[-1]: [{"Endpoint": "a"}]})
    assert AccountCall(CREATE_TOPIC, {"Name": NAME}).apply(found) == found
