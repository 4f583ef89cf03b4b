"""Fetch what is approved of a bucket, who changed it since, and what it is exempt from."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from . import _aws
from ._log import logger
from .baseline.exemption import Exemption, active
from .baseline.known import Baseline
from .baseline.store import Store
from .blame import ACCEPTED, Blame, Guilt, blame
from .clock import now
from .errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .aspects import Aspect, Document
    from .baseline.seen import SeenChange

DANGEROUS = "BUCKETWARD_DANGEROUS"
_GRACE = timedelta(seconds=150)
"""After a change is recorded: Lambda asks the rule again one and three minutes after it began."""
_WAITS = (5, 10, 15, 30)
"""Seconds between looks for the author of a change before CloudTrail is asked itself."""
_HISTORY = timedelta(days=90)
"""As long as CloudTrail's event history goes back, and the records do."""


def accepted() -> frozenset[str]:
    """Return the standings that are not reverted, by the stack's setting."""
    dangerous = {"authorised-but-dangerous"} if os.environ.get(DANGEROUS) == "alert" else set()
    return ACCEPTED | dangerous


def exempting(control: str) -> Callable[[str], Exemption | None]:
    """Return what says whether a bucket is exempt from a control; raises where nobody can say."""
    store = Store.from_environment()
    if store is None or not store.decisions_table:
        return lambda bucket: None  # noqa: ARG005
    decided = store.decisions.list("exemption")
    exemptions = [Exemption.parse(dict(each.body)) for each in decided]
    return lambda bucket: active(exemptions, bucket, control, now())


def exemption(control: str, bucket: str) -> Exemption | None:
    """Return the exemption of a bucket from a control, or None; raises where it cannot be read."""
    return exempting(control)(bucket)


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
    approvals = store.baselines.approved(bucket)
    reverts = {
        name: entry.time
        for entry in reversed(list(store.records.journal(bucket, "bucket_drift", now() - _HISTORY)))
        for name in entry.after
    }

    @cache
    def judged(aspect: Aspect) -> Blame:
        since = approvals[aspect.name].event_time
        since = max(since, reverts.get(aspect.name, since))

        def look() -> Blame:
            return blame(store.records.changes(bucket, aspect.name, since), since, accepted())

        found = look()
        for seconds in _WAITS if wait else ():
            if not _open(found):
                break
            time.sleep(seconds)
            found = look()
        if wait and found.guilt is Guilt.UNKNOWN:
            found = blame(_looked_up(bucket, aspect, since), since, accepted())
        return found

    documents = {name: each.document for name, each in approvals.items()}
    return Baseline(documents, judged, settled=settled)


def _open(found: Blame) -> bool:
    """Whether the monitor may still say something else: an author unknown, or not judged."""
    pending = found.guilt is Guilt.PENDING and found.change and not found.change.standing
    return found.guilt is Guilt.UNKNOWN or bool(pending)


def _looked_up(bucket: str, aspect: Aspect, since: datetime) -> Iterator[SeenChange]:
    """Ask CloudTrail's event history, which has every management event of 90 days, late."""
    from ._monitor import Monitor
    from .baseline.seen import SeenChange
    from .changes import Change

    request = {
        "LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": bucket}],
        "StartTime": since,
        "MaxResults": 50,
    }
    page = _aws.client("cloudtrail").lookup_events(**request)
    monitor = Monitor.from_environment()
    for event in page["Events"]:
        try:
            change = Change.from_record(json.loads(event["CloudTrailEvent"]))
        except (BadInput, ValueError) as error:
            logger.warning("unreadable event of CloudTrail", extra={"reason": str(error)})
            continue
        if change.write and change.aspect == aspect.name and change.bucket == bucket:
            standing = monitor.standing(change)
            seen = SeenChange.from_change(change)
            from dataclasses import replace

            yield replace(seen, standing=standing.value)
