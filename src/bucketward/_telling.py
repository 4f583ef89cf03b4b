"""Who is told of a change, and what: alerts as events on the bus."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _aws, _bus
from ._log import logger
from .aspects import ASPECTS
from .changes import ALERTS, Change, Decision, Standing
from .errors import BucketNotFound
from .event import alert_event
from .verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._stack import Stack
    from .baseline.approval import Approval
    from .baseline.seen import SeenChange
    from .bucket import Bucket
    from .changes import Finding
    from .changes.alert import Alert
    from .event import Changes

_SERIOUS = frozenset({Severity.HIGH, Severity.CRITICAL})


def raised(decision: Decision, findings: Iterable[Finding]) -> list[tuple[Alert, Severity]]:
    """Return what somebody is told of: nothing of what was authorised and does no harm."""
    if decision.standing in {Standing.AUTHORISED, Standing.SELF}:
        return []
    known = [(ALERTS[finding.id], finding.severity) for finding in findings]
    if decision.standing is Standing.AWS_SERVICE:
        return [(alert, severity) for alert, severity in known if severity in _SERIOUS]
    return known


@dataclass(frozen=True)
class Telling:
    """Tells of one change."""

    stack: Stack
    change: Change
    seen: SeenChange

    def tell(
        self,
        alerts: Iterable[tuple[Alert, Severity]],
        decision: Decision,
        action: str,
        approvals: Mapping[str, Approval],
    ) -> None:
        """Put alerts on the bus, with the difference from what was approved."""
        details = [
            self._told(alert, severity, decision, action, approvals) for alert, severity in alerts
        ]
        if details:
            _bus.publish(_bus.ALERT, details)

    def _told(
        self,
        alert: Alert,
        severity: Severity,
        decision: Decision,
        action: str,
        approvals: Mapping[str, Approval],
    ) -> dict[str, Any]:
        change = self.change
        return alert_event(
            alert,
            severity=severity,
            account=self.stack.account,
            region=change.region or self.stack.region,
            bucket=self.seen.bucket or None,
            aspect=change.aspect,
            standing=decision.standing.value,
            reason=decision.reason,
            action=action,
            time=self.seen.time,
            event_name=change.event_name,
            event_id=self.seen.event_id,
            actor=change.actor,
            changes=self._changes(approvals.get(change.aspect)),
        )

    def _changes(self, approval: Approval | None) -> Changes:
        """Return what was approved and what is there now; empty where either is not known."""
        if approval is None or self.live is None:
            return {}
        name = self.change.aspect
        return {name: (approval.document, self.live[ASPECTS[name]])}

    @cached_property
    def live(self) -> Bucket | None:
        """The bucket as it is now, for people to read; None where that cannot be told."""
        aspect, stack = ASPECTS.get(self.change.aspect), self.stack
        if aspect is None or self.change.failed:
            return None
        try:
            return _aws.read_bucket(
                self.seen.bucket, (aspect,), account=stack.account, region=stack.region
            )
        except (_aws.ClientError, _aws.BotoCoreError, BucketNotFound) as error:
            logger.warning("no difference to show", extra={"reason": str(error)})
            return None
