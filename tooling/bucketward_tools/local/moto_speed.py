"""Where moto and botocore are slow: short cuts that change no answer.

A story in the local account makes some thousand calls, and each of these cost more than what the
story is about.

- Answers of DynamoDB: moto looks for each of the ten types of an attribute under a dozen names.
- Transactions: moto copies the whole table first, every attribute of it, in case it must go back.
  An attribute that is no list, map or set is never changed, only replaced.
- Order: moto asks of every key that it compares what it is, up to the sixth question.
- Keys of KMS: moto makes an RSA key for each, which no HMAC needs.
- Clients: botocore makes one in 50 ms, and all that one knows is its Region.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.kms import models, utils

from bucketward import _aws

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_structure = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001
_cast: Any = vars(DynamoType)["cast_value"].fget
_private_key = cache(utils.generate_private_key)
_PLAIN = {"S", "N", "B", "BOOL", "NULL"}


@contextmanager
def short_cuts(region: str) -> Iterator[None]:
    """Take them while an account of this Region is open."""
    with ExitStack() as patched:
        for owner, name, replacement in (
            (BaseJSONSerializer, "_serialize_type_structure", _serialize),
            (Item, "__deepcopy__", _copy),
            (DynamoType, "cast_value", property(_value)),
            (models, "generate_private_key", _private_key),
            (_aws, "client", _clients(region)),
        ):
            patched.enter_context(patch.object(owner, name, replacement))
        yield


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


def _copy(item: Any, memo: dict[int, Any]) -> Any:  # noqa: ANN401 - an Item of moto
    copied: Any = object.__new__(Item)
    copied.hash_key, copied.range_key = item.hash_key, item.range_key
    # As moto does it: what it has already is not too large.
    copied.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    for name, each in item.attrs.items():
        kept = each if each.type in _PLAIN else deepcopy(each, memo)
        dict.__setitem__(copied.attrs, name, kept)
    return copied


def _value(attribute: DynamoType) -> Any:  # noqa: ANN401 - of its type
    return attribute.value if attribute.type == "S" else _cast(attribute)
