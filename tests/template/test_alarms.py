"""Nothing fails in silence: what is lost is kept in a queue, counted, and raises an alarm."""

import io
import json
import re
from contextlib import redirect_stdout

import pytest

from bucketward._log import count
from bucketward.channels import channels

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


def test_everything_that_may_be_lost_raises_an_alarm(app):
    watched = set()
    for alarm in app.of_type("AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        assert properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        missing = properties["MetricName"] == "Heartbeat"
        assert (properties["ComparisonOperator"], properties["Threshold"]) == (
            ("LessThanThreshold", 1) if missing else ("GreaterThanThreshold", 0)
        )
        assert properties["TreatMissingData"] == ("breaching" if missing else "notBreaching")
        queue = [each["Value"]["Fn::GetAtt"][0] for each in properties.get("Dimensions", ())]
        watched.add((properties["MetricName"], *queue))
    assert watched == {
        ("ChangeFailed",),
        ("EvaluationFailed",),
        ("Heartbeat",),
        ("RemediationFailed",),
        ("ApproximateNumberOfMessagesVisible", "CentralDeadLetters"),
        ("ApproximateNumberOfMessagesVisible", "ChangeDeadLetters"),
        ("ApproximateNumberOfMessagesVisible", "EvaluationDeadLetters"),
        ("ApproximateNumberOfMessagesVisible", "RemediationDeadLetters"),
        *(("ApproximateNumberOfMessagesVisible", f"{c.prefix}DeadLetters") for c in CHANNELS),
    }


def test_a_reconciler_that_is_missed_twice_raises_an_alarm(app):
    """It runs every hour; nothing counted is as bad as nothing run."""
    alarm = app.properties("ReconcilerMissingAlarm")
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 2)
    assert alarm["Statistic"] == "Sum"


@pytest.mark.parametrize(
    ("group", "metric", "name"),
    [
        ("RuleLogs", "EvaluationFailed", "EvaluationFailedAlarm"),
        ("RemediationLogs", "RemediationFailed", "RemediationFailedAlarm"),
        ("MonitorLogs", "ChangeFailed", "ChangeFailedAlarm"),
        ("MonitorLogs", "Heartbeat", "ReconcilerMissingAlarm"),
    ],
)
def test_what_the_functions_count_is_what_the_alarms_watch(app, group, metric, name):
    [counter] = [
        each["Properties"]
        for each in app.of_type("AWS::Logs::MetricFilter").values()
        if each["Properties"]["LogGroupName"] == {"Ref": group}
        and each["Properties"]["MetricTransformations"][0]["MetricName"] == metric
    ]
    [published] = counter["MetricTransformations"]
    alarm = app.properties(name)
    assert (published["MetricNamespace"], published["MetricName"]) == (
        alarm["Namespace"],
        alarm["MetricName"],
    )
    selector = re.fullmatch(r"{ \$\.(\w+)\[0\] >= 1 }", counter["FilterPattern"])[1]
    assert logged(metric)[selector][0] >= 1
    assert selector not in logged("Evaluated")


def logged(metric):
    line = io.StringIO()
    with redirect_stdout(line):
        count(metric, control="bucket_encryption")
    return json.loads(line.getvalue())


def test_someone_is_told_only_where_an_address_is_given(app):
    subscription = app.resources["AlarmEmail"]
    condition = app.translated["Conditions"][subscription["Condition"]]
    assert holds(condition, {}, {"AlertEmail": "ops@example.com"}) is True
    assert holds(condition, {}, {"AlertEmail": ""}) is False
