"""Nothing fails in silence: what is lost is kept in a queue, counted, and raises an alarm."""

import io
import json
import re
from contextlib import redirect_stdout

import pytest

from bucketward._log import count
from bucketward.channels import channels
from bucketward.metrics import METRICS

from .conftest import holds

CHANNELS = channels().values()
STATUS_CHANGE = {
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
    "version": "0",
    "id": "d290ece9-1088-4383-9df6-cd5b4ac42b99",
    "detail-type": "EC2 Automation Execution Status-change Notification",
    "source": "aws.ssm",
    "account": "123456789012",
    "time": "2024-11-29T19:43:35Z",
    "region": "us-east-2",
    "resources": [
        "arn:aws:ssm:us-east-2:123456789012:automation-execution/333ba70b-2333-48db-b17e-a5e69c6f4d1c",
        "arn:aws:ssm:us-east-2:123456789012:automation-definition/runcommand1:1",
    ],
    "detail": {
        "ExecutionId": "333ba70b-2333-48db-b17e-a5e69c6f4d1c",
        "Definition": {"Ref": "RemediationDocument"},
        "DefinitionVersion": 1.0,
        "Status": "Success",
        "StartTime": "Nov 29, 2024 7:43:20 PM",
        "EndTime": "Nov 29, 2024 7:43:26 PM",
        "Time": 5753.0,
        "ExecutedBy": "arn:aws:iam::123456789012:user/userName",
    },
}


def matches(pattern, event):
    """Match as EventBridge does, where the pattern has nothing but lists of values."""
    return all(
        matches(wanted, event[key]) if isinstance(wanted, dict) else event[key] in wanted
        for key, wanted in pattern.items()
    )


@pytest.mark.parametrize("status", ["Failed", "TimedOut", "Cancelled"])
def test_executions_that_did_not_succeed_are_kept(app, status):
    rule = app.properties("FailedRemediations")
    event = STATUS_CHANGE | {"detail": STATUS_CHANGE["detail"] | {"Status": status}}
    assert matches(rule["EventPattern"], event)
    assert [each["Arn"] for each in rule["Targets"]] == [
        {"Fn::GetAtt": ["RemediationDeadLetters", "Arn"]}
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"Status": "Success"},
        {"Status": "InProgress"},
        {"Status": "Failed", "Definition": "AWS-RestartEC2Instance"},
    ],
)
def test_other_executions_are_not_kept(app, other):
    event = STATUS_CHANGE | {"detail": STATUS_CHANGE["detail"] | other}
    assert not matches(app.properties("FailedRemediations")["EventPattern"], event)


def test_only_our_rule_may_fill_the_queue(app):
    [statement] = app.properties("RemediationDeadLettersPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["FailedRemediations", "Arn"]}}
    }


