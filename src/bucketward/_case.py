"""One change that the change monitor deals with: judge it, and do what follows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _aws
from ._baseline import accepted
from ._evidence import doubtful, overtaken
from ._log import count, logger, measure
from ._patterns import CHAIN_WINDOW, patterns
from ._stack import own_roles
from ._telling import Telling, raised
from .aspects import ASPECTS
from .baseline.approval import Approval
from .blame import ACCEPTED
from .changes import Change, Decision, Standing, classify, judge, weigh
from .changes.alerts.operations import NOT_APPROVED, TAMPERED, WITHDRAWN
from .clock import now
from .errors import BadInput, BucketNotFound
from .metrics import CHANGES, DETECTION_LAG

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ._monitor import Monitor
    from .aspects import Document
    from .baseline.seen import SeenChange
    from .baseline.store import Store
    from .changes import Finding
    from .changes.alert import Alert
    from .verdict import Severity

_NEAR = timedelta(minutes=5)
"""Between a revert's journal entry and CloudTrail's record of its calls."""


@dataclass(frozen=True)
class Case:
    """One change, and what is known around it."""

    monitor: Monitor
    change: Change
    seen: SeenChange

    @property
    def store(self) -> Store:
        return self.monitor.store

    @property
    def bucket(self) -> str:
        return self.seen.bucket

    @cached_property
    def approvals(self) -> dict[str, Approval]:
        found, faults = self.store.baselines.examine(self.bucket) if self.bucket else ({}, {})
        if faults:
            reasons = " ".join(map(str, faults.values()))
            self.tell([(TAMPERED, TAMPERED.severity)], Decision(Standing.UNKNOWN, reasons))
        return found

    @cached_property
    def telling(self) -> Telling:
        return Telling(self.monitor.stack, self.change, self.seen)

    def tell(
        self, alerts: Iterable[tuple[Alert, Severity]], decision: Decision, action: str = "none"
    ) -> None:
        # Not while the approvals themselves are read: to tell that they were tampered with.
        approvals = self.approvals if "approvals" in vars(self) else {}
        self.telling.tell(alerts, decision, action, approvals)

    def deal_with(self) -> Decision:
        decision, findings = self.judged()
        action = "none"
        if decision.standing is Standing.FAILED_ATTEMPT:
            pass
        elif decision.standing is Standing.SELF:
            self.follow_own()
        elif decision.standing in accepted():
            action = self.approve(decision)
        else:
            action = self.oppose(decision)
        self.tell(raised(decision, findings), decision, action)
        done = replace(
            self.seen, standing=decision.standing.value, findings=tuple(f.id for f in findings)
        )
        # Others that count their findings see these from here on, and yet what fails from here
        # on is dealt with again.
        self.store.records.mark(replace(done, standing=""))
        self.tell(patterns(self.store.records, done), decision, action)
        self.store.records.mark(done)
        count(CHANGES, decision.standing.value)
        lag = (now() - self.seen.time).total_seconds()
        measure({DETECTION_LAG: lag}, "change_monitor")
        logger.info("change", extra={"event": {**done.to_item(), "reason": decision.reason}})
        return decision

    def judged(self) -> tuple[Decision, list[Finding]]:
        change, stack = self.change, self.monitor.stack
        decision = judge(
            change,
            self.monitor.authorisations,
            account=stack.account,
            own_roles=own_roles(stack),
        )
        # A bucket that was deleted with leave is in no danger: nothing of it is to be put back.
        weighed = change.event_name != "DeleteBucket"
        own = frozenset(_aws.bucket_names()) if change.aspect == "replication" else None
        findings = classify(
            change,
            before=self.before(),
            account=stack.account,
            own_buckets=own,
        )
        return weigh(decision, findings) if weighed else decision, findings

    def before(self) -> dict[str, Any]:
        """Return what the bucket was like: the approved, but for what was just changed as well.

        A policy is public in earnest where the same hand lifted the block a minute ago.
        """
        since = self.seen.time - CHAIN_WINDOW
        recent = self.store.records.changes(self.bucket, since=since) if self.approvals else ()
        opposed = {
            each.aspect
            for each in recent
            if each.standing and each.standing not in ACCEPTED and not each.error_code
        }
        opposed.discard(self.change.aspect)
        return {name: each.document for name, each in self.approvals.items() if name not in opposed}

    def approve(self, decision: Decision) -> str:
        """Make what the authorised change led to the baseline."""
        change, store = self.change, self.store
        if change.event_name == "DeleteBucket":
            store.baselines.forget(self.bucket, self.seen.time, self.seen.event_id, decision.reason)
            return "baseline forgotten"
        if change.event_name == "CreateBucket":
            self.monitor.settle(self.bucket)
            return "captured when settled"
        aspect = ASPECTS.get(change.aspect)
        if aspect is None or not self.bucket:
            return "none"
        if self.overtaken(now()):
            return self.not_approved(decision)
        stack = self.monitor.stack
        try:
            live = _aws.read_bucket(
                self.bucket, (aspect,), account=stack.account, region=stack.region
            )
        except BucketNotFound:
            return "none"
        return self.approve_read(aspect.name, live[aspect], decision)

    def approve_read(self, aspect: str, document: Document | None, decision: Decision) -> str:
        read_at = now()
        newest = self.store.baselines.approve(
            Approval(
                account=self.monitor.stack.account,
                bucket=self.bucket,
                aspect=aspect,
                document=document,
                approved_by=self.seen.principal or self.seen.actor,
                approved_at=read_at,
                reason=decision.reason,
                event_time=self.seen.time,
                event_id=self.seen.event_id,
                read_at=read_at,
            )
        )
        # Once more: who changed it meanwhile, and was dealt with before, found no approval to
        # take back.
        if self.overtaken(read_at):
            return self.not_approved(decision)
        return "approved" if newest else "approved before a newer one"

    def not_approved(self, decision: Decision) -> str:
        """Tell that what the change led to cannot be told from what others made of it."""
        with suppress(BadInput):  # nothing was approved for it, which is the rule
            self.store.baselines.withdraw(
                self.bucket, self.change.aspect, self.seen.event_id, NOT_APPROVED.title
            )
        if decision.standing is not Standing.SELF:
            self.tell([(NOT_APPROVED, NOT_APPROVED.severity)], decision, "not approved")
        return "not approved"

    def overtaken(self, read_at: datetime) -> bool:
        approval = self.approvals.get(self.change.aspect)
        return overtaken(self.store.records, self.seen, read_at, approval)

    def oppose(self, decision: Decision) -> str:
        """Take back an approval that read this change's work, and start the revert if asked to."""
        reason = f"{self.seen.actor} changed it before it was read."
        found = list(doubtful(self.store, self.seen))
        if found:
            # Before it is done: where the bus fails, the next attempt has to find them again.
            self.tell([(WITHDRAWN, WITHDRAWN.severity)], decision)
        for each in found:
            self.store.baselines.withdraw(self.bucket, each.aspect, each.event_id, reason)
        if self.change.event_name == "CreateBucket":
            self.monitor.settle(self.bucket)
        known = self.change.aspect in self.approvals or self.change.event_name == "DeleteBucket"
        wanted = self.bucket and known and self.approvals
        if wanted and self.monitor.start_revert(self.bucket, self.seen.event_id):
            return "revert started"
        return "left to AWS Config"

    def follow_own(self) -> None:
        """Let the baseline follow what a posture control of ours changed of an approved value."""
        aspect, approval = ASPECTS.get(self.change.aspect), None
        if aspect is not None and self.bucket:
            approval = self.approvals.get(aspect.name)
        if aspect is None or approval is None:
            return
        from .drift import same

        since = self.seen.time - _NEAR
        for entry in self.store.records.journal(self.bucket, since=since):
            if aspect.name in entry.before and entry.time <= self.seen.time + _NEAR:
                if entry.control != "bucket_drift" and same(
                    aspect, entry.before[aspect.name], approval.document
                ):
                    reason = f"Reverted by {entry.control}: {entry.reason}"
                    self.approve(Decision(Standing.SELF, reason))
                return
