"""docs/monitoring.md: every metric, every alarm, the dashboard, tracing, and CIS 4.8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward.metrics import METRICS, SERVICE

from .alarms import OWN, POLICY_CHANGES, WAITING, dead_letters
from .pages import NOTE, code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward.metrics import Metric

    from .alarms import Alarm

_HEAD = """\
# Monitoring

What a stack measures of itself, when it raises an alarm, and what to do then. Alerts are about your
buckets, and have [a page of their own](alerts.md); this one is about whether Bucketward does its
work.

Everything is in Amazon CloudWatch, in the stack's account and Region. Alarms tell the topic in the
output `AlarmTopic`: subscribe to it, or give an address in `AlertEmail`.

## The dashboard

CloudWatch, *Dashboards*, the name in the output `Dashboard` (the stack's name and its Region).
CloudWatch looks new controls, alerts and channels up by itself.

![All alarms of the stack, and twelve graphs: verdicts, drift, reverts, lags, changes, alerts,
deliveries, dead letters, monitors](dashboard.svg)

The picture is drawn of what the [local account](local-account.md) measured in six hours of its own
time, with a dozen attacks, a fault of AWS Config, and a war with somebody who keeps changing a
bucket back. Its latencies are made up."""
_METRICS = """\
## Metrics

In the namespace `Bucketward/<stack>`, from the functions' logs: a function prints one line in
CloudWatch's embedded metric format, which takes no call and no permission. Each metric is there
twice: for the whole stack, with the dimension `{name}` = `{value}`, and by the dimension in the
table.
"""
_OF_AWS = """\
What a function cannot count is counted by AWS: that it did not start, timed out or was killed.

| lost | namespace | metric | by |
| --- | --- | --- | --- |
| what waits in a dead-letter queue, see the alarms | `AWS/SQS` | `{waiting}` | `QueueName` |
| evaluations that failed three times | `AWS/Lambda` | `AsyncEventsDropped` | `FunctionName`: \
each control has its own |
| evaluations that did not even reach the dead-letter queue | `AWS/Lambda` | `DeadLetterErrors` | \
`FunctionName` |"""
_COUNT = """\
### How many there are

CloudWatch bills a metric once for each value of its dimension, in the hours in which it has data.
Nothing is sent that is zero. A stack in which nothing goes wrong has data in
{quiet}; the metrics by control are there in hours in
which the control evaluated something. If everything happened within one hour, there would be
{whole} for the whole stack, {by_control} for each control, and one for each standing, each kind
of alert and two for each channel.

A stack has {alarms} alarms, one more for each channel, for `CentralBusArn` and for
`CloudTrailLogGroup`; and one dashboard."""
_ALARMS = """\
## Alarms

All compare over five minutes, but for the two on silence."""
_REST = """\
## Tracing

`Tracing=true` switches AWS X-Ray on for every function, and adds `xray:PutTraceSegments` and
`xray:PutTelemetryRecords` to their roles. A trace shows when the function was invoked, how long it
waited, started and ran, and whether it failed; it does not show each call to AWS, for that takes
X-Ray's SDK in every function ([decision 12](decisions/0012-monitoring.md)). The calls of a revert
are in its journal entry.

## CIS 4.8

CIS AWS Foundations asks for a metric filter and an alarm on nine events that change a bucket's
policy, ACL, CORS, lifecycle or replication. `CloudTrailLogGroup=<name>` makes them on the log group
of a multi-Region trail, which has to be in the stack's account and Region; the alarm is
`PolicyChangesAlarm`, its topic that of the other alarms. The audit also wants somebody who
confirmed to be told: give `AlertEmail` and follow the link in the message. The control
[account_policy_change_alarm](controls/account_policy_change_alarm.md) then says COMPLIANT."""


def page() -> str:
    quiet = ("Evaluated", "DetectionLag", "Changes", "Heartbeat")
    by_control = sum(each.by == "control" for each in METRICS.values())
    parts = [
        NOTE.format(source="src/bucketward/metrics.py, bucketward_tools/generate/alarms.py"),
        _HEAD,
        _METRICS.format(name=SERVICE[0], value=SERVICE[1]),
        table(("metric", "meaning", "by", "unit"), map(_metric, METRICS.values())),
        f"`{POLICY_CHANGES.name}` has no dimension: {_small(POLICY_CHANGES.meaning)}",
        _OF_AWS.format(waiting=WAITING),
        _COUNT.format(
            quiet=code(quiet),
            whole=len(METRICS),
            by_control=by_control,
            alarms=sum(not each.condition for each in OWN),
        ),
        _ALARMS,
        table(("alarm", "goes off where", "what happened", "what to do"), _alarms()),
        _REST,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _metric(metric: Metric) -> tuple[str, ...]:
    by = f"`{metric.by}`" if metric.by else "the whole stack only"
    return f"`{metric.name}`", metric.meaning, by, metric.unit


def _alarms() -> Iterator[tuple[str, ...]]:
    channel = dead_letters("{Channel}", "the channel")
    for each in (*OWN, channel):
        yield f"`{each.name}`", _where(each), each.happened, each.response


def _where(alarm: Alarm) -> str:
    if alarm.metric is None:
        found = f"`{alarm.queue}` holds a message"
    elif alarm.silent:
        found = f"`{alarm.metric.name}` is missing for two periods of {alarm.silent // 3600} h"
    else:
        of = f" of `{alarm.value}`" if alarm.value else ""
        found = f"`{alarm.metric.name}`{of} is more than 0"
    given = _GIVEN.get(alarm.condition)
    return f"{found}, with `{given}`" if given else found


_GIVEN = {"HasCentralBus": "CentralBusArn", "HasCloudTrailLogGroup": "CloudTrailLogGroup"}
"""The parameters behind conditions."""


def _small(text: str) -> str:
    return text if text[:2].isupper() else text[0].lower() + text[1:]
