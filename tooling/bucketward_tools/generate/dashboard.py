"""The dashboard's body, in the form that CloudFormation substitutes names in.

It is made of the metrics' own objects. Source: CloudWatch API reference, "Dashboard Body Structure
and Syntax", and its user guide, "CloudWatch search expression syntax".
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from bucketward import metrics

from .alarms import WAITING, alarms
from .holes import Lines

if TYPE_CHECKING:
    from bucketward.metrics import Metric

Widget = dict[str, Any]
Series = list[Any]

PERIOD = 300
_NAMESPACE = "Bucketward/${AWS::StackName}"
_OPTIONAL = "OptionalAlarms"
_WIDTH, _HEIGHT, _ACROSS = 8, 6, 3


def widgets() -> list[Widget]:
    """Return the widgets: all alarms, then graphs in rows of three."""
    found: list[Widget] = [_alarms()]
    for number, (title, series) in enumerate(_graphs()):
        row, column = divmod(number, _ACROSS)
        properties = {
            "title": title,
            "view": "timeSeries",
            "region": "${AWS::Region}",
            "period": PERIOD,
            "metrics": series,
        }
        place = {"x": column * _WIDTH, "y": found[0]["height"] + row * _HEIGHT}
        size = {"width": _WIDTH, "height": _HEIGHT}
        found.append({"type": "metric", **place, **size, "properties": properties})
    return found


def body() -> Lines:
    """Return the body as lines of JSON, one a widget."""
    written = [json.dumps(each) for each in widgets()]
    # The alarms that there are only where something is switched on bring their commas along.
    written[0] = written[0].replace(f', "${{{_OPTIONAL}}}"', f"${{{_OPTIONAL}}}")
    return Lines(
        ['{"widgets": [', *(f" {each}," for each in written[:-1]), f" {written[-1]}", "]}"]
    )


def optional_alarms() -> str:
    """Return what CloudFormation puts in for the alarms that are there under a condition."""
    parts = ", ".join(
        f"!If [{each.condition}, !Sub ', \"${{{each.name}.Arn}}\"', '']"
        for each in alarms()
        if each.condition
    )
    return f"!Join ['', [{parts}]]"


def _alarms() -> Widget:
    always = [f"${{{each.name}.Arn}}" for each in alarms() if not each.condition]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": _ACROSS * _WIDTH,
        "height": 5,
        "properties": {"title": "Alarms", "alarms": [*always, f"${{{_OPTIONAL}}}"]},
    }


def _graphs() -> list[tuple[str, list[Series]]]:
    searches = count(1)

    def each(metric: Metric, statistic: str = "Sum") -> Series:
        """Show a metric by its second dimension, whatever values that has."""
        schema = f'{{"{_NAMESPACE}",{metric.by}}} MetricName="{metric.name}"'
        expression = f"SEARCH('{schema}', '{statistic}', {PERIOD})"
        return [{"expression": expression, "id": f"e{next(searches)}"}]

    lags = ("p50", "p90")
    dead = ("EvaluationDeadLetters", "RemediationDeadLetters", "ChangeDeadLetters")
    return [
        (
            "Verdicts",
            [
                _whole(metrics.EVALUATED),
                _whole(metrics.EVALUATION_FAILED),
                _whole(metrics.EVALUATION_DEFERRED),
            ],
        ),
        ("Drift found, by control", [each(metrics.DRIFT)]),
        ("Reverted, by control", [each(metrics.REVERTED)]),
        ("Reverts that failed, by control", [each(metrics.REVERT_FAILED)]),
        (
            "Breaker open, reverts started at once",
            [_whole(metrics.BREAKER_OPEN), _whole(metrics.FAST_REVERTS)],
        ),
        ("Detection lag, seconds", [_whole(metrics.DETECTION_LAG, each) for each in lags]),
        ("Revert lag, seconds", [_whole(metrics.REVERT_LAG, each) for each in lags]),
        ("Changes, by what they were judged", [each(metrics.CHANGES)]),
        ("Alerts, by id", [each(metrics.ALERTS)]),
        ("Deliveries, by channel", [each(metrics.DELIVERED), each(metrics.DELIVERY_FAILED)]),
        ("Lost: in the dead-letter queues", [_queue(name, WAITING) for name in dead]),
        (
            "The monitors",
            [
                _whole(metrics.HEARTBEAT),
                _whole(metrics.CHANGE_FAILED),
                _queue("Changes", WAITING),
                *(_function(name) for name in ("ChangeMonitorFunction", "ReconcilerFunction")),
            ],
        ),
    ]


def _whole(metric: Metric, statistic: str = "Sum") -> Series:
    label = metric.name if statistic == "Sum" else statistic
    shown = {"stat": statistic, "label": label}
    return [_NAMESPACE, metric.name, *metrics.SERVICE, shown]


def _queue(name: str, metric: str) -> Series:
    shown = {"stat": "Maximum", "label": name}
    return ["AWS/SQS", metric, "QueueName", f"${{{name}.QueueName}}", shown]


def _function(name: str) -> Series:
    shown = {"stat": "Sum", "label": f"{name.removesuffix('Function')} errors"}
    return ["AWS/Lambda", "Errors", "FunctionName", f"${{{name}}}", shown]
