"""How approvals lie in the table of baselines, and how they are read and moved.

Items of a bucket: ``now#<aspect>`` is the approved value, a copy of one of the entries
``was#<aspect>#<event time>#<event id>`` of the history, with a ``version`` that every write of the
aspect moves on; ``now#`` alone says that the bucket was deleted; ``part#...`` see `parts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bucketward.baseline.approval import Approval
from bucketward.baseline.instant import stamp
from bucketward.baseline.item import string
from bucketward.baseline.parts import gather
from bucketward.baseline.signature import verify
from bucketward.baseline.table import Table
from bucketward.errors import BadInput, Tampered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward.baseline.item import Item

NOW = "now#"


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of an aspect's history; one that cannot be verified has a fault, no approval."""

    entry: str
    approval: Approval | None
    fault: str = ""
    withdrawn: str = ""
    """Why it was withdrawn, empty where it was not."""
    withdrawn_at: str = ""


class Ledger:
    def __init__(self, table: str, key: str) -> None:
        self.table = Table(table, "bucket", "entry")
        self.key = key

    def head(self, bucket: str, aspect: str) -> Item | None:
        return self.table.get(self.table.key(bucket, NOW + aspect))

    def rows(self, bucket: str, aspect: str) -> Iterator[Item]:
        """Yield an aspect's history, the newest first."""
        return self.table.query(bucket, prefix=f"was#{aspect}#", newest_first=True)

    def approval(self, bucket: str, aspect: str, item: Item | None) -> Approval | None:
        """Read the approved value, None where all were withdrawn; raises as `verified`."""
        return (
            None if item is None or "event_id" not in item else self.verified(bucket, aspect, item)
        )

    def verified(self, bucket: str, aspect: str, item: Item) -> Approval:
        """Read an approval, and raise `Tampered` where it is not as it was signed."""
        try:
            approval = Approval.from_item(gather(self.table, bucket, item))
        except BadInput as error:
            raise Tampered(
                f"The approved {aspect} of bucket {bucket} cannot be read: {error} "
                "It is not restored. Find out who wrote it, then approve the right one."
            ) from error
        verify(self.key, approval, item.get("mac"))
        if approval.aspect != aspect or item["entry"] not in {NOW + aspect, entry(approval)}:
            raise Tampered(
                f"What is stored as the approved {aspect} of bucket {bucket} is another approval; "
                "it is not restored. Find out who wrote it, then approve the right one."
            )
        return approval

    def past(self, bucket: str, aspect: str, row: Item) -> Past:
        approval, fault = None, ""
        try:
            approval = self.verified(bucket, aspect, row)
        except Tampered as error:
            fault = str(error)
        withdrawn = str(row.get("withdrawn", ""))
        return Past(row["entry"], approval, fault, withdrawn, str(row.get("withdrawn_at", "")))

    def moving(
        self, bucket: str, aspect: str, seen: Item | None, new: Item | None
    ) -> dict[str, Any]:
        """Return the write that approves ``new`` where ``seen`` is still what is approved."""
        when, values = "attribute_not_exists(#entry)", {}
        if seen is not None and "version" in seen:
            when, values = "#version = :version", {"version": seen["version"]}
        elif seen is not None:  # not the store's own, but it must be possible to replace it
            when = "attribute_exists(#entry) AND attribute_not_exists(#version)"
        version = values.get("version")
        following = version + 1 if isinstance(version, int) else 1
        key = self.table.key(bucket, NOW + aspect)
        if new is not None and new is seen:
            change = "SET #version = :following"
            return self.table.updating(key, change, when, following=following, **values)
        item = {**(new or {}), **key, "version": following}
        return self.table.putting(item, when, **values)


def entry(approval: Approval) -> str:
    """Return the sort key of an approval in the history."""
    return "#".join(("was", approval.aspect, *approval.order))


def ended(approval: Approval, gone: Item | None) -> bool:
    """Whether the bucket was deleted after (or in the same second as) the approved change."""
    return gone is not None and stamp(approval.event_time) <= string(gone, "event_time")
