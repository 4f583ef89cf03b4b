"""What an approval may rest on: whether what was read of a bucket is what a change led to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ._baseline import accepted
from ._capture import TRUSTED
from .aspects import ASPECTS
from .changes.vocabulary import BUCKET
from .errors import Unsettled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .aspects import Aspect
    from .baseline.approval import Approval
    from .baseline.records import Records
    from .baseline.seen import SeenChange
    from .baseline.store import Store

_LONG = timedelta(days=90)


def overtaken(
    records: Records, seen: SeenChange, read_at: datetime, approval: Approval | None
) -> bool:
    """Whether what was there at that time may not be what a change led to.

    Somebody who was not authorised changed it later, or deleted the bucket and made it again, or a
    revert of ours did not know of this change yet. Raises `Unsettled` where a later change is known
    and not judged yet.
    """
    since, name, aspect = seen.time, seen.aspect, ASPECTS[seen.aspect]
    earliest = since - _LONG if aspect.keyed else since
    reverts = [
        entry.time
        for entry in records.journal(seen.bucket, "bucket_drift", earliest)
        if name in entry.after and entry.time <= read_at
    ]
    if any(time >= since for time in reverts):
        return True
    if aspect.keyed:
        # The others of its kind are read with it, so whoever wrote one of them counts from
        # when the aspect was last as approved.
        since = max([approval.event_time if approval else earliest, *reverts])
    later = [
        each
        for each in records.changes(seen.bucket, None, since.replace(microsecond=0))
        if (each.aspect == name or (each.aspect == BUCKET and each.time >= seen.time))
        and each.event_id != seen.event_id
        and each.time <= read_at
        and not each.error_code
    ]
    if any(each.standing and each.standing not in accepted() for each in later):
        return True
    if any(not each.standing for each in later):
        raise Unsettled(f"A later change of bucket {seen.bucket} is being judged.")
    return False


def doubtful(store: Store, seen: SeenChange) -> Iterator[Approval]:
    """Yield the approvals that may hold a change's work, current ones and past.

    Past ones too: they come back when those after them are withdrawn. Whoever deletes a bucket, or
    makes it, changes every aspect.
    """
    if seen.bucket:
        for aspect in ASPECTS.values() if seen.aspect == BUCKET else (ASPECTS.get(seen.aspect),):
            if aspect is not None:
                yield from _doubtful(store, seen, aspect)


def _doubtful(store: Store, seen: SeenChange, aspect: Aspect) -> Iterator[Approval]:
    for past in store.baselines.history(seen.bucket, aspect.name):
        approval = past.approval
        # CloudTrail cuts the second: a change of the very moment of reading came after it.
        if approval is None or past.withdrawn or approval.read_at <= seen.time:
            continue
        # What nobody made a change for, or what is one of many, may be older than it seems.
        captured = approval.event_id.startswith(TRUSTED) and not _followed(store, seen, approval)
        older = approval.event_time <= seen.time
        if older or (seen.aspect == aspect.name and (captured or aspect.keyed)):
            yield approval


def _followed(store: Store, seen: SeenChange, approval: Approval) -> bool:
    """Whether somebody who was authorised changed it again before the approval read it."""
    changes = store.records.changes(seen.bucket, approval.aspect, seen.time)
    return any(
        seen.time < each.time <= approval.read_at
        and each.standing in accepted()
        and not each.error_code
        for each in changes
    )
