"""Watch the changes of S3 that CloudTrail tells of: who, whether authorised, and what follows.

Events come at least once and in any order, so every step may be taken again: a change is
remembered by its event id before it is dealt with and marked after, approvals are ordered by the
time of their event, and what is approved is read live, never rebuilt from a record.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from . import _aws, _bus
from ._capture import Posture, capture
from ._log import begin, count, logger
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
from .verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .changes import Finding
    from .changes.alert import Alert

AUTHORISED_ROLES = "BUCKETWARD_AUTHORISED_ROLES"
DANGEROUS = "BUCKETWARD_DANGEROUS"
FAST_REVERT = "BUCKETWARD_FAST_REVERT"
QUEUE = "BUCKETWARD_CHANGES"

SETTLE = 600
"""Seconds that a new bucket is given before it is captured: consoles and stacks set it up in
steps. SQS delays a message by 900 seconds at most."""
_NEAR = timedelta(minutes=5)
"""Between a revert's journal entry and CloudTrail's record of its calls."""
_BURST, _BURST_WINDOW = 3, timedelta(minutes=10)
_CHAIN, _CHAIN_WINDOW = 2, timedelta(minutes=90)
_SERIOUS = frozenset({Severity.HIGH, Severity.CRITICAL})


def handle(event: Mapping[str, Any], context: Any, posture: Posture) -> Any:  # noqa: ANN401
    """Deal with a batch of the queue, and report which messages are to come again."""
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )

    begin("change_monitor", context)
    monitor = Monitor.from_environment(posture)
    return process_partial_response(
        event=dict(event),
        record_handler=monitor.deal_with_message,
        processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
    )


@dataclass(frozen=True)
class Monitor:
    """The change monitor of one stack; ``fast_revert`` is the document, its role and function."""

    stack: Stack
    store: Store
    authorised_roles: tuple[Authorisation, ...] = ()
    approve_dangerous: bool = False
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
            os.environ.get(DANGEROUS) == "alert",
            tuple(fast.split(",")) if fast else (),
            os.environ.get(QUEUE, ""),
            posture or {},
        )

    def deal_with_message(self, record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
        """Deal with one message: an event of CloudTrail, or a new bucket that has settled."""
        try:
            body = json.loads(record.body)
            if isinstance(body, dict) and "settled" in body:
                self.capture(str(body["settled"]))
            else:
                self.deal_with(Change.from_record(_of_aws(body)))
        except TooEarly as error:
            logger.info("captured later", extra={"reason": str(error)})
            raise
        except Exception as error:
            count("ChangeFailed", control="change_monitor")
            reason = {"error": type(error).__name__, "reason": str(error)}
            logger.error("change not dealt with", extra=reason)
            raise

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
        count("FastReverts", control="bucket_drift")
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
        accepted = decision.standing in ACCEPTED or (
            decision.standing is Standing.DANGEROUS and self.monitor.approve_dangerous
        )
        action = "none"
        if decision.standing is Standing.FAILED_ATTEMPT:
            pass
        elif decision.standing is Standing.SELF:
            self.follow_own()
        elif accepted:
            action = self.approve(decision)
        else:
            action = self.oppose(decision)
        self.alert(self.alerts(decision, findings), decision, action)
        done = replace(
            self.seen, standing=decision.standing.value, findings=tuple(f.id for f in findings)
        )
        self.store.records.mark(done)
        self.alert(self.patterns(done), decision, action)
        count("Changes", control=decision.standing.value)
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
        own = frozenset(_aws.bucket_names()) if change.aspect == "replication" else None
        findings = classify(
            change,
            before={name: each.document for name, each in self.approvals.items()},
            account=stack.account,
            own_buckets=own,
        )
        return weigh(decision, findings), findings

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
        account, region = self.monitor.stack.account, self.monitor.stack.region
        read_at = now()
        try:
            live = _aws.read_bucket(self.bucket, (aspect,), account=account, region=region)
        except BucketNotFound:
            return "none"
        if self.overtaken(read_at):
            self.alert([(NOT_APPROVED, NOT_APPROVED.severity)], decision)
            return "not approved"
        approved_at = now()
        newest = store.baselines.approve(
            Approval(
                account=account,
                bucket=self.bucket,
                aspect=aspect.name,
                document=live[aspect],
                approved_by=self.seen.principal or self.seen.actor,
                approved_at=approved_at,
                reason=decision.reason,
                event_time=self.seen.time,
                event_id=self.seen.event_id,
                read_at=approved_at,
            )
        )
        return "approved" if newest else "approved before a newer one"

    def overtaken(self, read_at: datetime) -> bool:
        """Whether what is there now may be somebody's who changed it later, and was not authorised.

        Raises `Unsettled` where a later change is known and not judged yet.
        """
        later = [
            each
            for each in self.store.records.changes(self.bucket, self.change.aspect, self.seen.time)
            if each.event_id != self.seen.event_id and each.time <= read_at and not each.error_code
        ]
        if any(each.standing and each.standing not in ACCEPTED for each in later):
            return True
        if any(not each.standing for each in later):
            raise Unsettled(f"A later change of bucket {self.bucket} is being judged.")
        return False

    def oppose(self, decision: Decision) -> str:
        """Take back an approval that read this change's work, and start the revert if asked to."""
        approval = self.approvals.get(self.change.aspect)
        if (
            approval is not None
            and approval.event_id != self.seen.event_id
            # CloudTrail cuts the second: a change of the very moment of reading came after it.
            and approval.event_time <= self.seen.time < approval.read_at
        ):
            reason = f"{self.seen.actor} changed it before it was read."
            self.store.baselines.withdraw(
                self.bucket, self.change.aspect, approval.event_id, reason
            )
            self.alert([(WITHDRAWN, WITHDRAWN.severity)], decision)
        if self.change.event_name == "CreateBucket":
            self.settle()
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
        """Return what only several changes of one principal tell."""
        if not done.principal or done.standing in ACCEPTED:
            return []
        found = []
        earlier = [
            done,
            *(
                each
                for each in self.store.records.changes_by(done.principal, done.time - _CHAIN_WINDOW)
                if each.event_id != done.event_id and each.time <= done.time
            ),
        ]
        denied = [
            each for each in earlier if each.error_code and "denied-s3-write" in each.findings
        ]
        recent = [each for each in denied if each.time >= done.time - _BURST_WINDOW]
        if done.error_code and len(recent) == _BURST:
            found.append((DENIED_BURST, DENIED_BURST.severity))
        weakened = {
            (each.bucket, each.aspect)
            for each in earlier
            if any(ALERTS[name].severity in _WEAKENING for name in each.findings if name in ALERTS)
            and not each.error_code
        }
        if not done.error_code and done.findings and len(weakened) >= _CHAIN:
            found.append((CHAIN, CHAIN.severity))
        return found

    def alert(
        self,
        alerts: Iterable[tuple[Alert, Severity]],
        decision: Decision,
        action: str = "none",
    ) -> None:
        details = [self.told(alert, severity, decision, action) for alert, severity in alerts]
        if details:
            _bus.publish(_bus.ALERT, details)
            count("Alerts", control="change_monitor", number=len(details))

    def told(
        self, alert: Alert, severity: Severity, decision: Decision, action: str
    ) -> dict[str, Any]:
        change, actor = self.change, self.change.actor
        return {
            "id": alert.id,
            "title": alert.title,
            "severity": severity.value,
            "meaning": alert.meaning,
            "response": alert.response,
            "account": self.monitor.stack.account,
            "region": change.region or self.monitor.stack.region,
            "bucket": self.bucket or None,
            "aspect": change.aspect,
            "standing": decision.standing.value,
            "reason": decision.reason,
            "action": action,
            "time": self.seen.time.isoformat(),
            "eventName": change.event_name,
            "eventId": self.seen.event_id,
            "actor": {
                "text": self.seen.actor,
                "principal": actor.principal,
                "session": actor.session,
                "sourceIdentity": actor.source_identity,
                "via": actor.via,
                "address": actor.address,
                "type": actor.kind,
            },
        }


def _of_aws(body: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an event of AWS itself; PutEvents lets nobody else name such a source."""
    source = body.get("source") if isinstance(body, dict) else None
    if not str(source).startswith("aws."):
        raise BadInput(f"The event's source is {shown(source)}, so it is not CloudTrail's.")
    return body


_WEAKENING = frozenset({Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL})
