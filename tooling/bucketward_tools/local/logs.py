"""CloudWatch: the functions' logs, the metrics made of them, and the alarms on these."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import LocalAccount
    from .wiring import Function

_FILTER = re.compile(r"\{ \$\.(\w+)\[(\d+)\] >= (\d+) \}")
"""The one form of a metric filter's pattern that is understood: ``{ $.Name[0] >= 1 }``."""


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
    def _filters(self) -> list[tuple[str, dict[str, Any]]]:
        return list(self._account.wiring.stack.of_type("AWS::Logs::MetricFilter"))

    def _filtered(self, record: Mapping[str, Any], group: str) -> Iterator[Metric]:
        """Apply the metric filters of the template."""
        for name, each in self._filters:
            pattern = _FILTER.fullmatch(each["FilterPattern"])
            if pattern is None:
                raise NotEmulated(f"Metric filter {name} has the pattern {each['FilterPattern']}.")
            values = record.get(pattern[1])
            index, least = int(pattern[2]), float(pattern[3])
            if (
                each["LogGroupName"] == group
                and isinstance(values, list)
                and len(values) > index
                and values[index] >= least
            ):
                for to in each["MetricTransformations"]:
                    value = float(to["MetricValue"])
                    now = self._account.clock.now
                    yield Metric(now, to["MetricNamespace"], to["MetricName"], {}, value)

    def alarmed(self) -> set[str]:
        """Return the logical ids of the alarms that have gone off and told somebody."""
        stack = self._account.wiring.stack
        topics = {stack.reference(name) for name, _ in stack.of_type("AWS::SNS::Topic")}
        return {
            name
            for name, each in stack.of_type("AWS::CloudWatch::Alarm")
            if self._beyond(name, each) and topics.intersection(each.get("AlarmActions", ()))
        }

    def _beyond(self, name: str, alarm: Mapping[str, Any]) -> bool:
        if alarm.get("TreatMissingData") == "breaching":
            return False  # an alarm on silence: schedules do not come round by themselves here
        if (
            alarm["ComparisonOperator"] != "GreaterThanThreshold"
            or alarm["EvaluationPeriods"] != 1
            or alarm["Statistic"] not in {"Sum", "Maximum"}
        ):
            raise NotEmulated(f"Alarm {name} compares in a way that is not emulated.")
        dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", ())}
        if alarm["Namespace"] == "AWS/SQS":
            return self._waiting(dimensions["QueueName"]) > float(alarm["Threshold"])
        points = [
            point
            for point in self.metrics
            if (point.namespace, point.name) == (alarm["Namespace"], alarm["MetricName"])
            and point.dimensions == dimensions
        ]
        combined = sum if alarm["Statistic"] == "Sum" else max
        period = timedelta(seconds=alarm["Period"])
        return any(
            combined(p.value for p in points if first.time <= p.time < first.time + period)
            > float(alarm["Threshold"])
            for first in points
        )

    def _waiting(self, queue: str) -> int:
        known = self._account.wiring.queues.values()
        return sum(len(self._account.messages(q.name)) for q in known if q.name == queue)


def _embedded(record: Mapping[str, Any], now: datetime) -> Iterator[Metric]:
    """Read a line in CloudWatch's embedded metric format."""
    for directive in record.get("_aws", {}).get("CloudWatchMetrics", ()):
        for names in directive["Dimensions"]:
            dimensions = {name: record[name] for name in names}
            for metric in directive["Metrics"]:
                values = record[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Metric(now, directive["Namespace"], metric["Name"], dimensions, value)
