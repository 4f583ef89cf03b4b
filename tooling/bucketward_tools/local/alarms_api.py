"""The API of what tells people: the template's alarms, metric filters and subscriptions in moto.

They are made when somebody first asks for such a thing, as most tests never do, and the log group
that a parameter names is there by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount
    from .gateway import Call


class AlarmsApi:
    """Lets moto answer, which then knows what the template holds."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._made = False

    def answer(self, call: Call) -> None:
        if not self._made and call.operation.startswith(("Describe", "List")):
            self._made = True
            self._make()

    def _make(self) -> None:
        account, stack = self._account, self._account.wiring.stack
        logs, cloudwatch = account.internal("logs"), account.internal("cloudwatch")
        for name, each in stack.of_type("AWS::Logs::MetricFilter"):
            transformations = [_lower(to) for to in each["MetricTransformations"]]
            given = {"logGroupName": each["LogGroupName"], "filterPattern": each["FilterPattern"]}
            logs.put_metric_filter(
                filterName=stack.reference(name), metricTransformations=transformations, **given
            )
        for name, each in stack.of_type("AWS::CloudWatch::Alarm"):
            cloudwatch.put_metric_alarm(AlarmName=stack.reference(name), **each)
        for _, each in stack.of_type("AWS::SNS::Subscription"):
            account.internal("sns").subscribe(**each)


def _lower(names: Mapping[str, Any]) -> dict[str, Any]:
    return {name[0].lower() + name[1:]: value for name, value in names.items()}
