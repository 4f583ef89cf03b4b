"""What a stack holds beside rules and functions: queues, buses, topics, tables, keys, schedules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .template import Stack


@dataclass(frozen=True, slots=True)
class EventRule:
    """A rule of an event bus, with a pattern or a schedule."""

    logical_id: str
    name: str
    arn: str
    pattern: Mapping[str, Any] | None
    targets: tuple[Mapping[str, Any], ...]
    bus: str = "default"
    state: str = "ENABLED"
    schedule: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    logical_id: str
    name: str
    arn: str
    url: str
    policy: tuple[iam.Statement, ...]
    attributes: Mapping[str, str]
    """As the API names them, of those that matter here."""

    @property
    def visibility(self) -> float:
        """Virtual seconds for which a message that was received is not seen."""
        return float(self.attributes.get("VisibilityTimeout", 30))

    @property
    def receives(self) -> int | None:
        """How often a message may be received before it is moved to the dead-letter queue."""
        given = self.attributes.get("RedrivePolicy")
        return int(json.loads(given)["maxReceiveCount"]) if given else None

    @property
    def dead_letters(self) -> str | None:
        given = self.attributes.get("RedrivePolicy")
        return str(json.loads(given)["deadLetterTargetArn"]) if given else None


@dataclass(frozen=True, slots=True)
class Topic:
    logical_id: str
    name: str
    arn: str
    policy: tuple[iam.Statement, ...]
    key: str | None


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue that Lambda polls for a function; times in seconds."""

    id: str
    function: str
    queue: str
    batch: int
    window: float
    partial: bool
    """Whether the function reports which of a batch failed."""
    enabled: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of EventBridge Scheduler, which calls its target with a role of its own."""

    logical_id: str
    name: str
    arn: str
    target: Mapping[str, Any]
    enabled: bool


@dataclass(frozen=True, slots=True)
class Table:
    logical_id: str
    name: str
    arn: str
    properties: Mapping[str, Any]
    keys: Mapping[str | None, str]
    """The partition key's attribute, of the table (None) and of each index."""

    @property
    def expires(self) -> str | None:
        """The attribute that says when an item expires."""
        given = self.properties.get("TimeToLiveSpecification", {})
        return given.get("AttributeName") if given.get("Enabled") else None


@dataclass(frozen=True, slots=True)
class Key:
    logical_id: str
    id: str
    arn: str
    policy: tuple[iam.Statement, ...]
    properties: Mapping[str, Any]
    aliases: tuple[str, ...]


_QUEUE_ATTRIBUTES = {
    "DelaySeconds",
    "MessageRetentionPeriod",
    "RedrivePolicy",
    "VisibilityTimeout",
}


def queues(stack: Stack) -> Iterator[Queue]:
    policies: dict[str, list[iam.Statement]] = {}
    for _, each in stack.of_type("AWS::SQS::QueuePolicy"):
        for url in each["Queues"]:
            policies.setdefault(url, []).extend(iam.statements(each["PolicyDocument"]))
    for logical_id, each in stack.of_type("AWS::SQS::Queue"):
        if each.get("KmsMasterKeyId"):
            raise NotEmulated(f"Queue {logical_id} has a KMS key; whether its senders may use it?")
        url = stack.reference(logical_id)
        yield Queue(
            logical_id,
            stack.attribute(logical_id, "QueueName"),
            stack.attribute(logical_id, "Arn"),
            url,
            tuple(policies.get(url, ())),
            {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in each.items()
                if name in _QUEUE_ATTRIBUTES
            },
        )


def event_rules(stack: Stack) -> Iterator[EventRule]:
    for logical_id, each in stack.of_type("AWS::Events::Rule"):
        yield EventRule(
            logical_id,
            stack.reference(logical_id),
            stack.attribute(logical_id, "Arn"),
            each.get("EventPattern"),
            tuple(each.get("Targets", ())),
            str(each.get("EventBusName") or "default").rpartition("/")[2],
            each.get("State", "ENABLED"),
            each.get("ScheduleExpression"),
        )


def buses(stack: Stack) -> Iterator[tuple[str, str]]:
    yield "default", stack.place.arn("events", "event-bus/default")
    for logical_id, _ in stack.of_type("AWS::Events::EventBus"):
        yield stack.reference(logical_id), stack.attribute(logical_id, "Arn")


def topics(stack: Stack) -> Iterator[Topic]:
    policies: dict[str, list[iam.Statement]] = {}
    for _, each in stack.of_type("AWS::SNS::TopicPolicy"):
        for arn in each["Topics"]:
            policies.setdefault(arn, []).extend(iam.statements(each["PolicyDocument"]))
    for logical_id, each in stack.of_type("AWS::SNS::Topic"):
        arn = stack.reference(logical_id)
        yield Topic(
            logical_id,
            stack.attribute(logical_id, "TopicName"),
            arn,
            tuple(policies.get(arn, ())),
            each.get("KmsMasterKeyId"),
        )


def event_sources(stack: Stack) -> Iterator[EventSource]:
    for logical_id, each in stack.of_type("AWS::Lambda::EventSourceMapping"):
        for unread in ("FilterCriteria", "DestinationConfig"):
            if each.get(unread):
                raise NotEmulated(f"Event source {logical_id} has {unread}.")
        batch = int(each.get("BatchSize", 10))
        window = float(each.get("MaximumBatchingWindowInSeconds", 0))
        if batch > 10 and window < 1:  # noqa: PLR2004 - the API's own limit
            raise TemplateError(f"Event source {logical_id}: a batch over 10 needs a window.")
        yield EventSource(
            stack.reference(logical_id),
            each["FunctionName"],
            each["EventSourceArn"],
            batch,
            window,
            "ReportBatchItemFailures" in each.get("FunctionResponseTypes", ()),
            str(each.get("Enabled", True)).lower() == "true",
        )


def schedules(stack: Stack) -> Iterator[Schedule]:
    for logical_id, each in stack.of_type("AWS::Scheduler::Schedule"):
        yield Schedule(
            logical_id,
            stack.reference(logical_id),
            stack.attribute(logical_id, "Arn"),
            each["Target"],
            each.get("State", "ENABLED") == "ENABLED",
        )


def tables(stack: Stack) -> Iterator[Table]:
    for logical_id, each in stack.of_type("AWS::DynamoDB::Table"):
        indexes = [
            *each.get("GlobalSecondaryIndexes", ()),
            *each.get("LocalSecondaryIndexes", ()),
        ]
        schemas = {None: each["KeySchema"]} | {i["IndexName"]: i["KeySchema"] for i in indexes}
        yield Table(
            logical_id,
            stack.reference(logical_id),
            stack.attribute(logical_id, "Arn"),
            each,
            {name: _partition_key(schema) for name, schema in schemas.items()},
        )


def _partition_key(schema: list[Mapping[str, str]]) -> str:
    return next(each["AttributeName"] for each in schema if each["KeyType"] == "HASH")


def keys(stack: Stack) -> Iterator[Key]:
    aliases: dict[str, list[str]] = {}
    for _, each in stack.of_type("AWS::KMS::Alias"):
        target = str(each["TargetKeyId"]).rpartition("/")[2]
        aliases.setdefault(target, []).append(each["AliasName"])
    for logical_id, each in stack.of_type("AWS::KMS::Key"):
        key_id = stack.reference(logical_id)
        yield Key(
            logical_id,
            key_id,
            stack.attribute(logical_id, "Arn"),
            iam.statements(each["KeyPolicy"]) if "KeyPolicy" in each else (),
            each,
            tuple(aliases.get(key_id, ())),
        )
