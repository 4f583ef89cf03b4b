"""CloudWatch's API, as far as operators ask how often something was counted.

A stand-in: moto knows nothing of what functions log. Source: the CloudWatch API reference,
GetMetricData.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount
    from .alarms_api import AlarmsApi


class MetricsApi:
    """Answers of the metrics that `logs` counts."""

    def __init__(self, account: LocalAccount, alarms: AlarmsApi) -> None:
        self._account, self._alarms = account, alarms

    def answer(self, call: Call) -> Reply | None:
        """Answer, or None for what moto answers."""
        if call.operation != "GetMetricData":
            self._alarms.answer(call)
            return None
        return Reply(
            {
                "MetricDataResults": [
                    self._result(q, call.params) for q in call.params["MetricDataQueries"]
                ]
            }
        )

    def _result(self, query: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        """Sum up a metric, the newest period first; one in which nothing was counted has none."""
        asked = query.get("MetricStat", {})
        if asked.get("Stat") != "Sum":
            raise NotEmulated("GetMetricData of something else than a metric's sum.")
        metric, period = asked["Metric"], int(asked["Period"])
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
        sums: Counter[int] = Counter()
        for point in self._account.logs.metrics:
            same = (point.namespace, point.name, dict(point.dimensions)) == (
                metric["Namespace"], metric["MetricName"], dimensions,
            )  # fmt: skip
            begun = int(point.time.timestamp()) // period * period
            if same and params["StartTime"].timestamp() <= begun < params["EndTime"].timestamp():
                sums[begun] += int(point.value)
        times = sorted(sums, reverse=True)
        return {
            "Id": query["Id"],
            "Label": metric["MetricName"],
            "Timestamps": times,
            "Values": [sums[time] for time in times],
            "StatusCode": "Complete",
        }
