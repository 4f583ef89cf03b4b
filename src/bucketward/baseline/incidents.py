"""What each channel was told: so that the same is not told twice, and its end is told where it was.

In the table of records, partition ``incident#<channel>#<bucket>``, or with the account's id for the
bucket where it is about the account: ``incident#<aspect>#<key>`` and ``revert#<id>`` are what was
told, ``reverted#<aspect>`` the newest revert, which may arrive before the alert that it ends.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bucketward.baseline.canonical import pack, unpack
from bucketward.baseline.instant import stamp
from bucketward.baseline.table import Table
from bucketward.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bucketward.baseline.item import Item

TELLING, OPEN, RESOLVED = "telling", "open", "resolved"
_LEASE = timedelta(minutes=5)
"""For which nobody else tells the same: longer than the function runs, shorter than until it is
tried again."""
_KEPT = timedelta(days=90)
_MARKERS_KEPT = timedelta(days=2)


class Incidents:
    """What one channel was told; ``table`` is that of the records."""

    def __init__(self, table: str, channel: str, clock: Callable[[], datetime] = now) -> None:
        self._table = Table(table, "subject", "entry")
        self._channel, self._clock = channel, clock

    def claim(self, bucket: str, entry: str, document: Any) -> bool:  # noqa: ANN401 - JSON
        """Take it on to tell of something, unless it was told within its window or is about to."""
        now = self._clock()
        return self._table.put(
            self._item(bucket, entry, TELLING, now + _LEASE, document),
            "attribute_not_exists(#entry) OR #until <= :now",
            now=stamp(now),
        )

    def release(self, bucket: str, entry: str) -> None:
        """Give up telling, so that the next attempt may."""
        self._table.delete(self._key(bucket, entry), "#status = :telling", telling=TELLING)

    def told(  # noqa: PLR0913 - one item
        self,
        bucket: str,
        entry: str,
        document: Any,  # noqa: ANN401 - JSON
        *,
        window: timedelta,
        reference: str = "",
        resolved: bool = False,
    ) -> None:
        """Remember what was told; once it is over, the same may be told again at once."""
        now = self._clock()
        until = now if resolved else now + window
        state = RESOLVED if resolved else OPEN
        self._table.put(self._item(bucket, entry, state, until, document, reference))

    def open(self, bucket: str) -> Iterator[tuple[Any, str]]:
        """Yield what is open of a bucket: the document, and the other side's reference."""
        for item in self._table.query(self._subject(bucket), prefix="incident#"):
            if item.get("status") == OPEN:
                yield unpack(item.get("document")), str(item.get("reference", ""))

    def mark(self, bucket: str, aspect: str, revert: Any) -> None:  # noqa: ANN401 - JSON
        """Remember a revert of an aspect, unless a newer one is known."""
        now = self._clock()
        item = {
            **self._key(bucket, f"reverted#{aspect}"),
            "time": str(revert["time"]),
            "document": pack(revert),
            "expires": int((now + _MARKERS_KEPT).timestamp()),
        }
        self._table.put(
            item, "attribute_not_exists(#entry) OR #time <= :time", time=str(revert["time"])
        )

    def reverted(self, bucket: str, aspect: str) -> Any:  # noqa: ANN401 - JSON
        """Return the newest revert of an aspect, or None."""
        item = self._table.get(self._key(bucket, f"reverted#{aspect}"))
        return None if item is None else unpack(item.get("document"))

    def _item(  # noqa: PLR0913, PLR0917 - one item
        self,
        bucket: str,
        entry: str,
        status: str,
        until: datetime,
        document: Any,  # noqa: ANN401 - JSON
        reference: str = "",
    ) -> Item:
        return {
            **self._key(bucket, entry),
            "status": status,
            "until": stamp(until),
            "reference": reference,
            "document": pack(document),
            "expires": int((self._clock() + _KEPT).timestamp()),
        }

    def _key(self, bucket: str, entry: str) -> Item:
        return self._table.key(self._subject(bucket), entry)

    def _subject(self, bucket: str) -> str:
        return f"incident#{self._channel}#{bucket}"
