"""Functions that run on a schedule, which comes round when somebody asks for it.

A stand-in. Sources: *Creating a rule that runs on a schedule* and *EventBridge Scheduler* (its
targets are called with the schedule's own role) in the EventBridge user guides.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .events import DeadLettered, Denied, Lost
from .records import moment
from .wiring_sources import EventRule

if TYPE_CHECKING:
    from .account import LocalAccount
    from .wiring_sources import Schedule

SERVICE = "scheduler.amazonaws.com"


class Schedules:
    """The schedules of the template, of EventBridge's rules and of EventBridge Scheduler."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def find(self, name: str) -> EventRule | Schedule | None:
        """Find one by its name or logical id, or by the function it calls."""
        known: list[EventRule | Schedule] = [
            *(rule for rule in self._account.bus.rules.values() if rule.schedule is not None),
            *self._account.wiring.schedules,
        ]
        for each in known:
            if name in {each.name, each.logical_id}:
                return each
        function = self._account.wiring.function_of(name)
        return next((e for e in known if function and function.arn in self._targets(e)), None)

    def _targets(self, schedule: EventRule | Schedule) -> list[str]:
        if isinstance(schedule, EventRule):
            return [each["Arn"] for each in schedule.targets]
        return [schedule.target["Arn"]]

    def come_round(self, schedule: EventRule | Schedule) -> None:
        """Let it come round, with the next `settle`; one that is disabled does nothing."""
        if isinstance(schedule, EventRule):
            if schedule.state == "ENABLED":
                event = self._event("aws.events", schedule.arn, {})
                self._account.clock.later(0, partial(self._account.bus.fire, schedule, event))
        elif schedule.enabled:
            self._account.clock.later(0, partial(self._call, schedule))

    def _event(self, source: str, arn: str, detail: object) -> dict[str, Any]:
        place, now = self._account.place, self._account.clock.now
        return {
            "version": "0",
            "id": self._account.identifier("event"),
            "detail-type": "Scheduled Event",
            "source": source,
            "account": place.account,
            "time": moment(now),
            "region": place.region,
            "resources": [arn],
            "detail": detail,
        }

    def _call(self, schedule: Schedule) -> None:
        account, target = self._account, schedule.target
        role = account.wiring.role(target["RoleArn"])
        function = account.wiring.function(target["Arn"])
        if function is None:
            raise NotEmulated(f"Schedule {schedule.name} has the target {target['Arn']}.")
        event = (
            json.loads(target["Input"])
            if "Input" in target
            else self._event("aws.scheduler", schedule.arn, "{}")
        )
        context = {
            "aws:SourceAccount": account.place.account,
            "aws:SourceArn": account.place.arn("scheduler", "schedule-group/default"),
        }
        if not role.trusts(SERVICE, context):
            reason = f"the trust policy of {role.name} does not allow {SERVICE} to assume it"
            account.happened(Denied(account.clock.now, SERVICE, "sts:AssumeRole", role.arn, reason))
        elif account.allowed(role, "lambda:InvokeFunction", function.arn):
            account.functions.invoke_asynchronously(function, event, SERVICE)
            return
        else:
            reason = f"{role.name} may not invoke {function.name}"
        letters = account.wiring.queues.get(target.get("DeadLetterConfig", {}).get("Arn", ""))
        if letters is not None and account.allowed(role, "sqs:SendMessage", letters.arn):
            account.internal("sqs").send_message(
                QueueUrl=letters.url, MessageBody=json.dumps(event)
            )
            account.happened(
                DeadLettered(account.clock.now, letters.name, schedule.name, event, reason)
            )
        else:
            account.happened(Lost(account.clock.now, schedule.name, event, reason))
