"""Capture a bucket's baseline: trust on first use, where the posture controls pass.

What passes is asked of AWS Config, which judged the bucket with the parameters of this stack.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from typing import TYPE_CHECKING
from uuid import uuid4

from . import _aws
from ._baseline import accepted
from .aspects import ASPECTS
from .baseline.approval import Approval
from .bucket import Bucket
from .clock import now
from .errors import BucketNotFound, TooEarly

if TYPE_CHECKING:
    from ._stack import Stack
    from .baseline.store import Store

TRUSTED = "capture-"
"""What the id of an approval begins with that nobody made a change for, or decided on."""

Posture = Mapping[str, Collection[str]]
"""From the end of a rule's name to the aspects that the rule's control guards."""


def capture(
    store: Store, stack: Stack, bucket: str, posture: Posture, reason: str
) -> tuple[str, ...]:
    """Approve what is there of the aspects that have no approved value, and return their names.

    An aspect is left out where a control that guards it is not content with it, or where the
    newest change of it was not authorised. Raises `TooEarly` where no rule has judged the bucket.
    """
    distrusted = guarded(stack, bucket, posture)
    approved = store.baselines.approved(bucket)
    wanted = [
        aspect
        for name, aspect in ASPECTS.items()
        if name not in approved and name not in distrusted and not _opposed(store, bucket, name)
    ]
    if not wanted:
        return ()
    try:
        live = _aws.read_bucket(bucket, wanted, account=stack.account, region=stack.region)
    except BucketNotFound:
        return ()
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
                event_id=f"{TRUSTED}{uuid4()}",
                read_at=read_at,
            )
        )
    return tuple(aspect.name for aspect in wanted)


def guarded(stack: Stack, bucket: str, posture: Posture) -> frozenset[str]:
    """Return the aspects that some control against exposure and loss is not content with."""
    verdicts = _verdicts(stack, bucket)
    if not verdicts:
        raise TooEarly(f"AWS Config has not judged bucket {bucket} yet.")
    return frozenset(
        aspect
        for rule, compliance in verdicts.items()
        if compliance == "NON_COMPLIANT"
        for aspect in posture.get(rule, ())
    )


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


def _opposed(store: Store, bucket: str, aspect: str) -> bool:
    """Whether what is there may be somebody's who was not authorised.

    The newest change tells, save where a bucket has many of an aspect, each written by itself.
    """
    carried_out = (each for each in store.records.changes(bucket, aspect) if not each.error_code)
    told = carried_out if ASPECTS[aspect].keyed else islice(carried_out, 1)
    return any(each.standing not in accepted() for each in told)
