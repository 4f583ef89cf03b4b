"""Make in moto what the template holds and moto can keep: queues, topics, tables and keys.

moto's queues live in real time, where a message that failed would stay hidden for real seconds:
`virtual_queues` gives them the account's clock. moto draws the ids of keys; they get those that
the template's references resolve to.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import LocalAccount
    from .clock import Clock
    from .iam import Statement
    from .identifiers import Place
    from .wiring_sources import Key, Table

_TABLE = {
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "TableClass",
    "TableName",
}


def deploy(account: LocalAccount) -> None:
    """Create them; nobody is asked for permission, as CloudFormation's deployer may do it."""
    wiring = account.wiring
    # A dead-letter queue first: moto wants it to be there.
    for queue in sorted(wiring.queues.values(), key=lambda each: each.receives is not None):
        sqs = account.internal("sqs")
        sqs.create_queue(
            QueueName=queue.name, Attributes={**queue.attributes, **_policy(queue.policy)}
        )
    for topic in wiring.topics.values():
        sns = account.internal("sns")
        sns.create_topic(Name=topic.name, Attributes=_policy(topic.policy))
    for table in wiring.tables.values():
        _table(account, table)
    for key in wiring.keys.values():
        _key(account, key)


def _policy(statements: tuple[Statement, ...]) -> dict[str, str]:
    """Return a resource policy as the attribute that the API shows it in."""
    if not statements:
        return {}
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}


def _table(account: LocalAccount, table: Table) -> None:
    given = table.properties
    dynamodb = account.internal("dynamodb")
    request = {name: value for name, value in given.items() if name in _TABLE}
    dynamodb.create_table(**_numbers({**request, "TableName": table.name}))
    if table.expires:
        dynamodb.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": table.expires},
        )


def _numbers(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Turn CloudFormation's texts into the numbers that the API wants."""
    units = {"ReadCapacityUnits", "WriteCapacityUnits"}
    if isinstance(value, dict):
        return {k: int(v) if k in units else _numbers(v) for k, v in value.items()}
    return [_numbers(each) for each in value] if isinstance(value, list) else value


def _key(account: LocalAccount, key: Key) -> None:
    from moto.kms.models import kms_backends

    given: Mapping[str, Any] = key.properties
    kms, place = account.internal("kms"), account.place
    made = kms.create_key(
        KeySpec=given.get("KeySpec", "SYMMETRIC_DEFAULT"),
        KeyUsage=given.get("KeyUsage", "ENCRYPT_DECRYPT"),
        Description=given.get("Description", ""),
        **_policy(key.policy),
    )["KeyMetadata"]["KeyId"]
    backend = kms_backends[place.account][place.region]
    kept = backend.keys.pop(made)
    kept.id, kept.arn = key.id, key.arn
    # Of the id and not random, so that two runs make the same codes.
    kept.key_material = sha256(key.id.encode()).digest()
    backend.keys[key.id] = kept
    for alias in key.aliases:
        kms.create_alias(AliasName=alias, TargetKeyId=key.id)


@contextmanager
def virtual_queues(clock: Clock) -> Iterator[None]:
    """Let moto's queues take the time from the account's clock."""

    def seconds(moment: object = None) -> float:  # noqa: ARG001 - moto's own signature
        return clock.now.timestamp()

    def milliseconds(moment: object = None) -> float:  # noqa: ARG001
        return clock.now.timestamp() * 1000

    with (
        patch("moto.sqs.models.unix_time", seconds),
        patch("moto.sqs.models.unix_time_millis", milliseconds),
    ):
        yield


def peek(place: Place, queue: str) -> list[Any]:
    """Return moto's messages of a queue, hidden ones too, and leave them as they are.

    A queue that somebody deleted has none.
    """
    from moto.sqs.models import sqs_backends

    found = sqs_backends[place.account][place.region].queues.get(queue)
    return [] if found is None else list(found._messages)  # noqa: SLF001
