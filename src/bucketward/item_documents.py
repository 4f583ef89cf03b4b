"""The documents of one configuration item, each converted when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from . import aspects as a
from .errors import BadInput, shown
from .item_parts import READERS

Part = Any

_ALWAYS_RECORDED = frozenset(
    aspect.name
    for aspect in (
        a.ACL,
        a.POLICY,
        a.VERSIONING,
        a.LOGGING,
        a.NOTIFICATION,
        a.ACCELERATE,
        a.REQUEST_PAYMENT,
    )
)
"""Aspects that every item has a key for; the key's absence says nothing of the bucket."""

MALFORMED = (AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What reading a part of an unknown form raises."""


class Documents(Mapping[str, Any]):
    """The aspects of one item, each converted when it is first asked for.

    So a rule pays for, and stumbles over, only the parts that it reads.
    """

    def __init__(self, parts: Mapping[str, Part], bucket: str, unclear: frozenset[str]) -> None:
        self._parts, self._bucket, self._unclear = parts, bucket, unclear
        self._converted: dict[str, a.Document | None] = {}

    def __getitem__(self, name: str) -> a.Document | None:
        if name not in self._converted:
            if name not in self:
                raise KeyError(name)
            key = str(a.ASPECTS[name].item_key)
            self._converted[name] = (
                document(name, self._parts[key], f"{key} of bucket {self._bucket}")
                if key in self._parts
                else None
            )
        return self._converted[name]

    def __contains__(self, name: object) -> bool:
        """Whether the item says anything of the aspect; nothing is converted to find out."""
        aspect = a.ASPECTS.get(name) if isinstance(name, str) else None
        if aspect is None or aspect.item_key is None or aspect.item_key in self._unclear:
            return False
        return aspect.item_key in self._parts or aspect.name not in _ALWAYS_RECORDED

    def __iter__(self) -> Iterator[str]:
        return (name for name in a.ASPECTS if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def document(name: str, part: Part, where: str) -> a.Document | None:
    """Convert one part, however often it is encoded; ``where`` names it in a `BadInput`."""
    value = decoded(part, where)
    if value is None:
        return None
    try:
        return READERS[name](value)
    except MALFORMED as error:
        raise BadInput(
            f"The configuration item's {where} has an unknown form: {shown(error)}."
        ) from error


def decoded(part: Part, where: str) -> Part:
    """Undo Config's JSON encoding: none in a notification, once or twice in the history API."""
    for _ in range(3):
        if not isinstance(part, str):
            return part
        try:
            part = json.loads(part)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"The configuration item's {where} is not JSON: {error}.") from error
    if isinstance(part, str):
        raise BadInput(f"The configuration item's {where} is JSON-encoded more than three times.")
    return part
