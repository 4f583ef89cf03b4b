"""What fails is retried, then kept where somebody sees it; nothing is lost or guessed."""

import json

import pytest

from bucketward_tools.local.events import (
    ApiCall,
    DeadLettered,
    Emitted,
    Evaluated,
    Invoked,
    RemediationEnded,
    RemediationGivenUp,
    RemediationStarted,
)
from bucketward_tools.local.faults import TIMEOUT
from local.story import (
    CONTROLS,
    DRIFTS,
    LAKE,
    PARAMETERS,
    drift,
    of_kind,
    verdicts,
)

CONTROL = "bucket_versioning"
READ = {
    "bucket_encryption": "GetBucketEncryption",
    "bucket_logging": "GetBucketLogging",
    "bucket_public_access_block": "GetPublicAccessBlock",
    "bucket_versioning": "GetBucketVersioning",
}
WRITE = {control: operation.replace("Get", "Put") for control, operation in READ.items()}


def counted(account, name):
    return sum(
        metric.value
        for metric in account.logs.metrics
        if (metric.namespace, metric.name) == ("Bucketward/bucketward", name)
        and metric.dimensions == {"service": "bucketward"}
    )


def statuses(account):
    return [each.status for each in of_kind(account, RemediationEnded)]


def invocations(account, error=None):
    found = of_kind(account, Invoked)
    return [each for each in found if error is None or bool(each.error) is error]


# ---- S3 while a remediation runs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("drift", "code"),
    [(each, "AccessDenied") for each in DRIFTS]
    + [(drift(CONTROL), code) for code in ("SlowDown", "InternalError", TIMEOUT)],
    ids=str,
)
@pytest.mark.parametrize("operations", [READ, WRITE], ids=["read", "write"])
def test_s3_that_keeps_failing_ends_in_the_queue_and_the_alarm(account, drift, operations, code):
    before = account.snapshot(LAKE)
    drift.change(account.client("s3"))
    drifted = account.snapshot(LAKE)
    account.fail(operations[drift.control], code)
    account.settle()
    assert statuses(account) == ["Failed"] * 5
    assert account.compliance(drift.control, LAKE) == "NON_COMPLIANT"
    assert account.snapshot(LAKE) == drifted != before
    assert account.logs.alarmed() == {"RemediationFailedAlarm", "RemediationDeadLettersAlarm"}
    assert len(account.messages("RemediationDeadLetters")) == 5
    assert counted(account, "RemediationFailed") == 5
    (given_up,) = of_kind(account, RemediationGivenUp)
    assert given_up.attempts == 5


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", TIMEOUT])
def test_s3_that_recovers_within_a_call_is_not_even_noticed(account, code):
    drift(CONTROL).change(account.client("s3"))
    account.fail(READ[CONTROL], code, times=2)
    account.settle()
    assert statuses(account) == ["Success"]
    assert account.compliance(CONTROL, LAKE) == "COMPLIANT"


def test_access_denied_once_is_retried_by_aws_config(account):
    drift(CONTROL).change(account.client("s3"))
    account.fail(READ[CONTROL], "AccessDenied", times=1)
    account.settle()
    assert statuses(account) == ["Failed", "Success"]
    assert account.compliance(CONTROL, LAKE) == "COMPLIANT"


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_a_bucket_deleted_before_its_remediation_needs_none(account, drift):
    s3 = account.client("s3")
    drift.change(s3)
    account.clock.later(40, lambda: s3.delete_bucket(Bucket=LAKE))  # between verdict and start
    account.settle()
    assert verdicts(account, drift.control) == ["NON_COMPLIANT", "NOT_APPLICABLE"]
    (ended,) = of_kind(account, RemediationEnded)
    assert ended.status == "Success"
    assert "does not exist any more" in ended.outputs["Confirm.Payload"]
    assert account.logs.alarmed() == set()


def test_a_bucket_deleted_while_it_is_remediated_needs_nothing_more(account):
    drift(CONTROL).change(account.client("s3"))
    account.fail(WRITE[CONTROL], "NoSuchBucket")
    account.settle()
    (ended,) = of_kind(account, RemediationEnded)
    assert "does not exist any more" in ended.outputs["Confirm.Payload"]
    assert not [call for call in of_kind(account, ApiCall) if call.operation == "CreateBucket"]


