"""Watch the changes of S3 that CloudTrail tells of: who, whether authorised, and what follows.

Events come at least once and in any order, so every step may be taken again: a change is
remembered by its event id before it is dealt with and marked after, approvals are ordered by the
time of their event, and what is approved is read live, never rebuilt from a record.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from . import _aws
from ._capture import Posture, capture
from ._case import Case
from ._log import begin, count, logger
from ._stack import Stack
from .baseline.seen import SeenChange
from .baseline.store import Store
from .changes import Authorisation, Change, Decision, Standing, from_parameter
from .errors import BadInput, TooEarly, Unsettled, shown
from .metrics import CHANGE_FAILED, FAST_REVERTS

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHORISED_ROLES = "BUCKETWARD_AUTHORISED_ROLES"
FAST_REVERT = "BUCKETWARD_FAST_REVERT"
QUEUE = "BUCKETWARD_CHANGES"

SETTLE = 600
"""Seconds that a new bucket is given before it is captured: consoles and stacks set it up in
steps. SQS delays a message by 900 seconds at most."""
_TRIES = 4
"""How often a new bucket is looked at: once less than the queue gives a message back."""


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
        return Case(self, change, seen).deal_with()

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

    def settle(self, bucket: str) -> None:
        """Have a new bucket captured when it is set up."""
        if self.queue:
            _aws.client("sqs").send_message(
                QueueUrl=self.queue,
                MessageBody=json.dumps({"settled": bucket}),
                DelaySeconds=SETTLE,
            )

    def forward(self, record: str) -> None:
        """Have a record of CloudTrail's history dealt with that no event told of."""
        if self.queue:
            body = {"source": "aws.cloudtrail", "detail": json.loads(record)}
            _aws.client("sqs").send_message(QueueUrl=self.queue, MessageBody=json.dumps(body))

    def standing(self, change: Change) -> Standing:
        """Judge a change and do nothing."""
        decision, _ = Case(self, change, SeenChange.from_change(change)).judged()
        return decision.standing

    @property
    def authorisations(self) -> list[Authorisation]:
        decided = self.store.decisions.list("authorisation")
        return [*self.authorised_roles, *(Authorisation.parse(dict(each.body)) for each in decided)]


def _of_aws(body: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an event of AWS itself; PutEvents lets nobody else name such a source."""
    source = body.get("source") if isinstance(body, dict) else None
    if not str(source).startswith("aws."):
        raise BadInput(f"The event's source is {shown(source)}, so it is not CloudTrail's.")
    return body
