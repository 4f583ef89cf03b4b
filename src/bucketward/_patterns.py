"""What only several changes of one principal tell: refusals in a burst, a chain of weakenings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .blame import ACCEPTED
from .changes import ALERTS
from .changes.alerts.operations import CHAIN, DENIED_BURST

if TYPE_CHECKING:
    from .baseline.records import Records
    from .baseline.seen import SeenChange
    from .changes.alert import Alert
    from .verdict import Severity

_BURST, _BURST_WINDOW = 3, timedelta(minutes=10)
_CHAIN, CHAIN_WINDOW = 2, timedelta(minutes=90)


def patterns(records: Records, done: SeenChange) -> list[tuple[Alert, Severity]]:
    """Return what only several changes of one principal tell, once in a window of each.

    They come in any order, so those after this one count as well as those before it.
    """
    alert, window, limit = (
        (DENIED_BURST, _BURST_WINDOW, _BURST) if done.error_code else (CHAIN, CHAIN_WINDOW, _CHAIN)
    )
    if not done.principal or not _tells(done):
        return []
    others = records.changes_by(done.principal, done.time - window)
    around = [done, *(each for each in others if each.event_id != done.event_id)]
    alike = [each for each in around if bool(each.error_code) is bool(done.error_code)]
    most = max(
        len({_what(each) for each in alike if _tells(each) and start <= each.time <= end})
        for start, end in ((each.time, each.time + window) for each in alike)
        if start <= done.time <= end
    )
    seconds, principal = int(window.total_seconds()), done.principal
    if most < limit or not records.acquire(principal, alert.id, seconds, done.event_id):
        return []
    return [(alert, alert.severity)]


def _tells(change: SeenChange) -> bool:
    """Whether a change is one of those of which several are a pattern."""
    if change.error_code:
        return "denied-s3-write" in change.findings
    known = (ALERTS[name] for name in change.findings if name in ALERTS)
    return change.standing not in ACCEPTED and any(alert.weakens for alert in known)


def _what(change: SeenChange) -> tuple[str, ...]:
    """Return what is counted once: a refusal, or a setting that was weakened."""
    return (change.event_id,) if change.error_code else (change.bucket, change.aspect)
