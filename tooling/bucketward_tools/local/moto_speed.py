"""Where moto and botocore are slow: short cuts that change no answer.

A story in the local account makes some thousand calls, and each of these cost more than what the
story is about.

- Answers of DynamoDB: moto looks for each of the ten types of an attribute under a dozen names.
- Transactions: moto copies the whole table first, every item of it, in case it must go back.
- Order: moto asks of every key that it compares what it is, up to the sixth question.
- Keys of KMS: moto makes an RSA key for each, which no HMAC needs.
- Clients: botocore makes one in 50 ms, and all that one knows is its Region.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import ExitStack, contextmanager
from copy import copy, deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.kms import models, utils

from bucketward import _aws

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_structure = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001
_cast: Any = vars(DynamoType)["cast_value"].fget
_private_key = cache(utils.generate_private_key)
_transaction = DynamoDBBackend.transact_write_items


@contextmanager
def short_cuts(region: str) -> Iterator[None]:
    """Take them while an account of this Region is open."""
    with ExitStack() as patched:
        for owner, name, replacement in (
            (BaseJSONSerializer, "_serialize_type_structure", _serialize),
            (DynamoDBBackend, "transact_write_items", _transact),
            (DynamoType, "cast_value", property(_value)),
            (models, "generate_private_key", _private_key),
            (_aws, "client", _clients(region)),
        ):
            patched.enter_context(patch.object(owner, name, replacement))
        yield


def forget_clients() -> None:
    """Make new clients for the next account: those that were refused or kept waiting try less."""
    _clients.cache_clear()


@cache
def _clients(region: str) -> Callable[..., Any]:  # noqa: ARG001 - what they are kept by
    """Return what makes the clients of an account's functions, and keeps them for the next one."""
    return cache(_aws.client.__wrapped__)


def _serialize(
    serializer: BaseJSONSerializer,
    serialized: dict[str, Any],
    value: Any,  # noqa: ANN401 - JSON
    shape: Any,  # noqa: ANN401 - botocore's
    key: str,
) -> None:
    if shape.name == "AttributeValue":
        serialized[key] = _written(value)
    else:
        _structure(serializer, serialized, value, shape, key)


def _written(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case bytes():
            return b64encode(value).decode()
        case dict():
            return {name: _written(each) for name, each in value.items()}
        case list():
            return [_written(each) for each in value]
        case _:
            return value


def _transact(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Write all or nothing; the backup that moto takes copies the items that are written."""
    parts = [part for each in transact_items for part in each.values()]

    def backup(table: Table, _: dict[int, Any]) -> Table:
        kept = copy(table)
        kept.items = table.items.copy()
        for part in parts:
            if part["TableName"] == table.name:
                key = part.get("Key") or part["Item"]
                partition = DynamoType(key[table.hash_key_attr])
                if partition in kept.items:
                    kept.items[partition] = _apart(table, kept.items[partition], key)
        return kept

    with patch.object(Table, "__deepcopy__", backup, create=True):
        _transaction(backend, transact_items)


def _apart(table: Table, partition: Any, key: dict[str, Any]) -> Any:  # noqa: ANN401 - moto's
    """Return a partition with the key's item copied; without a sort key it is the item."""
    if table.range_key_attr is None:
        return deepcopy(partition)
    sort = DynamoType(key[table.range_key_attr])
    return {each: deepcopy(item) if each == sort else item for each, item in partition.items()}


def _value(attribute: DynamoType) -> Any:  # noqa: ANN401 - of its type
    return attribute.value if attribute.type == "S" else _cast(attribute)
