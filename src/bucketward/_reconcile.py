"""The net: on a schedule, find what no event told of, and whether the watchers are awake.

Every bucket of the Region is compared with its baseline; a new one without a baseline is captured.
A run that has no time left says where it stopped, and the next one goes on from there.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _aws, _bus
from ._baseline import compared
from ._capture import capture
from ._log import begin, count, logger
from ._watchers import faults
from .aspects import ASPECTS
from .blame import Guilt
from .changes.alerts.operations import DRIFT_FOUND, TAMPERED, WATCHER_OFF
from .clock import now
from .drift import drifted
from .errors import BucketNotFound, BucketwardError, EvaluationLost, Tampered, TooEarly
from .event import alert_event
from .metrics import DRIFT, HEARTBEAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._monitor import Monitor
    from .changes.alert import Alert

_READERS = 16
_BATCH = 200
"""Buckets between two looks at the clock."""
_RESERVE = 60_000
"""Milliseconds that are kept for what comes after the sweep."""
_CHECKPOINT = "reconciler"


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found in one bucket: an alert with its reason, or that it was captured."""

    bucket: str
    alert: Alert | None = None
    reason: str = ""
    captured: bool = False
    failed: str = ""


def reconcile(
    monitor: Monitor,
    automatic: Mapping[str, bool],
    context: Any,  # noqa: ANN401 - Lambda's
    *,
    sweep: bool = True,
) -> dict[str, Any]:
    """Check the watchers, then sweep; raises at the end where a bucket could not be looked at."""
    begin("reconciler", context)
    off = list(faults(monitor.stack, automatic))
    if off:
        _tell(monitor, [Swept("", WATCHER_OFF, " ".join(off))])
    swept = list(_sweep(monitor, context)) if sweep else []
    found = [each for each in swept if each.alert is not None]
    _tell(monitor, found)
    for each in found:
        if each.alert is DRIFT_FOUND:
            monitor.start_revert(each.bucket, f"reconciler:{now():%Y-%m-%dT%H}")
    failed = [each for each in swept if each.failed]
    summary = {
        "watchersOff": len(off),
        "buckets": len(swept),
        "drifted": len(found),
        "captured": sum(each.captured for each in swept),
        "failed": len(failed),
    }
    count(HEARTBEAT)
    count(DRIFT, "reconciler", number=len(found))
    logger.info("reconciled", extra={"summary": summary})
    if failed:
        some = ", ".join(f"{each.bucket} ({each.failed})" for each in failed[:3])
        raise EvaluationLost(f"The reconciler could not look at {len(failed)} buckets: {some}.")
    return summary


def _sweep(monitor: Monitor, context: Any) -> Iterator[Swept]:  # noqa: ANN401
    records = monitor.store.records
    begun = records.checkpoint(_CHECKPOINT) or ""
    names = [name for name in sorted(_aws.bucket_names(monitor.stack.region)) if name > begun]
    with ThreadPoolExecutor(_READERS) as pool:
        for start in range(0, len(names), _BATCH):
            if context.get_remaining_time_in_millis() < _RESERVE:
                records.keep(_CHECKPOINT, names[start - 1] if start else begun)
                return
            yield from pool.map(lambda name: _look(monitor, name), names[start : start + _BATCH])
    yield from _missing(monitor)
    records.keep(_CHECKPOINT, "")


def _missing(monitor: Monitor) -> Iterator[Swept]:
    """Find buckets that are approved and do not exist: no look at those there are finds them."""
    there, baselines = set(_aws.bucket_names()), monitor.store.baselines
    for name in baselines.buckets():
        if name in there:
            continue
        try:
            approved, faults = baselines.examine(name)
        except (_aws.ClientError, _aws.BotoCoreError) as error:
            yield Swept(name, failed=type(error).__name__)
            continue
        if approved or faults:
            yield Swept(name, DRIFT_FOUND, "It was deleted, and nobody had leave to.")


def _look(monitor: Monitor, name: str) -> Swept:
    stack = monitor.stack
    try:
        baseline = compared(name, None)
        captured: tuple[str, ...] = ()
        if len(baseline.documents) < len(ASPECTS):
            captured = _captured(monitor, name)
        if not baseline.documents:
            return Swept(name, captured=bool(captured))
        wanted = [ASPECTS[each] for each in baseline.documents]
        live = _aws.read_bucket(name, wanted, account=stack.account, region=stack.region)
        aspects = [
            each
            for each in drifted(live, baseline.documents)
            if baseline.blame(each).guilt is not Guilt.PENDING
        ]
        if aspects:
            names = ", ".join(map(str, aspects))
            return Swept(name, DRIFT_FOUND, f"Not as approved: {names}.", bool(captured))
        return Swept(name, captured=bool(captured))
    except BucketNotFound:
        return Swept(name)
    except Tampered as error:
        return Swept(name, TAMPERED, str(error))
    except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
        logger.error("bucket not reconciled", extra={"bucket": name, "reason": str(error)})
        return Swept(name, failed=type(error).__name__)


def _captured(monitor: Monitor, name: str) -> tuple[str, ...]:
    """Trust what nothing speaks against; a bucket that is not judged yet has the next run."""
    try:
        return capture(monitor.store, monitor.stack, name, monitor.posture, "reconciler")
    except TooEarly:
        return ()


def _tell(monitor: Monitor, found: list[Swept]) -> None:
    events = [
        alert_event(
            each.alert,
            account=monitor.stack.account,
            region=monitor.stack.region,
            bucket=each.bucket or None,
            reason=each.reason,
            time=now(),
        )
        for each in found
        if each.alert is not None
    ]
    _bus.publish(_bus.ALERT, events)
