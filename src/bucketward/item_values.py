"""Take single values out of a configuration item: each is what it must be, or null, or an error.

Checked here, so that a document that reaches a rule has no surprises left in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def present(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """Drop nulls: AWS Config writes every member, the S3 API only those that are set."""
    return {key: value for key, value in pairs.items() if value is not None}


def renamed(part: Mapping[str, Any], value: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the members under the S3 API's names: ``hostName`` is ``HostName``."""
    return present({key[:1].upper() + key[1:]: value(each) for key, each in part.items()})


def text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"expected text, not {type(value).__name__}")
    return value


def flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if value in {"true", "false"}:  # moto
        return value == "true"
    raise TypeError(f"expected true or false, not {type(value).__name__}")


def number(value: object) -> int | None:
    """Return a count; AWS Config writes -1 for "none", moto writes digits as text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:18])
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"expected a whole number, not {type(value).__name__}")
    return None if value is None or value < 0 else value


def timestamp(value: object) -> datetime:
    """Read a point in time: ISO text, seconds since 1970 (the history API's JSON) or a datetime."""
    if isinstance(value, bool):
        raise TypeError("expected a point in time, not bool")
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(f"{shown(value)} is no point in time") from error
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{shown(value)} is no point in time") from error
    if not isinstance(value, datetime):
        raise TypeError(f"expected a point in time, not {type(value).__name__}")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def date(value: object) -> str | None:
    """Return a date as `Bucket.from_live` writes it."""
    return None if value is None else timestamp(value).isoformat()
