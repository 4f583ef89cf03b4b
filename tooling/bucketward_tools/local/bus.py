"""EventBridge: which rules of the template take an event, and what their targets get.

A stand-in. Sources: the EventBridge user guide: *Using resource-based policies* for what lets a
target be reached, *Using dead-letter queues to process undelivered events* for what happens
otherwise (a refusal is not tried again), *EventBridge rules for read-only events from CloudTrail*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated
from .events import DeadLettered, Denied, Emitted, Forwarded, Lost, Published
from .patterns import matches
from .recorder import timestamp
from .records import moment
from .transformer import body

if TYPE_CHECKING:
    from datetime import datetime

    from .account import LocalAccount
    from .wiring import Function
    from .wiring_sources import EventRule, Queue, Topic

__all__ = ["DEFAULT", "SERVICE", "Bus", "matches"]

SERVICE = "events.amazonaws.com"
DEFAULT = "default"
_ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_PUT = "events:PutEvents"
_ENABLED = {"ENABLED", _ALL_EVENTS}
_TARGET = {
    "Arn",
    "DeadLetterConfig",
    "Id",
    "Input",
    "InputPath",
    "InputTransformer",
    "RetryPolicy",
    "RoleArn",
}

Target = Mapping[str, Any]
Content = dict[str, Any]


class Bus:
    """The event buses of the account: hands events to the targets of the rules that match."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.rules: dict[tuple[str, str], EventRule] = {}
        """What there is, by bus and name; the API may disable and delete."""

    def open(self) -> None:
        """Take the rules from the template."""
        self.rules = {(rule.bus, rule.name): rule for rule in self._account.wiring.event_rules}

    def listens(self, source: str, detail_type: str, *, reads: bool = False) -> bool:
        """Whether any rule of the default bus could take such an event, whatever its detail."""
        envelope = {"source": source, "detail-type": detail_type}
        return any(
            matches({k: v for k, v in rule.pattern.items() if k in envelope}, envelope)
            for rule in self._enabled(DEFAULT, reads=reads)
            if rule.pattern is not None
        )

    def put(  # noqa: PLR0913 - the parts of an event
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any],
        resources: list[str],
        *,
        bus: str = DEFAULT,
        reads: bool = False,
        time: datetime | None = None,
    ) -> None:
        """Put an event on a bus."""
        account = self._account
        event = {
            "version": "0",
            "id": account.identifier("event"),
            "detail-type": detail_type,
            "source": source,
            "account": account.place.account,
            "time": moment(time or account.clock.now),
            "region": account.place.region,
            "resources": resources,
            "detail": detail,
        }
        self.take(event, bus, reads=reads)

    def take(self, event: Content, bus: str, *, reads: bool = False) -> None:
        """Take a whole event, which may be another account's."""
        account, detail = self._account, event["detail"]
        rules = self._enabled(bus, reads=reads)
        taken = [r for r in rules if r.pattern is not None and matches(r.pattern, event)]
        names = tuple(rule.name for rule in taken)
        emitted = (event["source"], event["detail-type"], detail, names, bus)
        account.happened(Emitted(account.clock.now, *emitted))
        for rule in taken:
            self.fire(rule, event)

    def fire(self, rule: EventRule, event: Content) -> None:
        """Hand an event to all targets of a rule."""
        for target in rule.targets:
            if unread := set(target) - _TARGET:
                raise NotEmulated(f"A target of {rule.name} uses {', '.join(sorted(unread))}.")
            self._deliver(rule, target, event)

    def _enabled(self, bus: str, *, reads: bool) -> list[EventRule]:
        states = {_ALL_EVENTS} if reads else _ENABLED
        return [r for r in self.rules.values() if r.bus == bus and r.state in states]

    def _deliver(self, rule: EventRule, target: Target, event: Content) -> None:
        wiring, arn = self._account.wiring, target["Arn"]
        text = body(rule, target, event, timestamp(self._account.clock.now))
        if (function := wiring.function(arn)) is not None:
            delivered = self._to_function(rule, function, text)
        elif (queue := wiring.queues.get(arn)) is not None:
            delivered = self._to_queue(rule, queue, text)
        elif (topic := wiring.topics.get(arn)) is not None:
            delivered = self._to_topic(rule, topic, text)
        elif ":event-bus/" in arn and arn not in wiring.buses.values():
            delivered = self._to_bus(target, event)
        else:
            raise NotEmulated(f"Event rule {rule.name} has the target {arn}.")
        if not delivered:
            account, reason = self._account, "neither the target's policy nor a role allows it"
            account.happened(Denied(account.clock.now, SERVICE, "deliver", arn, reason))
            self._undelivered(rule, target, event, reason)

    def _to_function(self, rule: EventRule, function: Function, text: str) -> bool:
        account = self._account
        if not account.functions.permits(function, SERVICE, rule.arn):
            return False
        call = account.functions.invoke_asynchronously
        account.clock.later(1, partial(call, function, json.loads(text), SERVICE))
        return True

    def _to_queue(self, rule: EventRule, queue: Queue, text: str) -> bool:
        account = self._account
        if not self._may("sqs:SendMessage", queue.arn, queue.policy, rule.arn):
            return False
        account.internal("sqs").send_message(QueueUrl=queue.url, MessageBody=text)
        if queue.arn not in account.sources.polled:
            # Nobody reads it but people: what arrives is news of something that went wrong.
            account.happened(DeadLettered(account.clock.now, queue.name, rule.name, content(text)))
        return True

    def _to_topic(self, rule: EventRule, topic: Topic, text: str) -> bool:
        account = self._account
        if topic.key:
            raise NotEmulated(f"Topic {topic.name} has a KMS key; whether {SERVICE} may use it?")
        if not self._may("sns:Publish", topic.arn, topic.policy, rule.arn):
            return False
        account.happened(Published(account.clock.now, topic.name, None, text, SERVICE))
        return True

    def _to_bus(self, target: Target, event: Content) -> bool:
        """Send to another account's bus, whose own policy is that account's matter."""
        account, arn = self._account, target["Arn"]
        role = account.wiring.role(target["RoleArn"])
        context = {"aws:SourceAccount": account.place.account}
        if not role.trusts(SERVICE, context) or not role.allows(iam.Request(_PUT, arn)):
            return False
        account.happened(Forwarded(account.clock.now, arn, role.arn, event))
        return True

    def _may(self, action: str, arn: str, policy: tuple[iam.Statement, ...], source: str) -> bool:
        context = {
            "aws:SourceArn": source,
            "aws:SourceAccount": self._account.place.account,
            "aws:SecureTransport": "true",
        }
        return iam.allows(policy, iam.Request(action, arn, context, SERVICE))

    def _undelivered(self, rule: EventRule, target: Target, event: Content, reason: str) -> None:
        """Keep the event in the target's dead-letter queue, where it has one that may be used."""
        account = self._account
        arn = target.get("DeadLetterConfig", {}).get("Arn")
        queue = account.wiring.queues.get(arn or "")
        if queue is None or not self._may("sqs:SendMessage", queue.arn, queue.policy, rule.arn):
            if arn:
                account.happened(Lost(account.clock.now, rule.name, event, reason))
            return
        attributes = {
            "RULE_ARN": rule.arn,
            "TARGET_ARN": target["Arn"],
            "ERROR_CODE": "NO_PERMISSIONS",
            "ERROR_MESSAGE": reason,
        }
        account.internal("sqs").send_message(
            QueueUrl=queue.url,
            MessageBody=json.dumps(event),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )
        account.happened(DeadLettered(account.clock.now, queue.name, rule.name, event, reason))


def content(text: str) -> Content:
    """Read a message's body, which an input template may have made anything of."""
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    return found if isinstance(found, dict) else {"body": found}
