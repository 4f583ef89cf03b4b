"""What stands between a plan and its writes: exemptions, one revert at a time, a breaker.

And what is left behind: a journal entry before the first write, an event after it.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from . import _bus
from ._baseline import accepted, exemption
from ._log import logger
from .baseline.journal import JournalEntry
from .baseline.store import Store
from .bucket import Bucket
from .clock import now
from .errors import LeftAlone, Refused
from .event import alert_event, revert_event

if TYPE_CHECKING:
    from .baseline.seen import SeenChange
    from .changes.alert import Alert
    from .remediation import Outcome, Remediation

REVERTS = "BUCKETWARD_REVERTS"
_REVERTS = 5
"""Reverts of one bucket by one control within the window before the breaker opens."""
_WINDOW = timedelta(hours=1)
_LEASE = 240
"""Seconds: longer than a function runs, shorter than anybody waits for a revert."""
_RECENT = timedelta(days=1)


class Guard:
    """One revert of one bucket by one control; a context manager that holds the lease."""

    def __init__(self, remediation: Remediation, name: str, account: str, owner: str) -> None:
        self._remediation, self._name, self._account = remediation, name, account
        self._owner = owner
        self._store = Store.from_environment() if remediation.subject is Bucket else None
        self._leased = False
        self.entry: JournalEntry | None = None

    def __enter__(self) -> Self:
        """Take the lease; raises `LeftAlone` where nothing is to be done."""
        control, name = self._remediation.control, self._name
        if self._store is not None:
            if found := exemption(control, name):
                raise LeftAlone(found.sentence)
            if not self._store.records.acquire(name, control, _LEASE, self._owner):
                raise LeftAlone("the same revert is under way already")
            self._leased = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._leased and self._store is not None:
            self._store.records.release(self._name, self._remediation.control, self._owner)

    def before(self, outcome: Outcome) -> None:
        """Write the journal before the bucket: what is not recorded is not done."""
        if self._store is None:
            return
        self._break()
        newest = self._newest(outcome)
        if (
            newest
            and newest.standing == "authorised-but-dangerous"
            and newest.standing in accepted()
        ):
            raise LeftAlone(
                f"left alone: {newest.actor} is authorised, and the stack only alerts of what is "
                "dangerous"
            )
        self.entry = JournalEntry(
            time=now(),
            account=self._account,
            bucket=self._name,
            control=outcome.control,
            before=outcome.before,
            after=outcome.after,
            calls=tuple(call.operation.name for call in outcome.calls),
            actor=newest.actor if newest else "unknown",
            reason=f"{newest.event_name} was {newest.standing or 'not judged yet'}"
            if newest
            else "CloudTrail has told of no change",
        )
        self._store.records.record(self.entry)
        logger.append_keys(journal=self.entry.id)

    def after(self, outcome: Outcome) -> None:
        """Tell the bus of the revert, and of what could not be put right."""
        if outcome.remarks:
            from .changes.alerts.operations import NOT_RESTORED

            tell(NOT_RESTORED, self._name, self._account, outcome.control, outcome.remarks)
        if self.entry is None:
            return
        event = revert_event(self.entry, region=os.environ.get("AWS_REGION", ""), note=outcome.note)
        _bus.publish(_bus.REVERT, [event])

    def _newest(self, outcome: Outcome) -> SeenChange | None:
        """Return the newest change, of somebody else, of what is about to be written."""
        assert self._store is not None  # noqa: S101 - the callers looked
        since = now() - _RECENT
        for change in self._store.records.changes(self._name, since=since):
            foreign = not change.error_code and change.standing != "self"
            if foreign and change.aspect in outcome.after:
                return change
        return None

    def _break(self) -> None:
        """Refuse where this control reverted this bucket too often: somebody changes it back."""
        assert self._store is not None  # noqa: S101
        control, name = self._remediation.control, self._name
        since = now() - _WINDOW
        closed = self._store.decisions.get("breaker", f"{name}:{control}")
        if closed is not None:
            since = max(since, datetime.fromisoformat(str(closed.body.get("closed"))))
        limit = int(os.environ.get(REVERTS) or _REVERTS)
        entries = list(self._store.records.journal(name, control, since))
        if len(entries) < limit:
            return
        from .changes.alerts.operations import REVERT_WAR

        reason = (
            f"{control} reverted bucket {name} {len(entries)} times within an hour against "
            f"{entries[0].actor}; it stops until somebody closes the breaker or the hour is over."
        )
        tell(REVERT_WAR, name, self._account, control, reason)
        raise Refused(reason)


def tell(alert: Alert, bucket: str, account: str, control: str, reason: str) -> None:
    event = alert_event(
        alert,
        account=account,
        region=os.environ.get("AWS_REGION", ""),
        bucket=bucket,
        control=control,
        reason=reason,
        time=now(),
    )
    _bus.publish(_bus.ALERT, [event])
