"""Tell people: events of the alert bus from a channel's queue, grouped, and each told once.

Every channel has a queue of its own, so that one that fails holds up no other. What was told is
remembered, for the queue may bring an event twice; what failed comes again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import _aws
from ._http import send
from ._log import begin, count, logger
from ._stack import Stack
from .baseline.incidents import Incidents
from .baseline.store import RECORDS
from .channels import Digests, Incident, Post, Target, Tickets, channels, grouped
from .channels.incident import RANKS, kept, resource
from .channels.received import received
from .errors import BadInput, BucketwardError, DeliveryFailed
from .metrics import DELIVERED, DELIVERY_FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .channels import Call, Channel, Sending
    from .event import Event

CHANNELS = "BUCKETWARD_CHANNEL_"
"""What the environment variables of the channels begin with: queue's ARN, minimum, address."""

_DIGEST_WINDOW, _TICKET_WINDOW = timedelta(hours=1), timedelta(days=1)
"""For which the same is not told again while it is not over."""


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Deal with a batch of one channel's queue, and report which messages are to come again."""
    begin("notifier", context)
    records = event["Records"]
    try:
        notifier = Notifier.of_queue(records[0]["eventSourceARN"])
    except Exception as error:  # every failure is counted, whatever it is
        count(DELIVERY_FAILED, "notifier")
        logger.error("not delivered", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    failed = notifier.deal_with(records)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in sorted(failed)]}


