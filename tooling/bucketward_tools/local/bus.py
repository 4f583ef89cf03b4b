"""EventBridge's default event bus: which rule of the template takes an event, and where to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated
from .events import DeadLettered, Denied, Emitted
from .recorder import timestamp

if TYPE_CHECKING:
    from .account import LocalAccount
    from .wiring import EventRule

SERVICE = "events.amazonaws.com"


class Bus:
    """Hands events to the targets of the rules that match."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def put(
        self, source: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]
    ) -> None:
        account = self._account
        event = {
            "version": "0",
            "id": account.identifier("event"),
            "detail-type": detail_type,
            "source": source,
            "account": account.place.account,
            "time": timestamp(account.clock.now),
            "region": account.place.region,
            "resources": resources,
            "detail": detail,
        }
        taken = [rule for rule in account.wiring.event_rules if matches(rule.pattern, event)]
        names = tuple(rule.name for rule in taken)
        account.happened(Emitted(account.clock.now, source, detail_type, detail, names))
        for rule in taken:
            for target in rule.targets:
                self._deliver(rule, target, event)

    def _deliver(
        self, rule: EventRule, target: Mapping[str, Any], event: Mapping[str, Any]
    ) -> None:
        account, arn = self._account, target["Arn"]
        if unread := set(target) - {"Arn", "Id"}:
            raise NotEmulated(f"A target of {rule.name} uses {', '.join(sorted(unread))}.")
        if (function := account.wiring.function(arn)) is not None:
            if account.functions.permits(function, SERVICE, rule.arn):
                account.clock.later(
                    1, lambda: account.functions.invoke_asynchronously(function, event, SERVICE)
                )
                return
        elif (queue := account.wiring.queues.get(arn)) is not None:
            context = {"aws:SourceArn": rule.arn, "aws:SourceAccount": account.place.account}
            wanted = iam.Request("sqs:SendMessage", arn, context, SERVICE)
            if iam.allows(queue.policy, wanted):
                account.internal("sqs").send_message(
                    QueueUrl=queue.url, MessageBody=json.dumps(event)
                )
                account.happened(DeadLettered(account.clock.now, queue.name, rule.name, event))
                return
        else:
            raise NotEmulated(f"Event rule {rule.name} has the target {arn}.")
        reason = "the policy of the target does not allow it"
        account.happened(Denied(account.clock.now, SERVICE, "deliver", arn, reason))


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Match an event pattern: every field named must hold one of the values listed."""
    for key, wanted in pattern.items():
        actual = event.get(key)
        if isinstance(wanted, Mapping):
            if not isinstance(actual, Mapping) or not matches(wanted, actual):
                return False
            continue
        if any(isinstance(value, Mapping) for value in wanted):
            raise NotEmulated(f"An event pattern filters {key} by content.")
        values = actual if isinstance(actual, list) else [actual]
        if key not in event or not any(value in wanted for value in values):
            return False
    return True
