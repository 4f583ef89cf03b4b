"""Undo a revert so that no crash leaves a bucket that is fought over.

In this order: exempt, keep others from reverting, look again, write, verify, approve, mark. What
dies before the first write leaves at most exemptions that end by themselves; what dies after it is
finished by running it again.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from bucketward import _aws
from bucketward.aspects import ASPECTS
from bucketward.baseline.decisions import EXEMPTION
from bucketward.baseline.exemption import Exemption
from bucketward.calls import apply
from bucketward.clock import now
from bucketward.drift import same
from bucketward.errors import BadInput, Conflict, DidNotHold, Refused, RemediationFailed, shown
from bucketward.restore import restoring

from .approving import enter
from .comparing import last_change
from .exempting import UNDO, ensure
from .objecting import objecting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bucketward.aspects import Aspect
    from bucketward.baseline.journal import JournalEntry
    from bucketward.baseline.records import Records
    from bucketward.bucket import Bucket
    from bucketward.calls import Call
    from bucketward.restore import Unrestorable

    from .deployment import Deployment

DRIFT = "bucket_drift"
_EXEMPT = timedelta(days=7)
_BRIDGE = timedelta(hours=1)
"""For `bucket_drift`, which has nothing to revert once the restored values are approved."""
_LEASE = 240
_WAITS = (0, 1, 2, 4, 8)
_SHORT = 32
"""Characters of a journal entry's id that tell it from all others: its time and random part."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a revert takes, of a bucket that is as the revert left it."""

    entry: JournalEntry
    live: Bucket
    calls: tuple[Call, ...]
    left: tuple[Unrestorable, ...]

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        return tuple(ASPECTS[name] for name in self.entry.before)

    @property
    def then(self) -> Bucket:
        return apply(self.calls, self.live)


def plan(deployment: Deployment, entry_id: str) -> Undoing:
    """Look at the journal and the bucket; raises `Refused` where it cannot be undone any more."""
    entry = deployment.store.records.entry(entry_id)
    if entry is None:
        raise BadInput(f"The journal has no entry {shown(entry_id)}; see: bucketward journal")
    if entry.undone_by:
        raise Refused(f"Revert {entry.id} was undone already, by {entry.undone_by}.")
    if not entry.before:
        raise Refused(f"Revert {entry.id} put no setting back, so there is nothing to undo.")
    strange = [name for name in entry.before if name not in ASPECTS or name not in entry.after]
    if strange:
        raise Refused(f"Journal entry {entry.id} is about {shown(strange[0])}, which is no aspect.")
    live = deployment.read(entry.bucket, ASPECTS.values())
    wanted = [ASPECTS[name] for name in entry.before]
    changed = [
        aspect
        for aspect in wanted
        if not same(aspect, live[aspect], entry.after[aspect.name])
        and not same(aspect, live[aspect], entry.before[aspect.name])
    ]
    if changed:
        told = " ".join(last_change(deployment, entry.bucket, each) for each in changed)
        raise Refused(
            f"The {', '.join(map(str, changed))} of bucket {entry.bucket} is no longer as the "
            f"revert left it, so nothing was changed. {told}"
        )
    calls, left = restoring(live, entry.before, wanted, even_weaker=True)
    if left and not calls:
        raise Refused(" ".join(map(str, left)))
    return Undoing(entry, live, calls, left)


def exemptions(
    deployment: Deployment, found: Undoing, reason: str, until: datetime | None
) -> list[Exemption]:
    """Return those that keep the undone values from being reverted again, the control's first."""
    entry, made = found.entry, now()
    ends = {entry.control: until or made + (_BRIDGE if entry.control == DRIFT else _EXEMPT)}
    for control in objecting(deployment, found.live, found.then):
        ends.setdefault(control, until or made + _EXEMPT)
    if _covered(deployment, found):
        ends.setdefault(DRIFT, made + _BRIDGE)
    return [
        Exemption(
            id=f"{UNDO}{entry.id[:_SHORT]}-{control}",
            bucket=entry.bucket,
            control=control,
            reason=reason,
            approver=deployment.caller,
            expires=end,
            created=made,
        )
        for control, end in ends.items()
    ]


def perform(
    deployment: Deployment, found: Undoing, reason: str, exempt: Sequence[Exemption]
) -> tuple[str, ...]:
    """Undo what was planned; return the names of the aspects that were approved for it."""
    store, made = deployment.store, list[str]()
    with ExitStack() as leases:
        try:
            for each in exempt:
                if ensure(store.decisions, each):
                    made.append(each.id)
            _hold(leases, store.records, found.entry.bucket, exempt)
            _look_again(deployment, found)
        except Exception:  # whatever it was, nothing was written: nothing need be let be
            for name in made:
                store.decisions.delete(EXEMPTION, name)
            raise
        _write(found)
        live = _verified(deployment, found)
        covered = _covered(deployment, found)
        aspects = [ASPECTS[name] for name in covered]
        enter(deployment, live, aspects, now(), f"Undo of {found.entry.id}: {reason}")
        store.records.undone(found.entry.id, deployment.caller)
    return covered


def _hold(leases: ExitStack, records: Records, bucket: str, exempt: Sequence[Exemption]) -> None:
    """Keep reverts from beginning; who is at it already looked before the exemption was there."""
    owner = f"{UNDO}{uuid4()}"
    for each in exempt:
        if not records.acquire(bucket, each.control, _LEASE, owner):
            raise Conflict(
                f"A revert of bucket {bucket} by {each.control} is under way; nothing was changed. "
                "Try again in five minutes."
            )
        leases.callback(records.release, bucket, each.control, owner)


def _look_again(deployment: Deployment, found: Undoing) -> None:
    if plan(deployment, found.entry.id).calls != found.calls:
        raise Conflict(
            f"Bucket {found.entry.bucket} was changed while you looked; nothing was written. Run "
            "the command again."
        )


def _write(found: Undoing) -> None:
    for done, call in enumerate(found.calls):
        try:
            _aws.write(call, found.live)
        except _aws.ClientError as error:
            raise RemediationFailed(
                f"S3 refused {call.operation.name} on bucket {found.entry.bucket} with "
                f"{_aws.error_code(error)}; {done} of {len(found.calls)} calls were made. The "
                "exemptions stay, so nothing is fought over; mend it and run the same again."
            ) from error


def _verified(deployment: Deployment, found: Undoing) -> Bucket:
    """Read until the bucket is as wanted; S3's bucket settings spread in seconds."""
    wanted = {call.aspect.name: call.aspect for call in found.calls}.values()
    for seconds in _WAITS:
        time.sleep(seconds)
        live = deployment.read(found.entry.bucket, ASPECTS.values())
        if not restoring(live, found.entry.before, wanted, even_weaker=True).calls:
            return live
    raise DidNotHold(
        f"Bucket {found.entry.bucket} was written, but is not as before the revert "
        f"{sum(_WAITS)} seconds later; somebody may be changing it back."
    )


def _covered(deployment: Deployment, found: Undoing) -> tuple[str, ...]:
    """Return the aspects that the baseline covers, or covered when drift was reverted."""
    entry = found.entry
    approvals, faults = deployment.store.baselines.examine(entry.bucket, tuple(entry.before))
    if entry.control == DRIFT:
        for fault in faults.values():
            raise fault
        return tuple(entry.before)
    return tuple(name for name in entry.before if name in approvals)
