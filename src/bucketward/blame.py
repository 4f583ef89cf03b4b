"""Who is to blame for a drift: the changes of an aspect since it was as approved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from .baseline.seen import SeenChange

ACCEPTED = frozenset({"authorised", "self", "aws-service"})
"""Values of `bucketward.changes.Standing` whose changes are not drift: the baseline follows."""


class Guilt(StrEnum):
    """What is known of a drift."""

    CULPRIT = "culprit"
    """Somebody changed the aspect who was not authorised."""
    PENDING = "pending"
    """Only changes that are accepted, or not judged yet: the baseline is about to follow."""
    UNKNOWN = "unknown"
    """CloudTrail has told of no change (yet)."""


@dataclass(frozen=True, slots=True)
class Blame:
    """What is known, and the change that it rests on."""

    guilt: Guilt
    change: SeenChange | None = None


def blame(
    changes: Iterable[SeenChange],
    since: datetime,
    accepted: Collection[str] = ACCEPTED,
    followed: tuple[str, str] = ("", ""),
) -> Blame:
    """Judge an aspect's drift by the changes of it, the newest first, since it was as approved.

    One unauthorised change is enough, even where an accepted one came after it: a surgical
    revert of ours may have left half of it. CloudTrail's times are whole seconds, so a change in
    the very second of ``since`` counts. ``followed`` is the ``order`` of the change that led to
    what is approved: it and the accepted ones before it explain no drift. What is not judged yet
    explains more than what is, for the baseline has followed that.
    """
    waiting: SeenChange | None = None
    newest: SeenChange | None = None
    for change in changes:
        if change.time < since.replace(microsecond=0):
            break
        if change.error_code:
            continue
        if not change.standing:
            waiting = waiting or change
        elif change.standing not in accepted:
            return Blame(Guilt.CULPRIT, change)
        elif change.order > followed:
            newest = newest or change
    pending = waiting or newest
    return Blame(Guilt.PENDING, pending) if pending else Blame(Guilt.UNKNOWN)
