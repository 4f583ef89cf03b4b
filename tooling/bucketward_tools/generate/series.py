"""What CloudWatch would draw for a widget of the dashboard: values by period, of what happened."""

from __future__ import annotations

import re
from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from bucketward_tools.local.logs import Metric

Points = list[tuple[int, float]]
"""Number of the period since the beginning, and the value in it."""

_SEARCH = re.compile(r"""SEARCH\('\{"([^"]+)",(\w+)\} MetricName="(\w+)"', '(\w+)', (\d+)\)""")


def drawn(widget: dict[str, Any], metrics: Sequence[Metric], start: datetime) -> dict[str, Points]:
    """Return the points of each line of a widget by its label."""
    found: dict[str, Points] = {}
    period = int(widget["properties"]["period"])
    for label, statistic, values in _chosen(widget, metrics):
        periods: dict[int, list[float]] = defaultdict(list)
        for each in values:
            if each.time >= start:
                periods[int((each.time - start).total_seconds() // period)].append(each.value)
        found[label] = [
            (number, round(_STATISTICS[statistic](periods[number]), 1))
            for number in sorted(periods)
        ]
    return found


def _chosen(
    widget: dict[str, Any], metrics: Sequence[Metric]
) -> Iterator[tuple[str, str, list[Metric]]]:
    searched = sum("expression" in each[0] for each in widget["properties"]["metrics"])
    for first, *rest in widget["properties"]["metrics"]:
        if not isinstance(first, dict):
            name, dimension, value, shown = rest
            yield shown["label"], shown["stat"], _of(metrics, first, name, {dimension: value})
            continue
        search = _SEARCH.fullmatch(first["expression"])
        if search is None:
            raise ValueError(f"{first['expression']} is not a search that can be drawn.")
        namespace, by, name, statistic, _ = search.groups()
        values = {each.dimensions[by]: 0 for each in metrics if by in each.dimensions}
        for value in sorted(values):
            if chosen := _of(metrics, namespace, name, {by: value}):
                yield value if searched == 1 else f"{value} {name}", statistic, chosen


def _of(
    metrics: Sequence[Metric], namespace: str, name: str, dimensions: dict[str, str]
) -> list[Metric]:
    wanted = namespace, name, dimensions
    return [each for each in metrics if (each.namespace, each.name, each.dimensions) == wanted]


def _percentile(part: float) -> Callable[[list[float]], float]:
    return lambda values: sorted(values)[ceil(part * len(values)) - 1]


_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "p50": _percentile(0.5),
    "p90": _percentile(0.9),
}
