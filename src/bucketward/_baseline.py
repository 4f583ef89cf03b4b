"""Fetch what is approved of a bucket, and who changed it since."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import logger
from .aspects import ASPECTS
from .baseline.known import Baseline
from .baseline.store import Store
from .blame import ACCEPTED, Blame, Guilt, blame
from .clock import now
from .errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .aspects import Aspect, Document
    from .baseline.seen import SeenChange

DANGEROUS = "BUCKETWARD_DANGEROUS"
_GRACE = timedelta(seconds=150)
"""After a change is recorded: Lambda asks the rule again one and three minutes after it began."""
WAITS = (5, 10, 15, 15)
"""Seconds between looks for the authors of changes before CloudTrail is asked itself; of all
aspects together, for the function's time is not that of an aspect."""
_JUDGED = timedelta(hours=1)
"""After a change, the monitor has judged it or its message is in the dead-letter queue."""
_PAGES = 10
"""Of 50 events each, that are asked for of the history by the name of an event."""
_HISTORY = timedelta(days=90)
"""As long as CloudTrail's event history goes back, and the records do."""


def accepted() -> frozenset[str]:
    """Return the standings that are not reverted, by the stack's setting."""
    dangerous = {"authorised-but-dangerous"} if os.environ.get(DANGEROUS) == "alert" else set()
    return ACCEPTED | dangerous


def approved(bucket: str) -> dict[str, Document | None]:
    """Return what is approved of a bucket by the name of the aspect, every signature verified."""
    store = Store.from_environment()
    if store is None or not store.baselines_table:
        return {}
    return {name: each.document for name, each in store.baselines.approved(bucket).items()}


def compared(bucket: str, captured: datetime | None) -> Baseline:
    """Return a bucket's baseline for a rule; ``captured`` is when AWS Config saw the change."""
    store = Store.from_environment()
    if store is None:
        return Baseline()
    settled = captured is None or now() - captured > _GRACE
    return _baseline(store, bucket, settled=settled)


def waited(bucket: str) -> Baseline:
    """Return a bucket's baseline for a remediation, which waits for the author of a change."""
    store = Store.from_environment()
    if store is None:
        return Baseline()
    return _baseline(store, bucket, settled=True, wait=True)


def _baseline(store: Store, bucket: str, *, settled: bool, wait: bool = False) -> Baseline:
    from .drift import same

    approvals = store.baselines.approved(bucket)
    # Whoever put the approved value back, what was done to it before is over: a control of the
    # posture as much as bucket_drift.
    reverts = {
        name: entry.time
        for entry in reversed(list(store.records.journal(bucket, since=now() - _HISTORY)))
        for name in entry.after
        if entry.control == "bucket_drift"
        or (name in approvals and same(ASPECTS[name], entry.after[name], approvals[name].document))
    }

    waits = iter(WAITS if wait else ())

    @cache
    def judged(aspect: Aspect) -> Blame:
        approval = approvals[aspect.name]
        since = max(approval.event_time, reverts.get(aspect.name, approval.event_time))

        def look() -> Blame:
            changes = [
                each
                for each in store.records.changes(bucket, aspect.name, since)
                if each.standing or now() - each.time < _JUDGED
            ]
            found = blame(changes, since, accepted(), approval.order)
            if found.guilt is Guilt.PENDING and found.change and found.change.standing:
                # The baseline follows a change before the change is marked as judged: one that
                # has not followed by now never will, so something else made the difference.
                current = store.baselines.approved(bucket, {aspect.name}).get(aspect.name)
                if current is not None and current.order == approval.order:
                    return Blame(Guilt.UNKNOWN)
            return found

        found = look()
        while _open(found) and (seconds := next(waits, None)):
            time.sleep(seconds)
            found = look()
        if wait and found.guilt is Guilt.UNKNOWN:
            known = {each.event_id for each in store.records.changes(bucket, aspect.name, since)}
            told = _looked_up(bucket, aspect, since, known)
            found = blame(told, since, accepted(), approval.order)
        return found

    documents = {name: each.document for name, each in approvals.items()}
    return Baseline(documents, judged, settled=settled)


def _open(found: Blame) -> bool:
    """Whether the monitor may still say something else: an author unknown, or not judged."""
    pending = found.guilt is Guilt.PENDING and found.change and not found.change.standing
    return found.guilt is Guilt.UNKNOWN or bool(pending)


def _looked_up(
    bucket: str, aspect: Aspect, since: datetime, known: Collection[str]
) -> list[SeenChange]:
    """Ask CloudTrail's event history, which has every management event of 90 days, late.

    Returns the changes that the monitor has not heard of, the newest first, and hands them on to
    it: an authorised change has to become the baseline.
    """
    from ._monitor import Monitor
    from .baseline.seen import SeenChange
    from .changes import Change

    monitor = Monitor.from_environment()
    found = []
    for event in history(aspect, since):
        try:
            change = Change.from_record(json.loads(event["CloudTrailEvent"]))
            seen = SeenChange.from_change(change)
        except (BadInput, ValueError) as error:
            logger.warning("unreadable event of CloudTrail", extra={"reason": str(error)})
            continue
        ours = change.write and change.aspect == aspect.name and change.bucket == bucket
        if ours and seen.event_id not in known:
            monitor.forward(event["CloudTrailEvent"])
            found.append(replace(seen, standing=monitor.standing(change).value))
    return sorted(found, key=lambda each: each.order, reverse=True)


def history(aspect: Aspect, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield the events that write an aspect, of all buckets.

    By name and not by bucket: every look of ours at a bucket leaves twenty reads in its history.
    """
    cloudtrail = _aws.client("cloudtrail")
    for name in sorted({operation.event for operation in aspect.writes}):
        request = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}],
            "StartTime": max(since, now() - _HISTORY).replace(microsecond=0),
            "MaxResults": 50,
        }
        for _ in range(_PAGES):
            page = cloudtrail.lookup_events(**request)
            yield from page["Events"]
            if not page.get("NextToken"):
                break
            request["NextToken"] = page["NextToken"]
