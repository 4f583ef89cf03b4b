"""Watch the changes of S3 that CloudTrail tells of: who, whether authorised, and what follows.

Events come at least once and in any order, so every step may be taken again: a change is
remembered by its event id before it is dealt with and marked after, approvals are ordered by the
time of their event, and what is approved is read live, never rebuilt from a record.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from . import _aws, _bus
from ._baseline import accepted
from ._capture import TRUSTED, Posture, capture
from ._log import begin, count, logger, measure
from ._stack import Stack, own_roles
from .aspects import ASPECTS
from .baseline.approval import Approval
from .baseline.seen import SeenChange
from .baseline.store import Store
from .blame import ACCEPTED
from .changes import (
    ALERTS,
    Authorisation,
    Change,
    Decision,
    Standing,
    classify,
    from_parameter,
    judge,
    weigh,
)
from .changes.alerts.operations import (
    CHAIN,
    DENIED_BURST,
    NOT_APPROVED,
    TAMPERED,
    WITHDRAWN,
)
from .clock import now
from .errors import BadInput, BucketNotFound, TooEarly, Unsettled, shown
from .event import alert_event
from .metrics import CHANGE_FAILED, CHANGES, DETECTION_LAG, FAST_REVERTS
from .verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .aspects import Document
    from .changes import Finding
    from .changes.alert import Alert
    from .event import Changes

AUTHORISED_ROLES = "BUCKETWARD_AUTHORISED_ROLES"
FAST_REVERT = "BUCKETWARD_FAST_REVERT"
QUEUE = "BUCKETWARD_CHANGES"

SETTLE = 600
"""Seconds that a new bucket is given before it is captured: consoles and stacks set it up in
steps. SQS delays a message by 900 seconds at most."""
_TRIES = 4
"""How often a new bucket is looked at: once less than the queue gives a message back."""
_NEAR = timedelta(minutes=5)
"""Between a revert's journal entry and CloudTrail's record of its calls."""
_BURST, _BURST_WINDOW = 3, timedelta(minutes=10)
_CHAIN, _CHAIN_WINDOW = 2, timedelta(minutes=90)
_LONG = timedelta(days=90)
_SERIOUS = frozenset({Severity.HIGH, Severity.CRITICAL})


def handle(event: Mapping[str, Any], context: Any, posture: Posture) -> Any:  # noqa: ANN401
    """Deal with a batch of the queue, and report which messages are to come again."""
    from ._batch import each_message

    begin("change_monitor", context)
    return each_message(event, Monitor.from_environment(posture).deal_with_message)


@dataclass(frozen=True)
class Monitor:
    """The change monitor of one stack; ``fast_revert`` is the document, its role and function."""

    stack: Stack
    store: Store
    authorised_roles: tuple[Authorisation, ...] = ()
    fast_revert: tuple[str, ...] = ()
    queue: str = ""
    posture: Posture = field(default_factory=dict)

    @classmethod
    def from_environment(cls, posture: Posture | None = None) -> Monitor:
        store = Store.from_environment()
        if store is None:
            raise BadInput("The environment names no tables; deploy the stack again.")
        fast = os.environ.get(FAST_REVERT, "")
        return cls(
            Stack.own(),
            store,
            from_parameter(os.environ.get(AUTHORISED_ROLES, "")),
            tuple(fast.split(",")) if fast else (),
            os.environ.get(QUEUE, ""),
            posture or {},
        )

    def deal_with_message(self, record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
        """Deal with one message: an event of CloudTrail, or a new bucket that has settled."""
        try:
            body = json.loads(record.body)
            if isinstance(body, dict) and "settled" in body:
                self.settled(str(body["settled"]), record)
            else:
                self.deal_with(Change.from_record(_of_aws(body)))
        except (TooEarly, Unsettled) as error:
            logger.info("dealt with later", extra={"reason": str(error)})
            raise
        except Exception as error:  # every failure is counted, whatever it is
            count(CHANGE_FAILED)
            reason = {"error": type(error).__name__, "reason": str(error)}
            logger.error("change not dealt with", extra=reason)
            raise

    def settled(self, bucket: str, record: Any) -> None:  # noqa: ANN401 - as above
        """Capture a new bucket; one that AWS Config takes long to judge is the reconciler's.

        Where the recorder records daily that is the rule, and nothing is lost by it.
        """
        try:
            self.capture(bucket)
        except TooEarly as error:
            if int(record.attributes.approximate_receive_count) < _TRIES:
                raise
            logger.info("left to the reconciler", extra={"reason": str(error)})

    def capture(self, bucket: str) -> None:
        """Trust a new bucket as it is, in the aspects in which it passes the posture controls."""
        found = capture(self.store, self.stack, bucket, self.posture, "baseline of a new bucket")
        logger.info("captured", extra={"bucket": bucket, "aspects": list(found)})

    def deal_with(self, change: Change) -> Decision | None:
        """Judge one change and do what follows; None where it is no change or known already."""
        if not (change.write and change.management):
            return None
        seen = SeenChange.from_change(change)
        if not self.store.records.first_seen(seen):
            return None
        return _Case(self, change, seen).deal_with()

    def start_revert(self, bucket: str, why: str) -> bool:
        """Start bucket_drift's remediation at once, where the stack is set to; once a ``why``."""
        if not self.fast_revert:
            return False
        document, role, function = self.fast_revert
        _aws.client("ssm").start_automation_execution(
            DocumentName=document,
            # The same event delivered twice starts one execution.
            ClientToken=str(uuid5(NAMESPACE_URL, f"bucketward:{bucket}:{why}")),
            Parameters={
                "AutomationAssumeRole": [role],
                "FunctionName": [function],
                "ResourceId": [bucket],
            },
        )
        count(FAST_REVERTS)
        return True

    def forward(self, record: str) -> None:
        """Have a record of CloudTrail's history dealt with that no event told of."""
        if self.queue:
            body = {"source": "aws.cloudtrail", "detail": json.loads(record)}
            _aws.client("sqs").send_message(QueueUrl=self.queue, MessageBody=json.dumps(body))

    def standing(self, change: Change) -> Standing:
        """Judge a change and do nothing."""
        decision, _ = _Case(self, change, SeenChange.from_change(change)).judged()
        return decision.standing

    @property
    def authorisations(self) -> list[Authorisation]:
        decided = self.store.decisions.list("authorisation")
        return [*self.authorised_roles, *(Authorisation.parse(dict(each.body)) for each in decided)]


