"""Capture a bucket's baseline: trust on first use, where the posture controls pass.

What passes is asked of AWS Config, which judged the bucket with the parameters of this stack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from . import _aws
from .aspects import ASPECTS
from .baseline.approval import Approval
from .blame import ACCEPTED
from .bucket import Bucket
from .clock import now
from .errors import BucketNotFound, TooEarly

if TYPE_CHECKING:
    from ._stack import Stack
    from .baseline.store import Store

Posture = Mapping[str, Collection[str]]
"""From the end of a rule's name to the aspects that the rule's control guards."""


@dataclass(frozen=True, slots=True)
class Capture:
    """The aspects that were captured, and why each of the others was left out."""

    aspects: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def capture(
    store: Store, stack: Stack, bucket: str, posture: Posture, reason: str
) -> tuple[str, ...]:
    """Approve what may be trusted as `captured` does; nothing of a bucket that is gone."""
    try:
        return captured(store, stack, bucket, posture, reason).aspects
    except BucketNotFound:
        return ()


def captured(store: Store, stack: Stack, bucket: str, posture: Posture, reason: str) -> Capture:
    """Approve what is there of the aspects that have no approved value.

    An aspect is left out where a control that guards it is not content with it, or where the
    newest change of it was not authorised. Raises `TooEarly` where no rule has judged the bucket,
    and `BucketNotFound`.
    """
    distrusted = guarded(stack, bucket, posture)
    approved = store.baselines.approved(bucket)
    left_out: dict[str, str] = {}
    for name in ASPECTS:
        if name in approved:
            left_out[name] = "approved already"
        elif name in distrusted:
            left_out[name] = f"NON_COMPLIANT by {', '.join(distrusted[name])}"
        elif opposed := _opposed(store, bucket, name):
            left_out[name] = opposed
    wanted = [aspect for name, aspect in ASPECTS.items() if name not in left_out]
    if not wanted:
        return Capture((), left_out)
    live = _aws.read_bucket(bucket, wanted, account=stack.account, region=stack.region)
    read_at = now()
    for aspect in wanted:
        store.baselines.approve(
            Approval(
                account=stack.account,
                bucket=bucket,
                aspect=aspect.name,
                document=live[aspect],
                approved_by="bucketward (trust on first use)",
                approved_at=read_at,
                reason=reason,
                event_time=read_at,
                event_id=f"capture-{uuid4()}",
                read_at=read_at,
            )
        )
    return Capture(tuple(aspect.name for aspect in wanted), left_out)


def guarded(stack: Stack, bucket: str, posture: Posture) -> dict[str, list[str]]:
    """Return the aspects that controls against exposure and loss are not content with, and which.

    Controls are told by the ends of their rules' names.
    """
    verdicts = _verdicts(stack, bucket)
    if not verdicts:
        raise TooEarly(f"AWS Config has not judged bucket {bucket} yet.")
    found = defaultdict[str, list[str]](list)
    for rule, compliance in sorted(verdicts.items()):
        if compliance == "NON_COMPLIANT":
            for aspect in posture.get(rule, ()):
                found[aspect].append(rule)
    return dict(found)


def _verdicts(stack: Stack, bucket: str) -> dict[str, str]:
    config = _aws.client("config", None, None)
    prefix, found = f"{stack.name}-", {}
    request = {
        "ResourceType": Bucket.TYPE,
        "ResourceId": bucket,
        "ComplianceTypes": ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"],
    }
    while True:
        page = config.get_compliance_details_by_resource(**request)
        for each in page["EvaluationResults"]:
            qualifier = each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            rule = qualifier["ConfigRuleName"]
            if rule.startswith(prefix):
                found[rule.removeprefix(prefix)] = each["ComplianceType"]
        if not page.get("NextToken"):
            return found
        request["NextToken"] = page["NextToken"]


def _opposed(store: Store, bucket: str, aspect: str) -> str:
    """Say who changed it last, where that was not accepted; nothing otherwise."""
    newest = next(
        (each for each in store.records.changes(bucket, aspect) if not each.error_code), None
    )
    if newest is None or newest.standing in ACCEPTED:
        return ""
    standing = newest.standing or "not judged yet"
    return f"last changed by {newest.actor} at {newest.time:%Y-%m-%d %H:%M:%S} UTC ({standing})"
