"""Read what a person decided, an authorisation or an exemption, out of a plain dict.

The dict comes from a reviewed YAML file or from the decisions table. Every error is `BadInput`
with one sentence that names the entry and the field, and says what to write.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from .errors import BadInput, shown
from .wildcards import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BUCKET_PATTERN = re.compile(r"[A-Za-z0-9._*?-]{1,255}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def bad(entry: str, name: str, problem: str) -> BadInput:
    """Build the error; ``problem`` goes on after the field's name."""
    return BadInput(f"{entry}: {name} {problem}")


def titled(kind: str, identifier: object) -> str:
    """Name an entry in a message: ``Authorisation 'pipeline'``."""
    return f"{kind} {shown(identifier)}" if identifier is not None else f"{kind} without an id"


def members(
    kind: str, given: object, *, required: Iterable[str], optional: Iterable[str] = ()
) -> Mapping[str, object]:
    """Check an entry's keys: a mistyped ``end`` must not make an authorisation last for ever."""
    if not isinstance(given, dict):
        raise BadInput(f"{kind} {shown(given)} is no mapping; write its fields as `name: value`.")
    entry = titled(kind, given.get("id"))
    known = [*required, *optional]
    for name in given:
        if name not in known:
            raise bad(entry, shown(name), f"is no field of it; {suggestion(str(name), known)}")
    for name in required:
        if given.get(name) is None:
            raise bad(entry, name, "is missing; add it.")
    return given


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say what may have been meant by a name that is not known."""
    from difflib import get_close_matches  # only somebody's typing error pays for it

    known = list(known)
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"choose from: {', '.join(known)}."


def identifier(kind: str, value: object) -> None:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise bad(
            titled(kind, value),
            "id",
            "must be text of letters, digits, dots, hyphens and underscores, at most 128, that "
            "begins with a letter or digit; put a number into quotes.",
        )


def line(entry: str, name: str, value: object, *, longest: int) -> str:
    """Return text as one line, its white space made single."""
    if not isinstance(value, str):
        raise bad(entry, name, f"is {shown(value)}; write text, in quotes where YAML needs them.")
    text = " ".join(value.split())
    if not text:
        raise bad(entry, name, "is empty; write some text.")
    if len(text) > longest or not text.isprintable():
        raise bad(entry, name, f"must be at most {longest} printable characters; shorten it.")
    return text


def texts(entry: str, name: str, value: object) -> tuple[str, ...]:
    """Return one text or a list of them, sorted and each once: the order means nothing."""
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list | tuple) or not many:
        raise bad(entry, name, f"is {shown(value)}; write one text or a list of texts.")
    for each in many:
        if not isinstance(each, str):
            raise bad(entry, name, f"holds {shown(each)}; write it as text, in quotes.")
    return tuple(sorted(set(many)))


def bucket_pattern(entry: str, name: str, value: str) -> None:
    if not BUCKET_PATTERN.fullmatch(value):
        raise bad(
            entry,
            name,
            f"holds {shown(value)}; write a bucket's name, where * stands for any characters "
            "and ? for one.",
        )


def moment(entry: str, name: str, value: object) -> datetime:
    """Return a time in UTC; a date alone is its midnight in UTC."""
    try:
        if isinstance(value, str):
            value = _from_text(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(tzinfo=UTC))
        if isinstance(value, datetime) and value.tzinfo:
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise bad(
        entry,
        name,
        f"is {shown(value)}; write a date, or a time with its zone such as 2026-12-01T18:00:00Z.",
    )


def _from_text(text: str) -> date | datetime:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)


def moment_text(value: datetime) -> str:
    """Write a time in UTC as `moment` reads it."""
    return value.isoformat().removesuffix("+00:00") + "Z"


def any_matches(patterns: Iterable[str], text: str) -> bool:
    """Whether a pattern matches the whole text; case counts."""
    return any(matches(pattern, text) for pattern in patterns)
