"""What differs between two documents of an aspect, short enough for a person and an event.

For people to read only: whether two documents *are* the same configuration says `drift`.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 20
"""Differences that are given of one aspect."""
_LONGEST = 300
"""Characters that a value is cut to."""
_PATH = 200
_DEEPEST = 20
_ABSENT = object()

Difference = dict[str, str | None]


def differences(before: object, after: object) -> list[Difference]:
    """Return at most `MOST` differences: ``path``, and the values as JSON; None is "not there".

    >>> differences({"Status": "Enabled"}, {"Status": "Suspended"})
    [{'path': 'Status', 'before': '"Enabled"', 'after': '"Suspended"'}]
    """
    found = _walk("", _opened(before), _opened(after), 0)
    return [
        {"path": cut(path, _PATH), "before": _written(one), "after": _written(other)}
        for path, one, other in islice(found, MOST)
    ]


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _opened(value: object) -> object:
    """Read a document that is JSON in a text, as a bucket policy is."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return _ABSENT if value is None else value


def _walk(
    path: str, one: object, other: object, depth: int
) -> Iterator[tuple[str, object, object]]:
    if depth < _DEEPEST and isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            below = f"{path}.{key}" if path else str(key)
            left, right = one.get(key, _ABSENT), other.get(key, _ABSENT)
            if key == "Policy":
                left, right = _opened(left), _opened(right)
            yield from _walk(below, left, right, depth + 1)
    elif depth < _DEEPEST and isinstance(one, list) and isinstance(other, list):
        yield from _lists(path, one, other, depth)
    elif one is not other and _text(one) != _text(other):
        yield path, one, other


def _lists(
    path: str, one: list[Any], other: list[Any], depth: int
) -> Iterator[tuple[str, object, object]]:
    """Leave out what both lists hold, then compare what is left one by one."""
    left, right = {_text(each) for each in one}, {_text(each) for each in other}
    gone = [(at, each) for at, each in enumerate(one) if _text(each) not in right]
    new = [(at, each) for at, each in enumerate(other) if _text(each) not in left]
    for index in range(max(len(gone), len(new))):
        at, before = gone[index] if index < len(gone) else (new[index][0], _ABSENT)
        after = new[index][1] if index < len(new) else _ABSENT
        yield from _walk(f"{path}[{at}]", before, after, depth + 1)


def _text(value: object) -> str:
    if value is _ABSENT:
        return ""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    except (RecursionError, TypeError, ValueError):
        return "…"


def _written(value: object) -> str | None:
    return None if value is _ABSENT else cut(_text(value), _LONGEST)
