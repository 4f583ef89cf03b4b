"""Compare a live bucket with its baseline, and say who changed what last."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bucketward._baseline import history
from bucketward.baseline.canonical import digest
from bucketward.baseline.records import CHANGES_KEPT
from bucketward.baseline.seen import SeenChange
from bucketward.changes import Change
from bucketward.clock import now
from bucketward.drift import drifted
from bucketward.errors import BadInput

from .screen import when
from .supposing import judged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bucketward.aspects import Aspect
    from bucketward.baseline.approval import Approval
    from bucketward.bucket import Bucket
    from bucketward.errors import Tampered

    from .deployment import Deployment


@dataclass(frozen=True, slots=True)
class Comparison:
    """A bucket, what is approved of it, and the aspects that are not as approved.

    ``faults`` are of approved values that cannot be verified, by aspect, and no approvals.
    """

    live: Bucket
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    faults: Mapping[str, Tampered] = field(default_factory=dict)

    @property
    def drifted(self) -> tuple[Aspect, ...]:
        approved = {name: each.document for name, each in self.approvals.items()}
        return drifted(self.live, approved)


def compare(deployment: Deployment, bucket: str, aspects: Collection[Aspect]) -> Comparison:
    """Read the bucket and its baseline, in these aspects."""
    live = deployment.read(bucket, aspects)
    names = [each.name for each in aspects]
    approvals, faults = deployment.store.baselines.examine(bucket, names)
    return Comparison(live, approvals, faults)


def last_change(deployment: Deployment, bucket: str, aspect: Aspect) -> str:
    """Say in a sentence who changed an aspect last, as far as the change monitor heard of it."""
    return told(seen(deployment, bucket, aspect))


def told(change: SeenChange | None) -> str:
    if change is None:
        return "CloudTrail has told of no change of it within 90 days."
    standing = change.standing or "not judged yet"
    return (
        f"Last changed by {change.actor} at {when(change.time)} with {change.event_name} "
        f"({standing})."
    )


def seen(deployment: Deployment, bucket: str, aspect: Aspect) -> SeenChange | None:
    """Return the last change of an aspect that was carried out, as the change monitor knows it."""
    changes = deployment.store.records.changes(bucket, aspect.name)
    return next((each for each in changes if not each.error_code), None)


def looked_up(deployment: Deployment, bucket: str, aspect: Aspect) -> SeenChange | None:
    """Ask CloudTrail's event history instead, which is slow; judged as the monitor would."""
    newest: SeenChange | None = None
    for event in history(aspect, now() - CHANGES_KEPT):
        try:
            change = Change.from_record(json.loads(event["CloudTrailEvent"]))
            found = SeenChange.from_change(change)
        except (BadInput, ValueError):
            continue  # a record that the monitor could not read either
        ours = change.write and change.bucket == bucket and change.aspect == aspect.name
        if ours and not change.failed and (newest is None or found.order > newest.order):
            newest = replace(found, standing=judged(deployment, change).standing.value)
    return newest


def past(deployment: Deployment, bucket: str, aspect: Aspect) -> Iterator[dict[str, str]]:
    """Yield a row an approval, the newest first."""
    for each in deployment.store.baselines.history(bucket, aspect.name):
        row = dict.fromkeys(("approved by", "when", "why", "digest"), "")
        if approval := each.approval:
            row = {
                "approved by": approval.approved_by,
                "when": when(approval.approved_at),
                "why": approval.reason,
                "digest": digest(approval.document),
            }
        state = f"withdrawn: {each.withdrawn}" if each.withdrawn else ""
        yield {"aspect": aspect.name, **row, "state": each.fault or state or "approved"}
