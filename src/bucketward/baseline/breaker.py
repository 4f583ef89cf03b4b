"""The breaker of one bucket and control: open where it was reverted too often within the hour.

That it is open is not stored but follows from the journal; what is stored is that somebody closed
it, before which reverts do not count any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bucketward.baseline.decisions import BREAKER
from bucketward.baseline.instant import moment, stamp
from bucketward.baseline.item import string
from bucketward.baseline.journal import FAILED

if TYPE_CHECKING:
    from datetime import datetime

    from bucketward.baseline.decisions import Decisions
    from bucketward.baseline.journal import JournalEntry
    from bucketward.baseline.store import Store

LIMIT = 5
"""Reverts of one bucket by one control within the window before the breaker opens."""
WINDOW = timedelta(hours=1)


def counted(store: Store, bucket: str, control: str, at: datetime) -> list[JournalEntry]:
    """Return the reverts that count towards the limit, the newest first.

    One that wrote nothing is no war with anybody.
    Raises `BadInput` where what was decided of the breaker cannot be read.
    """
    since = at - WINDOW
    closed = store.decisions.get(BREAKER, _id(bucket, control))
    if closed is not None:
        since = max(since, moment(string(closed.body, "closed")))
    found = store.records.journal(bucket, control, since)
    return [entry for entry in found if entry.outcome != FAILED or entry.calls]


def close(  # noqa: PLR0913, PLR0917 - what, when, and who says so
    decisions: Decisions, bucket: str, control: str, at: datetime, by: str, reason: str
) -> None:
    """Let the control revert the bucket again; raises `Conflict` where another just did."""
    body = {"bucket": bucket, "control": control, "closed": stamp(at), "by": by, "reason": reason}
    before = decisions.get(BREAKER, _id(bucket, control))
    decisions.put(BREAKER, _id(bucket, control), body, before)


def _id(bucket: str, control: str) -> str:
    return f"{bucket}:{control}"
