"""Compare a live bucket with its baseline, and say who changed what last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketward.baseline.canonical import digest
from bucketward.drift import drifted

from .screen import when

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
    for change in deployment.store.records.changes(bucket, aspect.name):
        if not change.error_code:
            standing = change.standing or "not judged yet"
            return (
                f"Last changed by {change.actor} at {when(change.time)} with {change.event_name} "
                f"({standing})."
            )
    return "CloudTrail has told of no change of it within 90 days."


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