def test_queues_are_encrypted_and_keep_messages_as_long_as_they_can(app):
    queues = app.of_type("AWS::SQS::Queue")
    assert queues.keys() == {
        "CentralDeadLetters",
        "ChangeDeadLetters",
        "Changes",
        "EvaluationDeadLetters",
        "RemediationDeadLetters",
        *(f"{each.prefix}{part}" for each in CHANNELS for part in ("Deliveries", "DeadLetters")),
    }
    for name, queue in queues.items():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        if not name.endswith("Deliveries"):  # see test_channels.py
            assert queue["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


DEAD_LETTERS = [
    "CentralDeadLetters",
    "ChangeDeadLetters",
    "EvaluationDeadLetters",
    "RemediationDeadLetters",
    *(f"{each.prefix}DeadLetters" for each in CHANNELS),
]
WHOLE = {"service": "bucketward"}
WATCHED = {
    "BreakerOpenAlarm": ("BreakerOpen", WHOLE),
    "ChangeFailedAlarm": ("ChangeFailed", WHOLE),
    "EvaluationFailedAlarm": ("EvaluationFailed", WHOLE),
    "EvaluationsMissingAlarm": ("Evaluated", WHOLE),
    "PolicyChangesAlarm": ("PolicyChanges", {}),
    "ReconcilerMissingAlarm": ("Heartbeat", WHOLE),
    "RemediationFailedAlarm": ("RemediationFailed", WHOLE),
    "TamperedAlarm": ("Alerts", {"alert": "baseline-tampered"}),
    "WatcherOffAlarm": ("Alerts", {"alert": "watcher-off"}),
    **{
        f"{name}Alarm": (
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": {"Fn::GetAtt": [name, "QueueName"]}},
        )
        for name in DEAD_LETTERS
    },
}
SILENCE = {"ReconcilerMissingAlarm": 3600, "EvaluationsMissingAlarm": 86_400}


def dimensions(alarm):
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


def test_everything_that_must_never_happen_raises_an_alarm(app):
    alarms = {n: each["Properties"] for n, each in app.of_type("AWS::CloudWatch::Alarm").items()}
    assert {n: (each["MetricName"], dimensions(each)) for n, each in alarms.items()} == WATCHED
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        compares = alarm["ComparisonOperator"], alarm["Threshold"], alarm["TreatMissingData"]
        if name in SILENCE:
            assert compares == ("LessThanThreshold", 1, "breaching")
            assert (alarm["Period"], alarm["EvaluationPeriods"]) == (SILENCE[name], 2)
        else:
            assert compares == ("GreaterThanThreshold", 0, "notBreaching")


def test_every_dead_letter_queue_has_an_alarm(app):
    queues = [name for name in app.of_type("AWS::SQS::Queue") if name.endswith("DeadLetters")]
    assert sorted(queues) == sorted(DEAD_LETTERS)


def test_an_alarm_says_what_happened_and_where_to_go_on(app):
    """Within what CloudWatch takes; what it names is in the stack's outputs or on the machine."""
    outputs = app.translated["Outputs"].keys() | app.resources.keys()
    for name, alarm in app.of_type("AWS::CloudWatch::Alarm").items():
        text = alarm["Properties"]["AlarmDescription"]
        assert len(text) <= 1024
        assert len(re.findall(r"[.] [A-Z]", text)) >= 1, name
        assert set(re.findall(r"\b[A-Z]\w+(?:Logs|Letters|Function)\b", text)) <= outputs


@pytest.mark.parametrize("preset", ["all", "cis", "fsbp", "strict"])
def test_in_every_preset_some_rule_has_a_schedule_so_that_silence_is_wrong(shipped, preset):
    deployed = shipped.deployed(Framework=preset)
    assert any(shipped.controls[stem].rule.scheduled for stem in deployed)


@pytest.mark.parametrize("name", [n for n, (m, _) in WATCHED.items() if m in METRICS])
def test_what_the_functions_send_is_what_the_alarms_watch(shipped, monkeypatch, name):
    """Namespace, name and dimensions are those of the line that a function prints."""
    function = shipped.properties("ReconcilerFunction")["Environment"]["Variables"]
    assert function["BUCKETWARD_STACK"] == {"Ref": "AWS::StackId"}
    alarm = shipped.properties(name)
    assert alarm["Namespace"] == {"Fn::Sub": "Bucketward/${AWS::StackName}"}
    arn = "arn:aws:cloudformation:eu-central-1:111122223333:stack/ward/8c3e7c1c-9a5f-4f5c"
    monkeypatch.setenv("BUCKETWARD_STACK", arn)
    watched = dimensions(alarm)
    line = io.StringIO()
    with redirect_stdout(line):
        count(METRICS[alarm["MetricName"]], watched.get("alert", "bucket_encryption"))
    record = json.loads(line.getvalue())
    [sent] = record["_aws"]["CloudWatchMetrics"]
    assert sent["Namespace"] == "Bucketward/ward"
    assert [{each: record[each] for each in names} for names in sent["Dimensions"]].count(watched)
    assert record[alarm["MetricName"]] == [1]


def test_the_filter_on_the_trail_is_the_one_of_cis(app):
    """The pattern as Security Hub has it for CIS 4.8, letter for letter."""
    # https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-8
    counter = app.properties("PolicyChanges")
    assert counter["FilterPattern"].replace(" ", "") == (
        "{($.eventSource=s3.amazonaws.com)&&(($.eventName=PutBucketAcl)"
        "||($.eventName=PutBucketPolicy)||($.eventName=PutBucketCors)"
        "||($.eventName=PutBucketLifecycle)||($.eventName=PutBucketReplication)"
        "||($.eventName=DeleteBucketPolicy)||($.eventName=DeleteBucketCors)"
        "||($.eventName=DeleteBucketLifecycle)||($.eventName=DeleteBucketReplication))}"
    )
    [counted] = counter["MetricTransformations"]
    alarm = app.properties("PolicyChangesAlarm")
    assert "Dimensions" not in counted
    assert (counted["MetricNamespace"], counted["MetricName"]) == (
        alarm["Namespace"],
        alarm["MetricName"],
    )


def test_nothing_is_counted_on_a_trail_s_log_group_that_is_not_given(shipped):
    given = {"CloudTrailLogGroup": "trail-log"}
    for parameters, filters in (({}, 0), (given, 1)):
        stack = shipped.stack(**parameters)
        assert len(list(stack.of_type("AWS::Logs::MetricFilter"))) == filters
        assert ("PolicyChangesAlarm" in dict(stack.of_type("AWS::CloudWatch::Alarm"))) == filters


def test_someone_is_told_only_where_an_address_is_given(app):
    subscription = app.resources["AlarmEmail"]
    condition = app.translated["Conditions"][subscription["Condition"]]
    assert holds(condition, {}, {"AlertEmail": "ops@example.com"}) is True
    assert holds(condition, {}, {"AlertEmail": ""}) is False
