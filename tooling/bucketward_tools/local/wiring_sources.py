"""What a stack holds beside rules and functions: buses, topics, tables, keys, and what polls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .template import Stack


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
