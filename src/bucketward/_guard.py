"""What stands between a plan and its writes: exemptions, one revert at a time, a breaker.

And what is left behind: a journal entry before the first write, how it ended and an event after it.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from . import _aws, _bus
from ._baseline import accepted
from ._baseline import approved as documents
from ._exemption import exemption
from ._log import count, logger, measure
from .aspects import ASPECTS
from .baseline import breaker
from .baseline.journal import DONE, FAILED, NOT_HELD, JournalEntry
from .baseline.store import Store
from .blame import ACCEPTED
from .bucket import Bucket
from .clock import now
from .errors import DidNotHold, LeftAlone, Refused, RemediationFailed
from .metrics import BREAKER_OPEN, REVERT_LAG

if TYPE_CHECKING:
    from datetime import datetime

    from .baseline.seen import SeenChange
    from .changes.alert import Alert
    from .remediation import Outcome, Remediation

REVERTS = "BUCKETWARD_REVERTS"
_LEASE = 130
"""Seconds: longer than a function runs, and that of one that was killed is soon over."""
_PATIENCE = (0, 5, 10, 15)
"""Seconds before each look whether the other revert has ended."""
_RECENT = timedelta(days=1)
_ONE_ATTACK = timedelta(minutes=10)
"""Within which one control may put right what another one left of the same change."""


class Guard:
    """One revert of one bucket by one control; a context manager that holds the lease.

    Or of the account, for which there are no exemptions, and no breaker but AWS Config's own.
    """

    def __init__(self, remediation: Remediation, name: str, account: str, owner: str) -> None:
        self._remediation, self._name, self._account = remediation, name, account
        self._owner = owner
        self._bucket = name if remediation.subject is Bucket else ""
        self._store = Store.from_environment()
        self._leased = self._held = False
        self._written: list[Any] = []
        self._begun: datetime | None = None
        self.entry: JournalEntry | None = None

    def __enter__(self) -> Self:
        """Take the lease; raises `LeftAlone` where nothing is to be done."""
        control, name = self._remediation.control, self._name
        if self._store is not None:
            if self._bucket and (found := exemption(control, name)):
                raise LeftAlone(found.sentence)
            self._leased = any(map(self._leases, _PATIENCE))
            if not self._leased:
                # A failure, so that it is tried again: the other may have been killed.
                raise RemediationFailed(
                    f"{control} is under way on {self._remediation.subject.NOUN} {name} already "
                    f"and has not ended within {sum(_PATIENCE)} seconds; try again."
                )
        return self

    def _leases(self, seconds: float) -> bool:
        if seconds:
            time.sleep(seconds)
        assert self._store is not None  # noqa: S101 - the caller looked
        control = self._remediation.control
        return self._store.records.acquire(self._bucket, control, _LEASE, self._owner)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not self._leased or self._store is None:
            return
        try:
            self._ended(error)
        finally:
            self._store.records.release(self._bucket, self._remediation.control, self._owner)

    def before(self, outcome: Outcome) -> None:
        """Write the journal before the bucket: what is not recorded is not done."""
        if self._store is None:
            return
        self.check()
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
        if newest and newest.standing in ACCEPTED and not self._as_approved(outcome):
            newest = None
        self._begun = newest.time if newest else None
        self.entry = JournalEntry(
            time=now(),
            account=self._account,
            bucket=self._bucket,
            control=outcome.control,
            before=outcome.before,
            after=outcome.after,
            calls=tuple(call.operation.name for call in outcome.calls),
            actor=newest.actor if newest else "unknown",
            reason=f"{newest.event_name} was {newest.standing or 'not judged yet'}"
            if newest
            else "CloudTrail has not told yet who changed it",
        )
        self._store.records.record(self.entry)
        logger.append_keys(journal=self.entry.id)

    def wrote(self, call: Any) -> None:  # noqa: ANN401 - of a bucket or of the account
        """Hear of a call that AWS may have carried out."""
        self._written.append(call)

    def _ended(self, error: BaseException | None) -> None:
        """Note in the journal how the revert ended, and of one that failed what it wrote."""
        if self.entry is None or self._store is None:
            return
        if error is not None and not isinstance(error, Exception):
            return  # killed: nobody knows
        entry = replace(self.entry, outcome=DONE if self._held else NOT_HELD)
        if not self._held and not isinstance(error, DidNotHold):
            names = {call.aspect.name for call in self._written}
            entry = replace(
                entry,
                outcome=FAILED,
                before={name: each for name, each in entry.before.items() if name in names},
                after={name: each for name, each in entry.after.items() if name in names},
                calls=tuple(call.operation.name for call in self._written),
            )
        try:
            self._store.records.ended(entry)
        except (_aws.ClientError, _aws.BotoCoreError) as failure:
            if error is None:
                raise
            logger.warning("the journal does not say how it ended", extra={"reason": str(failure)})

    def after(self, outcome: Outcome) -> None:
        """Tell the bus of the revert, and of what could not be put right."""
        self._held = True
        if outcome.remarks:
            from .changes.alerts.operations import NOT_RESTORED

            tell(NOT_RESTORED, self._name, self._account, outcome.control, outcome.remarks)
        if self.entry is None:
            return
        if self._begun is not None:
            lag = (now() - self._begun).total_seconds()
            measure({REVERT_LAG: lag}, self._remediation.control)
        from .event import revert_event

        event = revert_event(self.entry, region=os.environ.get("AWS_REGION", ""), note=outcome.note)
        _bus.publish(_bus.REVERT, [event])

    def _newest(self, outcome: Outcome) -> SeenChange | None:
        """Return the newest change, of somebody else, of what is about to be written.

        What was put back a while ago is not to blame for what is found now.
        """
        assert self._store is not None  # noqa: S101 - the callers looked
        records, since = self._store.records, now() - _RECENT
        reverted: dict[str, datetime] = {}
        for entry in records.journal(self._bucket, since=since):
            for name in entry.after if entry.time < now() - _ONE_ATTACK else ():
                reverted.setdefault(name, entry.time)
        for change in records.changes(self._bucket, since=since):
            foreign = not change.error_code and change.standing != "self"
            begun = reverted.get(change.aspect, since)
            if foreign and change.aspect in outcome.after and change.time > begun:
                return change
        return None

    def _as_approved(self, outcome: Outcome) -> bool:
        """Whether the authorised change that is known made what is found, and nobody since.

        A control that has no leave to read what is approved accuses nobody.
        """
        if not (self._remediation.earlier or self._remediation.compares):
            return False
        from .drift import same

        approved = documents(self._name)
        return all(
            name in approved and same(ASPECTS[name], before, approved[name])
            for name, before in outcome.before.items()
        )

    def check(self) -> None:
        """Refuse where this control reverted this bucket too often: somebody changes it back."""
        if self._store is None or not self._bucket:
            return
        control, name = self._remediation.control, self._name
        entries = breaker.counted(self._store, name, control, now())
        if len(entries) < int(os.environ.get(REVERTS) or breaker.LIMIT):
            return
        from .changes.alerts.operations import REVERT_WAR

        count(BREAKER_OPEN, control)
        reason = (
            f"{control} reverted bucket {name} {len(entries)} times within an hour against "
            f"{entries[0].actor}; it stops until somebody closes the breaker or the hour is over."
        )
        tell(REVERT_WAR, name, self._account, control, reason)
        raise Refused(reason)


def tell(alert: Alert, bucket: str, account: str, control: str, reason: str) -> None:
    from .event import alert_event

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