# ---- AWS Config ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", TIMEOUT])
def test_a_verdict_that_config_never_takes_is_dead_lettered(account, code):
    drift(CONTROL).change(account.client("s3"))
    account.fail("PutEvaluations", code)
    account.settle()
    assert of_kind(account, Evaluated) == []
    assert len(invocations(account, error=True)) == 3 * len(CONTROLS)
    lettered = of_kind(account, DeadLettered)
    assert len(lettered) == len(CONTROLS)
    first = json.loads(lettered[0].body["invokingEvent"])
    assert first["configurationItem"]["resourceId"] == LAKE
    assert account.logs.alarmed() == {"EvaluationFailedAlarm", "EvaluationDeadLettersAlarm"}
    assert counted(account, "EvaluationFailed") == 3 * len(CONTROLS)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", TIMEOUT])
def test_a_verdict_that_config_takes_at_the_third_try_is_not_lost(account, code):
    # A client tries five times where it retries at all, once otherwise.
    tries = 1 if code == "AccessDeniedException" else 5
    drift(CONTROL).change(account.client("s3"))
    account.fail("PutEvaluations", code, times=2 * tries * len(CONTROLS))
    account.settle()
    assert verdicts(account, CONTROL) == ["NON_COMPLIANT", "COMPLIANT"]
    assert of_kind(account, DeadLettered) == []
    assert [each.attempt for each in invocations(account, error=True)].count(2) == len(CONTROLS)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", TIMEOUT])
@pytest.mark.parametrize("control", ["bucket_encryption", "bucket_logging"])
def test_a_history_that_cannot_be_read_leads_to_no_guess(account, control, code):
    drift(control).change(account.client("s3"))
    drifted = account.snapshot(LAKE)
    account.fail("GetResourceConfigHistory", code)
    account.settle()
    assert set(statuses(account)) == {"Failed"}
    assert account.snapshot(LAKE) == drifted
    assert "RemediationDeadLettersAlarm" in account.logs.alarmed()


def test_an_oversized_item_that_cannot_be_fetched_is_dead_lettered(open_account):
    from local.story import build

    account = open_account(oversized_at=1000)
    build(account)
    account.events.clear()
    drift(CONTROL).change(account.client("s3"))
    account.fail("GetResourceConfigHistory", "ThrottlingException")
    account.settle()
    assert of_kind(account, Evaluated) == []
    assert len(of_kind(account, DeadLettered)) == len(CONTROLS)


# ---- Events -------------------------------------------------------------------------------------