@dataclass(frozen=True)
class _Case:
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
            self.alert([(TAMPERED, TAMPERED.severity)], Decision(Standing.UNKNOWN, reasons))
        return found

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
        self.alert(self.alerts(decision, findings), decision, action)
        done = replace(
            self.seen, standing=decision.standing.value, findings=tuple(f.id for f in findings)
        )
        # Others that count their findings see these from here on, and yet what fails from here
        # on is dealt with again.
        self.store.records.mark(replace(done, standing=""))
        self.alert(self.patterns(done), decision, action)
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
        since = self.seen.time - _CHAIN_WINDOW
        recent = self.store.records.changes(self.bucket, since=since) if self.approvals else ()
        opposed = {
            each.aspect
            for each in recent
            if each.standing and each.standing not in ACCEPTED and not each.error_code
        }
        opposed.discard(self.change.aspect)
        return {name: each.document for name, each in self.approvals.items() if name not in opposed}

    # ---- What follows --------------------------------------------------------------------------

    def approve(self, decision: Decision) -> str:
        """Make what the authorised change led to the baseline."""
        change, store = self.change, self.store
        if change.event_name == "DeleteBucket":
            store.baselines.forget(self.bucket, self.seen.time, self.seen.event_id, decision.reason)
            return "baseline forgotten"
        if change.event_name == "CreateBucket":
            self.settle()
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
            self.alert([(NOT_APPROVED, NOT_APPROVED.severity)], decision, "not approved")
        return "not approved"

    def overtaken(self, read_at: datetime) -> bool:
        """Whether what was there at that time may not be what this change led to.

        Somebody changed it later who was not authorised, or a revert of ours did not know of this
        change yet. Raises `Unsettled` where a later change is known and not judged yet.
        """
        since, records = self.seen.time, self.store.records
        name, aspect = self.change.aspect, ASPECTS[self.change.aspect]
        earliest = since - _LONG if aspect.keyed else since
        reverts = [
            entry.time
            for entry in records.journal(self.bucket, "bucket_drift", earliest)
            if name in entry.after and entry.time <= read_at
        ]
        if any(time >= since for time in reverts):
            return True
        if aspect.keyed:
            # The others of its kind are read with it, so whoever wrote one of them counts from
            # when the aspect was last as approved.
            approval = self.approvals.get(name)
            since = max([approval.event_time if approval else earliest, *reverts])
        later = [
            each
            for each in records.changes(self.bucket, name, since.replace(microsecond=0))
            if each.event_id != self.seen.event_id and each.time <= read_at and not each.error_code
        ]
        if any(each.standing and each.standing not in accepted() for each in later):
            return True
        if any(not each.standing for each in later):
            raise Unsettled(f"A later change of bucket {self.bucket} is being judged.")
        return False

    def oppose(self, decision: Decision) -> str:
        """Take back an approval that read this change's work, and start the revert if asked to."""
        reason = f"{self.seen.actor} changed it before it was read."
        withdrawn = [
            self.store.baselines.withdraw(self.bucket, self.change.aspect, event_id, reason)
            for event_id in self.doubtful()
        ]
        if any(withdrawn):
            self.alert([(WITHDRAWN, WITHDRAWN.severity)], decision)
        if self.change.event_name == "CreateBucket":
            self.settle()
        known = self.change.aspect in self.approvals or self.change.event_name == "DeleteBucket"
        wanted = self.bucket and known and self.approvals
        if wanted and self.monitor.start_revert(self.bucket, self.seen.event_id):
            return "revert started"
        return "left to AWS Config"

    def doubtful(self) -> list[str]:
        """Return what led to approvals that may hold this change's work, current ones and past.

        Past ones too: they come back when those after them are withdrawn.
        """
        aspect = ASPECTS.get(self.change.aspect)
        if aspect is None or not self.bucket:
            return []
        found = []
        for past in self.store.baselines.history(self.bucket, aspect.name):
            approval = past.approval
            # CloudTrail cuts the second: a change of the very moment of reading came after it.
            if approval is None or past.withdrawn or approval.read_at <= self.seen.time:
                continue
            # What nobody made a change for, or what is one of many, may be older than it seems.
            captured = approval.event_id.startswith(TRUSTED) and not self.followed(approval)
            if captured or aspect.keyed or approval.event_time <= self.seen.time:
                found.append(approval.event_id)
        return found

    def followed(self, approval: Approval) -> bool:
        """Whether somebody who was authorised changed it again before the approval read it."""
        changes = self.store.records.changes(self.bucket, approval.aspect, self.seen.time)
        return any(
            self.seen.time < each.time <= approval.read_at
            and each.standing in accepted()
            and not each.error_code
            for each in changes
        )

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

    def settle(self) -> None:
        """Have the new bucket captured when it is set up."""
        if self.monitor.queue:
            _aws.client("sqs").send_message(
                QueueUrl=self.monitor.queue,
                MessageBody=json.dumps({"settled": self.bucket}),
                DelaySeconds=SETTLE,
            )

    # ---- Who is told ---------------------------------------------------------------------------

    def alerts(
        self, decision: Decision, findings: Iterable[Finding]
    ) -> list[tuple[Alert, Severity]]:
        """Return what somebody is told of: nothing of what was authorised and does no harm."""
        if decision.standing in {Standing.AUTHORISED, Standing.SELF}:
            return []
        known = [(ALERTS[finding.id], finding.severity) for finding in findings]
        if decision.standing is Standing.AWS_SERVICE:
            return [(alert, severity) for alert, severity in known if severity in _SERIOUS]
        return known

    def patterns(self, done: SeenChange) -> list[tuple[Alert, Severity]]:
        """Return what only several changes of one principal tell, once in a window of each.

        They come in any order, so those after this one count as well as those before it.
        """
        alert, window, limit = (
            (DENIED_BURST, _BURST_WINDOW, _BURST)
            if done.error_code
            else (CHAIN, _CHAIN_WINDOW, _CHAIN)
        )
        if not done.principal or not _tells(done):
            return []
        others = self.store.records.changes_by(done.principal, done.time - window)
        around = [done, *(each for each in others if each.event_id != done.event_id)]
        alike = [each for each in around if bool(each.error_code) is bool(done.error_code)]
        most = max(
            len({_what(each) for each in alike if _tells(each) and start <= each.time <= end})
            for start, end in ((each.time, each.time + window) for each in alike)
            if start <= done.time <= end
        )
        seconds, principal = int(window.total_seconds()), done.principal
        if most < limit or not self.store.records.acquire(
            principal, alert.id, seconds, done.event_id
        ):
            return []
        return [(alert, alert.severity)]

    def alert(
        self,
        alerts: Iterable[tuple[Alert, Severity]],
        decision: Decision,
        action: str = "none",
    ) -> None:
        details = [self.told(alert, severity, decision, action) for alert, severity in alerts]
        if details:
            _bus.publish(_bus.ALERT, details)

    def told(
        self, alert: Alert, severity: Severity, decision: Decision, action: str
    ) -> dict[str, Any]:
        change = self.change
        return alert_event(
            alert,
            severity=severity,
            account=self.monitor.stack.account,
            region=change.region or self.monitor.stack.region,
            bucket=self.bucket or None,
            aspect=change.aspect,
            standing=decision.standing.value,
            reason=decision.reason,
            action=action,
            time=self.seen.time,
            event_name=change.event_name,
            event_id=self.seen.event_id,
            actor=change.actor,
            # Not while the approvals themselves are read: to tell that they were tampered with.
            changes=self.documents if "approvals" in vars(self) else {},
        )

    @cached_property
    def documents(self) -> Changes:
        """What was approved and what is there now, for people to read; empty where unknown."""
        aspect, stack = ASPECTS.get(self.change.aspect), self.monitor.stack
        if aspect is None or self.change.failed or aspect.name not in self.approvals:
            return {}
        try:
            live = _aws.read_bucket(
                self.bucket, (aspect,), account=stack.account, region=stack.region
            )
        except (_aws.ClientError, _aws.BotoCoreError, BucketNotFound) as error:
            logger.warning("no difference to show", extra={"reason": str(error)})
            return {}
        return {aspect.name: (self.approvals[aspect.name].document, live[aspect])}


def _of_aws(body: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an event of AWS itself; PutEvents lets nobody else name such a source."""
    source = body.get("source") if isinstance(body, dict) else None
    if not str(source).startswith("aws."):
        raise BadInput(f"The event's source is {shown(source)}, so it is not CloudTrail's.")
    return body


def _tells(change: SeenChange) -> bool:
    """Whether a change is one of those of which several are a pattern."""
    if change.error_code:
        return "denied-s3-write" in change.findings
    known = (ALERTS[name] for name in change.findings if name in ALERTS)
    return change.standing not in ACCEPTED and any(alert.weakens for alert in known)


def _what(change: SeenChange) -> tuple[str, ...]:
    """Return what is counted once: a refusal, or a setting that was weakened."""
    return (change.event_id,) if change.error_code else (change.bucket, change.aspect)
