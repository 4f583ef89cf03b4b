"""The approved documents of every bucket, signed, with their history.

Every approval is entered in the history, which is never rewritten but for the mark that it was
withdrawn; the newest by the time of its change is the approved one. So the order in which events
arrive makes no difference. Whoever finds that another was quicker reads again and tries again.
"""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bucketward.baseline.instant import stamp
from bucketward.baseline.ledger import NOW, Ledger, ended, entry
from bucketward.baseline.parts import spill
from bucketward.baseline.signature import sign
from bucketward.baseline.table import together
from bucketward.clock import now
from bucketward.errors import BadInput, Conflict, Tampered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from bucketward.baseline.approval import Approval
    from bucketward.baseline.item import Item
    from bucketward.baseline.ledger import Past

_ATTEMPTS = 8
_SEGMENTS = 4


class Baselines:
    """The table of that name, signed with the KMS key of that ARN."""

    def __init__(self, table: str, key: str) -> None:
        self._ledger = Ledger(table, key)
        self._table = self._ledger.table

    def approve(self, approval: Approval) -> bool:
        """Enter an approval, once an event, and say whether it is the approved value now.

        False for an event older than that of the approved value or than the bucket's deletion, and
        for one that was withdrawn. Raises `Tampered` where the present value cannot be verified,
        for then nobody knows what is newer; see `mend`.
        """
        bucket, aspect = approval.bucket, approval.aspect
        row: Item | None = None
        for _ in _attempts():
            # In this order: what was entered before is then in what is read after.
            entered = self._table.get(self._table.key(bucket, entry(approval)))
            head = self._ledger.head(bucket, aspect)
            gone = self._table.get(self._table.key(bucket, NOW))
            now = self._ledger.approval(bucket, aspect, head)
            if entered is not None:
                return now is not None and now.order == approval.order and not ended(now, gone)
            row = row or self._row(approval)
            newest = now is None or now.order < approval.order
            if together(
                self._table.putting(row, "attribute_not_exists(#entry)"),
                self._ledger.moving(bucket, aspect, head, row if newest else head),
            ):
                return newest and not ended(approval, gone)
        raise _contended(bucket, aspect)

    def approved(self, bucket: str, aspects: Collection[str] | None = None) -> dict[str, Approval]:
        """Return what is approved by aspect, every signature verified; nothing for the others.

        Raises `Tampered`, naming them, where aspects asked for cannot be verified.
        """
        approvals, faults = self.examine(bucket, aspects)
        if faults:
            raise Tampered(" ".join(map(str, faults.values())), bucket, tuple(faults))
        return approvals

    def examine(
        self, bucket: str, aspects: Collection[str] | None = None
    ) -> tuple[dict[str, Approval], dict[str, Tampered]]:
        """Return what is approved by aspect, and what is wrong with those not to be trusted."""
        heads = {item["entry"]: item for item in self._table.query(bucket, prefix=NOW)}
        gone = heads.pop(NOW, None)
        approvals: dict[str, Approval] = {}
        faults: dict[str, Tampered] = {}
        for name, head in heads.items():
            aspect = name.removeprefix(NOW)
            if aspects is not None and aspect not in aspects:
                continue
            try:
                now = self._ledger.approval(bucket, aspect, head)
            except Tampered as error:
                faults[aspect] = error
                continue
            if now is not None and not ended(now, gone):
                approvals[aspect] = now
        return approvals, faults

    def approved_all(
        self, account: str, after: str = ""
    ) -> Iterator[tuple[str, dict[str, Approval], dict[str, Tampered]]]:
        """Yield `examine` of an account's buckets by name, from the one ``after`` another on."""
        for bucket in self.buckets():
            if bucket > after:
                found, faults = self.examine(bucket)
                own = {name: each for name, each in found.items() if each.account == account}
                if own or faults:
                    yield bucket, own, faults

    def buckets(self) -> list[str]:
        """Return the sorted names of all buckets that ever had anything approved."""

        def names(segment: int) -> set[str]:
            when = "begins_with(#entry, :now)"
            scan = self._table.scan(when, segment, _SEGMENTS, only="bucket", now=NOW)
            return {item["bucket"] for item in scan}

        with ThreadPoolExecutor(_SEGMENTS) as pool:
            return sorted(set[str]().union(*pool.map(names, range(_SEGMENTS))))

    def history(self, bucket: str, aspect: str) -> Iterator[Past]:
        """Yield every approval of an aspect, the newest first, those withdrawn as well."""
        for row in self._ledger.rows(bucket, aspect):
            yield self._ledger.past(bucket, aspect, row)

    def withdraw(self, bucket: str, aspect: str, event_id: str, reason: str) -> bool:
        """Take back the approval that an event led to: the newest other one counts again.

        False where it was withdrawn before. Raises `BadInput` where there is none, and `Tampered`
        where what would count again cannot be verified.
        """
        for _ in _attempts():
            head = self._ledger.head(bucket, aspect)
            rows = list(self._ledger.rows(bucket, aspect))
            row = next((each for each in rows if each.get("event_id") == event_id), None)
            if row is None:
                raise BadInput(f"Event {event_id} approved no {aspect} of bucket {bucket}.")
            if "withdrawn" in row:
                return False
            successor = head
            if head is None or head.get("event_id") == event_id:
                others = (each for each in rows if each is not row and "withdrawn" not in each)
                successor = next(others, None)
                self._ledger.approval(bucket, aspect, successor)
            mark = self._table.updating(
                self._table.key(bucket, row["entry"]),
                "SET #withdrawn = :reason, #withdrawn_at = :time",
                "attribute_exists(#entry) AND attribute_not_exists(#withdrawn)",
                reason=reason or "no reason given",
                time=stamp(now()),
            )
            if together(mark, self._ledger.moving(bucket, aspect, head, successor)):
                return True
        raise _contended(bucket, aspect)

    def mend(self, bucket: str, aspect: str) -> Approval | None:
        """Approve the newest entry of the history that can be verified, and return it.

        For an operator who has found out why the approved value was `Tampered` with.
        """
        for _ in _attempts():
            head = self._ledger.head(bucket, aspect)
            found, newest = None, None
            for row in self._ledger.rows(bucket, aspect):
                found = (
                    None if "withdrawn" in row else self._ledger.past(bucket, aspect, row).approval
                )
                if found is not None:
                    newest = row
                    break
            if together(self._ledger.moving(bucket, aspect, head, newest)):
                return found
        raise _contended(bucket, aspect)

    def forget(self, bucket: str, event_time: datetime, event_id: str, reason: str) -> bool:
        """Say that the bucket was deleted: what was approved until then counts no more.

        The history stays, and a bucket made later under the name starts without a baseline. False
        for a deletion not newer than the newest known.
        """
        texts = {"event_id": event_id, "reason": reason, "event_time": stamp(event_time)}
        return self._table.put(
            {**self._table.key(bucket, NOW), **texts},
            "attribute_not_exists(#entry) OR #event_time < :time",
            time=texts["event_time"],
        )

    def _row(self, approval: Approval) -> Item:
        mac = sign(self._ledger.key, approval)
        item = {**approval.to_item(), "entry": entry(approval), "mac": mac}
        return spill(self._table, approval.bucket, item)


def _attempts() -> Iterator[int]:
    """Count the attempts, with a pause before each but the first that doubles on average."""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(secrets.randbelow(20 << attempt) / 1000)
        yield attempt


def _contended(bucket: str, aspect: str) -> Conflict:
    return Conflict(
        f"The approved {aspect} of bucket {bucket} was changed {_ATTEMPTS} times "
        "meanwhile; try again."
    )
