"""CloudWatch: the functions' logs, the metrics made of them, and the alarms on these."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .deployment import peek
from .errors import NotEmulated
from .filter_patterns import counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import LocalAccount
    from .wiring import Function


@dataclass(frozen=True, slots=True)
class Metric:
    """One data point."""

    time: datetime
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float


class Logs:
    """What the functions wrote, by log group, and what is counted in it."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.lines: dict[str, list[str]] = {}
        self.metrics: list[Metric] = []

    def write(self, function: Function, output: str) -> None:
        lines = [line for line in output.splitlines() if line.strip()]
        self.lines.setdefault(function.log_group, []).extend(lines)
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                self.metrics.extend(_embedded(record, self._account.clock.now))
                self.metrics.extend(self._filtered(record, function.log_group))

    @cached_property
    def _filters(self) -> list[dict[str, Any]]:
        return [each for _, each in self._account.wiring.stack.of_type("AWS::Logs::MetricFilter")]

    @cached_property
    def trail_groups(self) -> set[str]:
        """The log groups that the template has filters on and that are not its own."""
        groups = {str(each["LogGroupName"]) for each in self._filters}
        return groups - self._account.wiring.log_groups

    def _filtered(self, record: Mapping[str, Any], group: str) -> Iterator[Metric]:
        """Apply the metric filters that the template puts on a log group."""
        for each in self._filters:
            if each["LogGroupName"] == group and counts(each["FilterPattern"], record):
                for to in each["MetricTransformations"]:
                    value, now = float(to["MetricValue"]), self._account.clock.now
                    yield Metric(now, to["MetricNamespace"], to["MetricName"], {}, value)

    def trailed(self, record: Mapping[str, Any]) -> None:
        """Take a record of CloudTrail into the log group that the trail sends them to."""
        for group in self.trail_groups:
            self.metrics.extend(self._filtered(record, group))

    def alarmed(self, since: datetime | None = None) -> set[str]:
        """Return the logical ids of the alarms that have gone off and told somebody.

        ``since`` leaves out what was measured before. Those on silence are for `silent` to tell:
        schedules do not come round by themselves here.
        """
        return {
            name
            for name, each in self._alarms()
            if each["TreatMissingData"] != "breaching" and self._exceeded(name, each, since)
        }

    def silent(self) -> set[str]:
        """Return the logical ids of the alarms on silence that go off now."""
        return {
            name
            for name, each in self._alarms()
            if each["TreatMissingData"] == "breaching" and self._missed(name, each)
        }

    def _alarms(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the alarms that tell a topic of the stack."""
        stack = self._account.wiring.stack
        topics = {stack.reference(name) for name, _ in stack.of_type("AWS::SNS::Topic")}
        for name, each in stack.of_type("AWS::CloudWatch::Alarm"):
            if topics.intersection(each.get("AlarmActions", ())):
                yield name, {"TreatMissingData": "missing", **each}

    def _exceeded(self, name: str, alarm: Mapping[str, Any], since: datetime | None) -> bool:
        if (
            alarm["ComparisonOperator"] != "GreaterThanThreshold"
            or alarm["EvaluationPeriods"] != 1
            or alarm["Statistic"] not in {"Sum", "Maximum"}
        ):
            raise NotEmulated(f"Alarm {name} compares in a way that is not emulated.")
        if alarm["Namespace"] == "AWS/SQS":
            queue = _dimensions(alarm)["QueueName"]
            return self._waiting(queue) > float(alarm["Threshold"])
        points = [each for each in self._points(alarm) if since is None or each.time >= since]
        combined = sum if alarm["Statistic"] == "Sum" else max
        period = timedelta(seconds=alarm["Period"])
        return any(
            combined(p.value for p in points if first.time <= p.time < first.time + period)
            > float(alarm["Threshold"])
            for first in points
        )

    def _missed(self, name: str, alarm: Mapping[str, Any]) -> bool:
        """Whether every one of the last periods, up to now, had less than the threshold."""
        if (alarm["ComparisonOperator"], alarm["Statistic"]) != ("LessThanThreshold", "Sum"):
            raise NotEmulated(f"Alarm {name} compares in a way that is not emulated.")
        now, period = self._account.clock.now, timedelta(seconds=alarm["Period"])
        points = self._points(alarm)
        return all(
            sum(p.value for p in points if now - n * period >= p.time > now - (n + 1) * period)
            < float(alarm["Threshold"])
            for n in range(alarm["EvaluationPeriods"])
        )

    def _points(self, alarm: Mapping[str, Any]) -> list[Metric]:
        wanted = alarm["Namespace"], alarm["MetricName"], _dimensions(alarm)
        return [
            each for each in self.metrics if (each.namespace, each.name, each.dimensions) == wanted
        ]

    def _waiting(self, queue: str) -> int:
        known = self._account.wiring.queues.values()
        return sum(len(peek(self._account.place, q.name)) for q in known if q.name == queue)


def _dimensions(alarm: Mapping[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in alarm.get("Dimensions", ())}


def _embedded(record: Mapping[str, Any], now: datetime) -> Iterator[Metric]:
    """Read a line in CloudWatch's embedded metric format."""
    for directive in record.get("_aws", {}).get("CloudWatchMetrics", ()):
        for names in directive["Dimensions"]:
            dimensions = {name: record[name] for name in names}
            for metric in directive["Metrics"]:
                values = record[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Metric(now, directive["Namespace"], metric["Name"], dimensions, value)
