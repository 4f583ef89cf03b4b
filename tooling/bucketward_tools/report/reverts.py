"""The reverts of a stack's journal, each with the changes that it put back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from bucketward.aspects import ASPECTS
from bucketward.blame import ACCEPTED
from bucketward.changes import Standing
from bucketward_tools.cli.screen import difference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bucketward.baseline.journal import JournalEntry
    from bucketward.baseline.records import Records
    from bucketward.baseline.seen import SeenChange

MOST = 500
"""Reverts that a report tells of, the newest; the journal keeps them for 400 days."""
_DELETED = "DeleteBucket"
"""What is put back of a bucket that was deleted is no aspect: the entry has no documents."""


@dataclass(frozen=True, slots=True)
class Revert:
    """One entry of the journal; ``changes`` made the drift that it ended, the earliest first.

    They are none where the change monitor did not see them, or forgot them after ninety days.
    """

    entry: JournalEntry
    changes: tuple[SeenChange, ...]

    def to_dict(self) -> dict[str, Any]:
        entry = self.entry
        actors = [each.actor for each in self.changes] or [entry.actor]
        return {
            "id": entry.id,
            "bucket": entry.bucket,
            "control": entry.control,
            "began": self.changes[0].time.isoformat() if self.changes else None,
            "ended": entry.time.isoformat(),
            "who": list(dict.fromkeys(actors)),
            "what": list(dict.fromkeys(each.event_name for each in self.changes)),
            "aspects": list(entry.after),
            "calls": list(entry.calls),
            "reason": entry.reason,
            "undone_by": entry.undone_by,
            "diffs": [
                difference(
                    ASPECTS[name], entry.before.get(name), document, ("as changed", "put back")
                )
                for name, document in entry.after.items()
            ],
        }


def read(records: Records) -> tuple[Revert, ...]:
    """Return the newest reverts, the newest first."""
    entries = list(islice(records.journal(), MOST))
    seen = {bucket: list(records.changes(bucket)) for bucket in {each.bucket for each in entries}}
    return tuple(
        Revert(entry, _put_back(entry, entries[at + 1 :], seen[entry.bucket]))
        for at, entry in enumerate(entries)
    )


def _put_back(
    entry: JournalEntry, earlier: Iterable[JournalEntry], seen: Iterable[SeenChange]
) -> tuple[SeenChange, ...]:
    """Choose the changes of what a revert wrote since that was last as approved."""
    wanted = set(entry.after) or {_DELETED}
    begins: dict[str, datetime] = {}
    for each in earlier:
        if each.bucket == entry.bucket:
            for aspect in set(each.after) or {_DELETED}:
                begins.setdefault(aspect, each.time.replace(microsecond=0))
    found = []
    for change in seen:  # the newest first
        aspect = _DELETED if change.event_name == _DELETED else change.aspect
        if aspect not in wanted or change.time > entry.time or change.error_code:
            continue
        if aspect in begins and change.time < begins[aspect]:
            continue
        if change.standing not in ACCEPTED:
            found.append(change)
        elif change.standing != Standing.SELF:  # the baseline followed it
            wanted.remove(aspect)
    return tuple(reversed(found))
