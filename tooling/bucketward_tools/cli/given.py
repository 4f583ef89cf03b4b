"""Read what an operator typed, names and times, or say in a sentence what is wrong with it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bucketward import entry
from bucketward.aspects import ASPECTS
from bucketward.bucket import BUCKET_NAME
from bucketward.clock import now
from bucketward.errors import BadInput, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bucketward.aspects import Aspect

_LONGEST_REASON = 500
_SPAN = re.compile(r"([0-9]{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def bucket(name: str) -> str:
    if not BUCKET_NAME.fullmatch(name):
        raise BadInput(f"{shown(name)} is no name of a bucket; write one, such as acme-data.")
    return name


def reason(text: str) -> str:
    """Return a reason on one line; raises `BadInput` for none, or one that cannot be printed."""
    return entry.line("Your --reason", "text", text, longest=_LONGEST_REASON)


def aspects(names: Iterable[str] | None) -> tuple[Aspect, ...]:
    """Return the aspects of these names, all where none is given."""
    found = {}
    for given in names or ASPECTS:
        name = given.strip().lower().replace(" ", "_").replace("-", "_")
        if name not in ASPECTS:
            raise BadInput(
                f"{shown(given)} is no aspect of a bucket; {entry.suggestion(name, ASPECTS)}"
            )
        found[name] = ASPECTS[name]
    return tuple(found.values())


def control(stem: str) -> str:
    """Return a control's stem, for its kebab form as well."""
    from bucketward_tools.catalogue import control as find

    return find(stem.replace("-", "_")).stem


def ahead(text: str, option: str) -> datetime:
    """Read a time to come, or a span from now on such as 12h or 30d."""
    found = _moment(text, option, 1)
    if found <= now():
        raise BadInput(f"{option} is {shown(text)}, which has passed; write a later time.")
    return found


def since(text: str, option: str) -> datetime:
    """Read a time, or a span until now such as 12h or 30d."""
    return _moment(text, option, -1)


def moment(text: str, option: str) -> datetime:
    """Read a date (its midnight in UTC) or a time with its zone."""
    try:
        return entry.moment("Your", option, text)
    except BadInput:
        raise BadInput(
            f"{option} is {shown(text)}; write a date, or a time with its zone such as "
            "2026-12-01T18:00:00Z."
        ) from None


def _moment(text: str, option: str, sign: int) -> datetime:
    span = _SPAN.fullmatch(text.strip())
    try:
        if span:
            return now() + sign * timedelta(**{_UNITS[span[2]]: int(span[1])})
        return entry.moment("Your", option, text.strip())
    except (BadInput, OverflowError):
        raise BadInput(
            f"{option} is {shown(text)}; write a span such as 12h or 30d, a date, or a time with "
            "its zone such as 2026-12-01T18:00:00Z."
        ) from None
