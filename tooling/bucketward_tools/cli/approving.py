"""Approve documents that a person has seen, in that person's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from bucketward.baseline.approval import Approval
from bucketward.clock import now
from bucketward.errors import Conflict

from .comparing import compare

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bucketward.aspects import Aspect
    from bucketward.bucket import Bucket
    from bucketward.errors import Tampered

    from .deployment import Deployment


@dataclass(frozen=True, slots=True)
class Candidates:
    """A bucket as it was read, and the aspects of it that are to be approved."""

    live: Bucket
    aspects: tuple[Aspect, ...]
    read_at: datetime
    approvals: Mapping[str, Approval]
    faults: Mapping[str, Tampered]

    def approved(self, aspect: Aspect) -> Approval | None:
        return self.approvals.get(aspect.name)


def candidates(
    deployment: Deployment, bucket: str, aspects: Collection[Aspect], *, again: bool
) -> Candidates:
    """Find what there is to approve; ``again`` takes in what is as approved already."""
    found = compare(deployment, bucket, aspects)
    drifted = found.drifted
    chosen = tuple(
        each for each in aspects if again or each in drifted or each.name not in found.approvals
    )
    return Candidates(found.live, chosen, now(), found.approvals, found.faults)


def approve_all(deployment: Deployment, found: Candidates, reason: str) -> None:
    """Approve the documents as they were read; raises `Conflict` for what is no longer newest."""
    for aspect in found.aspects:
        if aspect.name in found.faults:
            # Else nobody could tell which is newer; see `Baselines.approve`.
            deployment.store.baselines.mend(found.live.name, aspect.name)
    enter(deployment, found.live, found.aspects, found.read_at, reason)


def enter(
    deployment: Deployment,
    live: Bucket,
    aspects: Collection[Aspect],
    read_at: datetime,
    reason: str,
) -> None:
    """Approve aspects of a bucket as it was read then, in the caller's name."""
    bucket = live.name
    for aspect in aspects:
        newest = deployment.store.baselines.approve(
            Approval(
                account=deployment.stack.account,
                bucket=bucket,
                aspect=aspect.name,
                document=live[aspect],
                approved_by=deployment.caller,
                approved_at=now(),
                reason=reason,
                # What was changed while the person looked is not what they saw.
                event_time=read_at,
                event_id=f"approve-{uuid4()}",
                read_at=read_at,
            )
        )
        if not newest:
            raise Conflict(
                f"The {aspect} of bucket {bucket} was changed and approved by another meanwhile, "
                "and that counts; look at it again with: bucketward baseline show " + bucket
            )