@dataclass(frozen=True, slots=True)
class Notifier:
    """One channel with its target, and what it was told so far."""

    channel: Channel
    target: Target
    minimum: str
    incidents: Incidents

    @classmethod
    def of_queue(cls, arn: str) -> Notifier:
        stack = Stack.own()
        for name, channel in channels().items():
            queue, _, rest = os.environ.get(f"{CHANNELS}{name.upper()}", "").partition(" ")
            if queue == arn:
                minimum, _, address = rest.partition(" ")
                secret = _secret(address) if channel.secret else ""
                target = Target(stack.account, stack.region, stack.partition, address, secret)
                incidents = Incidents(os.environ.get(RECORDS, ""), name)
                return cls(channel, target, minimum, incidents)
        raise BadInput(f"No channel has the queue {arn}; deploy the stack again.")

    def deal_with(self, records: Sequence[Mapping[str, Any]]) -> set[str]:
        """Tell of a batch, and return the ids of the messages that could not be dealt with."""
        failed: set[str] = set()
        alerts: list[tuple[str, Event]] = []
        reverts: list[tuple[str, Event]] = []
        for record in records:
            message = str(record["messageId"])
            try:
                event = received(str(record["body"]))
            except BadInput as error:
                self._failed(error, [message], failed)
                continue
            (reverts if "aspects" in event else alerts).append((message, event))
        return failed | self._tell(alerts, reverts)

    def _tell(
        self, alerts: Sequence[tuple[str, Event]], reverts: Sequence[tuple[str, Event]]
    ) -> set[str]:
        for _, event in reverts:
            small = {name: value for name, value in event.items() if name != "changes"}
            for aspect in event["aspects"]:
                self.incidents.mark(resource(event), str(aspect), small)
        fresh, over = self._sorted(alerts, reverts)
        match self.channel.kind:
            case Digests() as digests:
                return self._digest(digests, fresh, over, reverts)
            case Tickets() as tickets:
                return self._tickets(tickets, fresh, over)

    def _sorted(
        self, alerts: Sequence[tuple[str, Event]], reverts: Sequence[tuple[str, Event]]
    ) -> tuple[list[Incident], list[Incident]]:
        """Return what is to be told for the first time, and what was told and is over now."""
        fresh: list[Incident] = []
        over: dict[str, Incident] = {}
        for incident in grouped(alerts):
            found = self._ended(incident)
            if self.incidents.claim(found.resource, found.entry, kept(found)):
                fresh.append(found)
            elif found.revert is not None:
                # It was told, but not that it is over: an attempt before this failed half-way.
                for each in self._open(found.resource, found.revert, found.messages):
                    over.setdefault(each.entry, each)
        told = {each.entry for each in fresh}
        for message, revert in reverts:
            for each in self._open(resource(revert), revert, (message,)):
                if each.entry not in told:
                    over.setdefault(each.entry, each)
        return fresh, list(over.values())

    def _open(self, where: str, revert: Event, messages: tuple[str, ...]) -> Iterable[Incident]:
        """Yield what is open of a resource and ended by the revert, which the messages brought."""
        for head, reference in self.incidents.open(where):
            known = Incident(head, (head,), messages, reference=reference)
            if known.ends_with(revert):
                yield known.ended_by(revert)

    def _ended(self, incident: Incident) -> Incident:
        """Return an incident as ended where the newest revert of its aspect ended it."""
        revert = self.incidents.reverted(incident.resource, incident.place)
        ended = revert is not None and incident.ends_with(revert)
        return incident.ended_by(revert) if ended else incident

    # ---- One message a batch --------------------------------------------------------------------

    def _digest(
        self,
        digests: Digests,
        fresh: Sequence[Incident],
        over: Sequence[Incident],
        reverts: Sequence[tuple[str, Event]],
    ) -> set[str]:
        incidents = [*fresh, *over]
        used = {each.revert["id"] for each in incidents if each.revert is not None}
        loose = [event for _, event in reverts if event["id"] not in used and self._wanted(event)]
        loose = [each for each in loose if self._claim_revert(each)]
        if not incidents and not loose:
            return set()
        try:
            for sending in digests.write(incidents, loose, self.target):
                self._send(sending)
        except (BucketwardError, _aws.ClientError, _aws.BotoCoreError) as error:
            for each in fresh:
                self.incidents.release(each.resource, each.entry)
            for revert in loose:
                self.incidents.release(resource(revert), f"revert#{revert['id']}")
            failed: set[str] = set()
            messages = [message for each in incidents for message in each.messages]
            self._failed(error, [*messages, *(message for message, _ in reverts)], failed)
            return failed
        for each in incidents:
            self._remember(each, _DIGEST_WINDOW)
        for revert in loose:
            entry = f"revert#{revert['id']}"
            self.incidents.told(resource(revert), entry, {}, window=_TICKET_WINDOW)
        count(DELIVERED, self.channel.name)
        # Looked for again: a revert may have come, in another batch, while this one was sent.
        late = [
            found for each in fresh if not each.resolved and (found := self._ended(each)).resolved
        ]
        return self._digest(digests, [], late, []) if late else set()

    def _wanted(self, revert: Event) -> bool:
        return RANKS[str(revert["severity"])] >= RANKS.get(self.minimum, 0)

    def _claim_revert(self, revert: Event) -> bool:
        return self.incidents.claim(resource(revert), f"revert#{revert['id']}", {})

    # ---- One entry an incident ------------------------------------------------------------------

    def _tickets(
        self, tickets: Tickets, fresh: Sequence[Incident], over: Sequence[Incident]
    ) -> set[str]:
        failed: set[str] = set()
        for incident in fresh:
            try:
                opened = self._opened(tickets, incident)
            except (BucketwardError, _aws.ClientError, _aws.BotoCoreError) as error:
                self.incidents.release(incident.resource, incident.entry)
                self._failed(error, incident.messages, failed)
                continue
            # Looked for again: the revert may have come while the ticket was opened.
            opened = opened if opened.resolved else self._ended(opened)
            if opened.resolved:
                self._close(tickets, opened, failed)
        for incident in over:
            self._close(tickets, incident, failed)
        return failed

    def _opened(self, tickets: Tickets, incident: Incident) -> Incident:
        answer = None
        for sending in tickets.open(incident, self.target):
            answer = self._send(sending)
        reference = "" if tickets.reference is None else tickets.reference(answer)
        told = Incident(
            incident.head, incident.alerts, incident.messages, incident.revert, reference
        )
        self._remember(told, _TICKET_WINDOW, over=False)
        count(DELIVERED, self.channel.name)
        return told

    def _close(self, tickets: Tickets, incident: Incident, failed: set[str]) -> None:
        try:
            for sending in tickets.close(incident, self.target):
                self._send(sending)
        except (BucketwardError, _aws.ClientError, _aws.BotoCoreError) as error:
            self._failed(error, incident.messages, failed)
            return
        self._remember(incident, _TICKET_WINDOW)
        count(DELIVERED, self.channel.name)

    # ---- Both -----------------------------------------------------------------------------------

    def _remember(self, incident: Incident, window: timedelta, *, over: bool = True) -> None:
        self.incidents.told(
            incident.resource,
            incident.entry,
            kept(incident),
            window=window,
            reference=incident.reference,
            resolved=over and incident.resolved,
        )

    def _send(self, sending: Sending) -> Any:  # noqa: ANN401 - JSON
        return send(sending) if isinstance(sending, Post) else _called(sending)

    def _failed(self, error: Exception, messages: Iterable[str], failed: set[str]) -> None:
        count(DELIVERY_FAILED, self.channel.name)
        reason = {"channel": self.channel.name, "error": type(error).__name__}
        logger.error("not delivered", extra={**reason, "reason": str(error)})
        failed.update(messages)


def _called(call: Call) -> Any:  # noqa: ANN401 - the API's answer
    client = _aws.client("sns") if call.service == "sns" else _aws.client("securityhub")
    answer = getattr(client, call.method)(**call.arguments)
    if call.failures and answer.get(call.failures):
        raise DeliveryFailed(f"{call.method} did not take it: {answer[call.failures]}")
    return answer


def _secret(arn: str) -> str:
    return str(_aws.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
