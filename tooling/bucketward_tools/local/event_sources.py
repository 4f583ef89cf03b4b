"""Lambda polls queues: batches, what a function says it could not handle, and the way to the DLQ.

A stand-in, as moto runs functions in Docker only. Sources: *Using Lambda with Amazon SQS* and
*Handling errors for an SQS event source* in the Lambda developer guide. moto keeps the messages,
in virtual time (`deployment.virtual_queues`); it also moves what was received too often.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .bus import content
from .deployment import peek
from .errors import TemplateError
from .events import DeadLettered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount
    from .wiring import Function
    from .wiring_sources import EventSource, Queue

SERVICE = "sqs.amazonaws.com"
POLLING = 1.0
"""Virtual seconds from a message to the poll that finds it."""

_NEEDED = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_AT_ONCE = 10
_SENDS = {"SendMessage", "SendMessageBatch"}
Message = dict[str, Any]


class EventSources:
    """The queues that Lambda polls for functions of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._failures: dict[str, tuple[Message, str | None]] = {}
        self.enabled: dict[str, bool] = {}
        """Which event source mappings there are, by id, and whether they poll."""

    def open(self) -> None:
        """Take them from the template, which Lambda refuses where they cannot work."""
        wiring = self._account.wiring
        for source in wiring.event_sources:
            queue, function = self._queue(source), self._function(source)
            if queue.visibility < function.timeout:
                raise TemplateError(
                    f"Queue {queue.name} shows a message again after {queue.visibility:.0f} "
                    f"seconds, before {function.name} times out: raise its VisibilityTimeout."
                )
            self.enabled[source.id] = source.enabled

    @property
    def polled(self) -> set[str]:
        """The ARNs of the queues that have an event source mapping."""
        return {source.queue for source in self.known}

    @property
    def known(self) -> list[EventSource]:
        return [each for each in self._account.wiring.event_sources if each.id in self.enabled]

    def sent(self, operation: str, params: Mapping[str, Any]) -> None:
        """Hear of a message that somebody sent."""
        if operation not in _SENDS or not self.enabled:
            return
        entries = params.get("Entries") or [params]
        delay = max(float(each.get("DelaySeconds", 0)) for each in entries)
        for source in self.known:
            queue = self._queue(source)
            if queue.url == params["QueueUrl"]:
                standard = float(queue.attributes.get("DelaySeconds", 0))
                self._later(source, max(POLLING, source.window) + max(delay, standard))

    def switch(self, source: EventSource, *, enabled: bool) -> None:
        """Let an event source mapping poll or not; what waits is found when it does again."""
        self.enabled[source.id] = enabled
        if enabled:
            self._later(source, POLLING)

    def _later(self, source: EventSource, seconds: float) -> None:
        self._account.clock.later(seconds, partial(self._poll, source))

    def _poll(self, source: EventSource) -> None:
        account = self._account
        if not self.enabled.get(source.id):
            return
        queue, function = self._queue(source), self._function(source)
        role = account.wiring.role(function.role_arn)
        if not all(account.allowed(role, action, queue.arn) for action in _NEEDED):
            return  # as long as the role lacks it, Lambda's poller gets nothing
        while messages := self._receive(queue, source.batch):
            self._handle(source, queue, function, messages)
            if not self.enabled.get(source.id):
                return

    def _receive(self, queue: Queue, most: int) -> list[Message]:
        sqs = self._account.internal("sqs")
        found: list[Message] = []
        # Looking first spares a call for each message that came in the batch before.
        while len(found) < most and any(m.visible for m in peek(self._account.place, queue.name)):
            answer = sqs.receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=min(_AT_ONCE, most - len(found)),
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            if not answer.get("Messages"):
                break
            found.extend(answer["Messages"])
        self._note_moved(queue, {each["MessageId"] for each in found})
        return found

    def _handle(
        self, source: EventSource, queue: Queue, function: Function, messages: list[Message]
    ) -> None:
        account = self._account
        # A message is hidden from when it was received, however long the function runs.
        hidden = account.clock.now.timestamp() + queue.visibility
        event = {"Records": [self._record(each, queue) for each in messages]}
        result = account.functions.invoke(function, event, SERVICE)
        failed = {each["MessageId"] for each in messages}
        if result.error is None:
            failed = _failed(result.payload, failed) if source.partial else set()
        handled = [each for each in messages if each["MessageId"] not in failed]
        for each in messages:
            if each["MessageId"] in failed:
                self._failures[each["MessageId"]] = each, result.error
            else:
                self._failures.pop(each["MessageId"], None)
        self._delete(queue, handled)
        if failed:
            self._later(source, POLLING + max(0.0, hidden - account.clock.now.timestamp()))

    def _delete(self, queue: Queue, messages: list[Message]) -> None:
        sqs = self._account.internal("sqs")
        for start in range(0, len(messages), _AT_ONCE):
            entries = [
                {"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]}
                for number, each in enumerate(messages[start : start + _AT_ONCE])
            ]
            sqs.delete_message_batch(QueueUrl=queue.url, Entries=entries)

    def _note_moved(self, queue: Queue, received: set[str]) -> None:
        """Write down what SQS has moved instead of handing it out once more."""
        account = self._account
        letters = account.wiring.queues.get(queue.dead_letters or "")
        if letters is None or queue.receives is None:
            return
        waiting = {each.id for each in peek(account.place, queue.name)} | received
        for name, (message, error) in list(self._failures.items()):
            if message["Queue"] == queue.arn and name not in waiting:
                del self._failures[name]
                body = content(message["Body"])
                account.happened(
                    DeadLettered(account.clock.now, letters.name, queue.name, body, error)
                )

    def _record(self, message: Message, queue: Queue) -> dict[str, Any]:
        message["Queue"] = queue.arn
        attributes = {
            name: {
                "stringValue": each.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": each["DataType"],
            }
            for name, each in message.get("MessageAttributes", {}).items()
        }
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": attributes,
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": queue.arn,
            "awsRegion": self._account.place.region,
        }

    def _queue(self, source: EventSource) -> Queue:
        queues = self._account.wiring.queues
        if source.queue not in queues:
            raise TemplateError(f"An event source polls {source.queue}, not a queue of its own.")
        return queues[source.queue]

    def _function(self, source: EventSource) -> Function:
        function = self._account.wiring.function(source.function)
        if function is None:
            raise TemplateError(f"An event source has the function {source.function}.")
        return function


def _failed(payload: Any, batch: set[str]) -> set[str]:  # noqa: ANN401 - JSON
    """Return which messages a function says it could not handle; all where that is unclear.

    Nothing, or an empty list, means that none failed. An id that is empty or not of the batch, or
    a list that is none, means that the whole batch did.
    """
    if not payload or (isinstance(payload, dict) and not payload.get("batchItemFailures", ())):
        return set()
    try:
        failed = {each["itemIdentifier"] for each in payload["batchItemFailures"]}
    except (KeyError, TypeError):
        return batch
    known = failed <= batch
    return failed if known else batch
