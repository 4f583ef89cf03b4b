"""What the machine itself wrote down: changes seen, the journal, leases, and checkpoints.

Partitions: ``change#<bucket>``, ``journal#<bucket>`` with ``part#<bucket>`` for large documents,
``lease#<bucket>`` and ``checkpoint``; the bucket is empty for the account. All but checkpoints
have ``expires``, after which DynamoDB deletes them within days. Changes by a known principal are
in the index ``principal`` as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bucketward.baseline.canonical import pack, unpack
from bucketward.baseline.instant import stamp
from bucketward.baseline.journal import JournalEntry, bucket_of, id_prefix
from bucketward.baseline.parts import gather, spill
from bucketward.baseline.seen import SeenChange
from bucketward.baseline.table import Table
from bucketward.clock import now
from bucketward.errors import BadInput, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bucketward.baseline.item import Item

CHANGES_KEPT = timedelta(days=90)
JOURNAL_KEPT = timedelta(days=400)
_LEASES_KEPT = timedelta(days=1)


class Records:
    """The table of that name; ``clock`` gives the time, with its zone."""

    def __init__(self, table: str, clock: Callable[[], datetime] = now) -> None:
        self._table = Table(table, "subject", "entry")
        self._clock = clock

    def first_seen(self, change: SeenChange) -> bool:
        """Remember a change; say whether it is still to be dealt with, which ends with `mark`.

        So an event that is delivered again after a crash half-way is dealt with again.
        """
        item = self._change(change)
        while not self._table.put(item, "attribute_not_exists(#entry)"):
            known = self._table.get(self._table.key(item["subject"], item["entry"]))
            if known is not None:  # else it expired in between
                return not known.get("standing")
        return True

    def mark(self, change: SeenChange) -> None:
        """Remember a change with its standing and findings, in place of what was known of it."""
        self._table.put(self._change(change))

    def changes(
        self, bucket: str, aspect: str | None = None, since: datetime | None = None
    ) -> Iterator[SeenChange]:
        """Yield a bucket's changes, the newest first; ``""`` for those of the account."""
        begin = stamp(since) if since else ""
        for item in self._table.query(f"change#{bucket}", since=begin, newest_first=True):
            change = SeenChange.from_item(item)
            if aspect in {None, change.aspect}:
                yield change

    def changes_by(self, principal: str, since: datetime | None = None) -> Iterator[SeenChange]:
        """Yield what a principal did to any bucket, the newest first, a second or so behind."""
        begin = stamp(since) if since else ""
        for item in self._table.query(principal, since=begin, newest_first=True, index="principal"):
            yield SeenChange.from_item(item)

    def record(self, entry: JournalEntry) -> None:
        """Enter a revert in the journal; entering it again changes nothing."""
        self._table.put(self._entry(entry), "attribute_not_exists(#entry)")

    def ended(self, entry: JournalEntry) -> None:
        """Note how a revert ended, unless it was undone meanwhile."""
        self._table.put(self._entry(entry), "#undone_by = :nobody", nobody="")

    def entry(self, entry_id: str) -> JournalEntry | None:
        """Find a journal entry; raises `BadInput` for what is not the id of one."""
        item = self._table.get(self._table.key(f"journal#{bucket_of(entry_id)}", entry_id))
        return None if item is None else self._read(item)

    def journal(
        self, bucket: str | None = None, control: str | None = None, since: datetime | None = None
    ) -> Iterator[JournalEntry]:
        """Yield the journal, the newest first; without a bucket the whole table is read."""
        begin = id_prefix(since) if since else ""
        if bucket is None:
            when, values = "begins_with(#subject, :journal)", dict[str, Any](journal="journal#")
            if begin:
                when, values = f"{when} AND #entry >= :since", {**values, "since": begin}
            found = self._table.scan(when, **values)
            items = iter(sorted(found, key=lambda item: str(item["entry"]), reverse=True))
        else:
            items = self._table.query(f"journal#{bucket}", since=begin, newest_first=True)
        for item in items:
            if control in {None, item.get("control")}:
                yield self._read(item)

    def undone(self, entry_id: str, undone_by: str) -> None:
        """Note who undid a revert; raises `Conflict` where it was undone already, or is unknown."""
        key = self._table.key(f"journal#{bucket_of(entry_id)}", entry_id)
        if not self._table.update(
            key, "SET #undone_by = :by", "#undone_by = :nobody", by=undone_by, nobody=""
        ):
            raise Conflict(
                f"Journal entry {entry_id} was undone already, or is not in the journal."
            )

    def acquire(self, bucket: str, control: str, seconds: int, owner: str) -> bool:
        """Take the right to revert, unless another owner has it and its time is not over."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        key = self._table.key(f"lease#{bucket}", control)
        return self._table.put(
            {
                **key,
                "owner": owner,
                "until": stamp(until),
                "expires": self._expiry(until, _LEASES_KEPT),
            },
            "attribute_not_exists(#entry) OR #until <= :now OR #owner = :owner",
            now=stamp(now),
            owner=owner,
        )

    def release(self, bucket: str, control: str, owner: str) -> bool:
        """Give a lease back; False where it is not (or no longer) the owner's."""
        key = self._table.key(f"lease#{bucket}", control)
        return self._table.delete(key, "#owner = :owner", owner=owner)

    def checkpoint(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what was kept under a name, None where nothing is."""
        item = self._table.get(self._table.key("checkpoint", name))
        return None if item is None else unpack(item.get("document"))

    def keep(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON
        """Keep a JSON value up to 300 KB under a name, so that a later run can go on from there."""
        self._table.put({**self._table.key("checkpoint", name), "document": pack(value)})

    def _change(self, change: SeenChange) -> Item:
        key = self._table.key(f"change#{change.bucket}", f"{stamp(change.time)}#{change.event_id}")
        return {**change.to_item(), **key, "expires": self._expiry(change.time, CHANGES_KEPT)}

    def _entry(self, entry: JournalEntry) -> Item:
        key = self._table.key(f"journal#{entry.bucket}", entry.id)
        item = {**entry.to_item(), **key, "expires": self._expiry(entry.time, JOURNAL_KEPT)}
        return spill(self._table, f"part#{entry.bucket}", item)

    def _read(self, item: Item) -> JournalEntry:
        entry = JournalEntry.from_item(
            gather(self._table, str(item["subject"]).replace("journal#", "part#", 1), item)
        )
        if (item["subject"], item["entry"]) != (f"journal#{entry.bucket}", entry.id):
            raise BadInput(f"Journal entry {item['entry']} is not in its own place.")
        return entry

    @staticmethod
    def _expiry(time: datetime, kept: timedelta) -> int:
        return int((time + kept).timestamp())
