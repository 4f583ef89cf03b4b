"""The alarms of template.yaml: what must never happen, and what to do where it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bucketward import metrics
from bucketward.changes.alerts.operations import TAMPERED, WATCHER_OFF
from bucketward.channels import channels
from bucketward.metrics import Metric

from .holes import Lines, Tag, lines

NAMESPACE = Tag("!Sub Bucketward/${AWS::StackName}")
POLICY_CHANGES = Metric(
    "PolicyChanges",
    "CIS 4.8's nine events in the log group of the trail, refused calls among them; counted by a "
    "metric filter.",
    by="",
)
"""Not sent by a function; without dimensions, as the audit of CIS asks for."""
WAITING = "ApproximateNumberOfMessagesVisible"
_DAY, _HOUR, _MINUTES = 86_400, 3_600, 300


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: on more than nothing in a metric or a queue, or on silence.

    ``value`` narrows the metric to one value of its second dimension. ``silent`` are the seconds of
    a period, two of which without anything are an alarm.
    """

    stem: str
    happened: str
    response: str
    metric: Metric | None = None
    value: str = ""
    queue: str = ""
    silent: int = 0
    condition: str = ""

    @property
    def name(self) -> str:
        """Return the logical id."""
        return f"{self.stem}Alarm"

    @property
    def dimensions(self) -> list[dict[str, str]]:
        if self.queue:
            return [{"Name": "QueueName", "Value": Tag(f"!GetAtt {self.queue}.QueueName")}]
        if self.metric is None or self.metric is POLICY_CHANGES:
            return []
        name, value = (self.metric.by, self.value) if self.value else metrics.SERVICE
        return [{"Name": name, "Value": value}]

    def resource(self) -> dict[str, Any]:
        return {
            "Type": "AWS::CloudWatch::Alarm",
            **({"Condition": self.condition} if self.condition else {}),
            "Properties": {
                "AlarmDescription": f"{self.happened} {self.response}",
                "Namespace": NAMESPACE if self.metric else "AWS/SQS",
                "MetricName": self.metric.name if self.metric else WAITING,
                "Dimensions": self.dimensions,
                "Statistic": "Sum" if self.metric else "Maximum",
                "Period": self.silent or _MINUTES,
                "EvaluationPeriods": 2 if self.silent else 1,
                "Threshold": 1 if self.silent else 0,
                "ComparisonOperator": "LessThanThreshold"
                if self.silent
                else "GreaterThanThreshold",
                "TreatMissingData": "breaching" if self.silent else "notBreaching",
                "AlarmActions": [Tag("!Ref AlarmTopic")],
            },
        }


_MOVE = "then move them back with aws sqs start-message-move-task."
_SILENT_AT_FIRST = "In a new stack it goes off as well, and is over after the first run."

OWN = (
    Alarm(
        "EvaluationFailed",
        "A rule could not report a verdict; AWS Config shows the one before.",
        "Read the reason in the log group RuleLogs; Lambda tries twice more by itself.",
        metrics.EVALUATION_FAILED,
    ),
    Alarm(
        "RemediationFailed",
        "A remediation did not bring its bucket back.",
        "Read the reason in the log group RemediationLogs and put the bucket right by hand where "
        "AWS Config gives up.",
        metrics.REVERT_FAILED,
    ),
    Alarm(
        "BreakerOpen",
        "A control reverted one bucket so often within an hour that it stopped: somebody changes "
        "it back each time.",
        "Run bucketward breaker list, agree with whoever it is, then run bucketward breaker close.",
        metrics.BREAKER_OPEN,
    ),
    Alarm(
        "ChangeFailed",
        "A monitor could not deal with a change; it is tried again.",
        "Read the reason in the log group MonitorLogs.",
        metrics.CHANGE_FAILED,
    ),
    Alarm(
        "Tampered",
        "The signature of an approved document does not match it: somebody wrote to the table of "
        "baselines without the key.",
        "Find out who in CloudTrail, then approve the bucket again with bucketward approve. "
        "Nothing is restored from it.",
        metrics.ALERTS,
        value=TAMPERED.id,
    ),
    Alarm(
        "WatcherOff",
        "A part of Bucketward is missing or switched off.",
        "The log group MonitorLogs says which; find out who did it, and deploy the stack again.",
        metrics.ALERTS,
        value=WATCHER_OFF.id,
    ),
    # Who watches the watchers' watcher.
    Alarm(
        "ReconcilerMissing",
        "The reconciler has not run to its end for two hours, so nobody looks whether the watchers "
        "are awake.",
        f"Read the log group MonitorLogs and look at ReconcilerFunction. {_SILENT_AT_FIRST}",
        metrics.HEARTBEAT,
        silent=_HOUR,
    ),
    Alarm(
        "EvaluationsMissing",
        "No rule has reported a verdict for two days, although some have a daily schedule.",
        "Look whether AWS Config's recorder is on, whether it may invoke the rules' functions, and "
        f"into the log group RuleLogs. {_SILENT_AT_FIRST}",
        metrics.EVALUATED,
        silent=_DAY,
    ),
    # These also hear of what a function cannot count: that it does not start, or is killed.
    Alarm(
        "EvaluationDeadLetters",
        "Evaluations, or runs of the reconciler, were lost for good; their events are in the queue "
        "EvaluationDeadLetters.",
        # SQS does not move the messages of a Lambda function's dead-letter queue back.
        "Put right what the log group RuleLogs tells, let the rules judge again with aws "
        "configservice start-config-rules-evaluation, and purge the queue.",
        queue="EvaluationDeadLetters",
    ),
    Alarm(
        "RemediationDeadLetters",
        "Remediation executions failed; their events are in the queue RemediationDeadLetters.",
        "Look at the execution in Systems Manager and into the log group RemediationLogs, put the "
        "reason right, start the remediation in AWS Config, and purge the queue.",
        queue="RemediationDeadLetters",
    ),
    Alarm(
        "ChangeDeadLetters",
        "Changes of S3 were not dealt with; their events are in the queue ChangeDeadLetters.",
        f"Put right what the log group MonitorLogs tells, {_MOVE}",
        queue="ChangeDeadLetters",
    ),
    Alarm(
        "CentralDeadLetters",
        "Alerts, reverts or alarms did not reach the central event bus; they are in the queue "
        "CentralDeadLetters.",
        "Read ERROR_MESSAGE in the attributes of a message, put the policy of the bus or "
        "CentralBusArn right, and purge the queue.",
        queue="CentralDeadLetters",
        condition="HasCentralBus",
    ),
    Alarm(
        "PolicyChanges",
        "A bucket's policy, ACL, CORS, lifecycle or replication was changed, or somebody tried "
        "(CIS AWS Foundations 4.8).",
        "The alerts and the trail say who; nothing is to be done where it was meant.",
        POLICY_CHANGES,
        condition="HasCloudTrailLogGroup",
    ),
)


def alarms() -> tuple[Alarm, ...]:
    return OWN + tuple(dead_letters(each.prefix, each.title) for each in channels().values())


def dead_letters(prefix: str, title: str) -> Alarm:
    """Return the alarm on what a channel did not take."""
    queue = f"{prefix}DeadLetters"
    return Alarm(
        queue,
        f"Alerts did not reach {title}; they are in the queue {queue}.",
        f"Put right what the log group MonitorLogs tells, {_MOVE}",
        queue=queue,
        condition=f"Has{prefix}",
    )


def resources() -> Lines:
    """Return the alarms as lines of the template, with a blank line between two."""
    found = Lines()
    for each in alarms():
        found += [*([""] if found else []), *lines({each.name: each.resource()})]
    return found