MALFORMED = {
    "no JSON": {"invokingEvent": "{", "resultToken": "t"},
    "no invoking event": {"resultToken": "t"},
    "unknown message": {"invokingEvent": '{"messageType": "Else"}', "resultToken": "t"},
    "scheduled": {"invokingEvent": '{"messageType": "ScheduledNotification"}', "resultToken": "t"},
    "no item": {
        "invokingEvent": '{"messageType": "ConfigurationItemChangeNotification"}',
        "resultToken": "t",
    },
    "a list": ["invokingEvent"],
    "a text": "invokingEvent",
    "nothing": None,
}


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("event", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_event_is_dead_lettered_and_counted(open_account, control, event):
    account = open_account()
    rule = account.wiring.rules[account.rule_name(control)]
    function = account.wiring.function(rule.function_arn)
    account.functions.invoke_asynchronously(function, event, "config.amazonaws.com")
    account.settle()
    assert [each.attempt for each in invocations(account, error=True)] == [1, 2, 3]
    assert account.messages("EvaluationDeadLetters") == [event]
    assert counted(account, "EvaluationFailed") == 3
    assert account.logs.alarmed() == {"EvaluationFailedAlarm", "EvaluationDeadLettersAlarm"}


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("event", [{}, {"ResourceId": "../x"}, {"ResourceId": 7}, []])
def test_a_malformed_remediation_event_fails_and_is_counted(open_account, control, event):
    account = open_account()
    rule = account.wiring.remediations[account.rule_name(control)]
    name = rule.parameters["FunctionName"]["StaticValue"]["Values"][0]
    result = account.functions.invoke(account.wiring.function(name), event, "test")
    assert result.kind == "BadInput"
    assert counted(account, "RemediationFailed") == 1


def newest_event(account, control=CONTROL):
    """Return the rule, and a notification of each item of the lake."""
    rule = account.wiring.rules[account.rule_name(control)]
    items = account.recorder.items[LAKE]
    return rule, [
        json.dumps({"messageType": "ConfigurationItemChangeNotification", "configurationItem": i})
        for i in items
    ]


def test_an_older_item_that_arrives_late_changes_no_verdict(account):
    drift(CONTROL).change(account.client("s3"))
    account.settle()
    rule, messages = newest_event(account)
    drifted = next(m for m in messages if "Suspended" in m)
    account.events.clear()
    account.config.invoke(rule, drifted)
    account.settle()
    (late,) = of_kind(account, Evaluated)
    assert (late.compliance, late.superseded) == ("NON_COMPLIANT", True)
    assert account.compliance(CONTROL, LAKE) == "COMPLIANT"
    assert not of_kind(account, RemediationStarted)


def test_a_notification_that_arrives_twice_leads_to_one_remediation(account):
    account.events.clear()
    drift(CONTROL).change(account.client("s3"))
    rule = account.wiring.rules[account.rule_name(CONTROL)]

    def again():
        account.config.invoke(rule, newest_event(account)[1][-1])

    account.clock.later(31, again)  # right after the recorder's own
    account.settle()
    assert verdicts(account, CONTROL)[:2] == ["NON_COMPLIANT", "NON_COMPLIANT"]
    assert len(of_kind(account, RemediationStarted)) == 1
    assert account.compliance(CONTROL, LAKE) == "COMPLIANT"


def test_a_forced_re_evaluation_reports_the_same_state_again(account):
    rule = account.rule_name(CONTROL)
    config = account.client("config", "arn:aws:iam::111122223333:role/Auditor")
    config.start_config_rules_evaluation(ConfigRuleNames=[rule])
    account.settle()
    assert verdicts(account, CONTROL) == ["COMPLIANT"]
    assert {each.rule for each in of_kind(account, Evaluated)} == {rule}


# ---- Wars and overrides --------------------------------------------------------------------------


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_a_change_that_comes_back_at_once_is_failed_five_times_then_given_up(account, drift):
    """Somebody's pipeline writes its own value after each of our writes."""
    s3 = account.client("s3", "arn:aws:iam::111122223333:role/Pipeline")
    drift.change(s3)
    drifted = account.snapshot(LAKE)
    account.react(WRITE[drift.control], lambda: drift.change(s3))
    account.settle()
    assert statuses(account) == ["Failed"] * 5
    assert all("changed bucket" in str(each.failure) for each in of_kind(account, RemediationEnded))
    assert len(of_kind(account, RemediationGivenUp)) == 1
    assert account.snapshot(LAKE) == drifted
    failed = [each for each in of_kind(account, Emitted) if each.detail.get("Status") == "Failed"]
    assert len(failed) == len(account.messages("RemediationDeadLetters")) == 5


def test_a_war_of_minutes_is_given_up_within_the_hour(account):
    """Each revert holds when it is looked at, and is undone minutes later."""
    s3 = account.client("s3")
    for minutes in range(0, 60, 5):
        account.clock.later(60 * minutes, lambda: drift(CONTROL).change(s3))
    account.settle()
    assert statuses(account) == ["Success"] * 5
    assert len(of_kind(account, RemediationGivenUp)) == 1
    assert account.compliance(CONTROL, LAKE) == "NON_COMPLIANT"


def test_drift_now_and_then_is_put_back_for_ever(account):
    s3 = account.client("s3")
    for hours in range(8):
        account.clock.later(3600 * hours, lambda: drift(CONTROL).change(s3))
    account.settle()
    assert statuses(account) == ["Success"] * 8
    assert of_kind(account, RemediationGivenUp) == []


def test_a_bad_parameter_is_no_verdict_but_a_dead_letter(open_account):
    """CloudFormation lets a key pass that the control does not: the rule says so, by failing."""
    from local.story import create

    def edit(translated):
        rule = translated["Resources"]["BucketLoggingRule"]["Properties"]
        rule["InputParameters"] = {"targetBucket": "acme-logs"}  # the s is missing

    account = open_account(parameters=PARAMETERS, edit=edit)
    create(account, LAKE)
    account.settle()
    assert account.compliance("bucket_logging", LAKE) == "INSUFFICIENT_DATA"
    letters = of_kind(account, DeadLettered)
    assert letters
    assert all("has no parameter 'targetBucket'" in str(each.error) for each in letters)
