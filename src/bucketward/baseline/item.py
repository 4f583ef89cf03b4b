"""Values in and out of a stored item, which anybody may have altered."""

from collections.abc import Mapping
from typing import Any

from bucketward.errors import BadInput

Item = dict[str, Any]
"""A stored item: text, int, bytes, or a list of texts, by name."""


def string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise BadInput(f"The stored item has no text {name}.")
    return value


def strings(item: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = item.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadInput(f"The stored item has no list of texts {name}.")
    return tuple(value)


def clean(text: str) -> str:
    """Replace half surrogate pairs, which a CloudTrail record can have and an item cannot."""
    return text.encode(errors="replace").decode()
