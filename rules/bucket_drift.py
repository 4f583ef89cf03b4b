"""Buckets must be as they were approved.

## Why is this bad?
Every other control knows what is bad for all buckets; none knows what is right for this one. A
lifecycle that is two days shorter, a notification that is gone, a log that goes to another bucket:
each passes all posture controls, and each was made by somebody who was not meant to.

## What it checks
All twenty aspects, read live, are as in the bucket's baseline: the documents that were captured,
approved by somebody, or left by an authorised change. The annotation names what differs, who
changed it and when. A difference whose author CloudTrail has not told of yet is judged when it
has, or after a short wait; one by an authorised role is not drift, the baseline follows it. A
bucket without a baseline is not applicable, and so are aspects that were never approved.

## Remediation safety
Restores exactly the aspects that drifted to the approved documents, and nothing else, in an order
that S3 accepts and that never opens the bucket in between. It waits for CloudTrail to name the
author before it writes, and leaves alone what turns out to be authorised. It refuses what would
make the bucket less safe than it is now, and says which aspects S3 does not let anybody restore
(Object Lock, MFA delete).

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
"""

from bucketward import (
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    not_applicable,
)
from bucketward.aspects import ASPECTS
from bucketward.baseline.known import Baseline
from bucketward.blame import Guilt
from bucketward.drift import drifted
from bucketward.errors import Unsettled

_ALL = tuple(ASPECTS.values())


def evaluate(bucket: Bucket, baseline: Baseline) -> Verdict:
    if not baseline.documents:
        return not_applicable("No baseline of this bucket is approved yet.")
    for name in baseline.documents:
        bucket[ASPECTS[name]]  # what was not read is not as approved, nor is it not
    aspects = drifted(bucket, baseline.documents)
    if not aspects:
        known = len(baseline.documents)
        return compliant(f"The bucket is as approved in {known} of {len(_ALL)} aspects.")
    blames = {aspect: baseline.blame(aspect) for aspect in aspects}
    culprits = [each.change for each in blames.values() if each.guilt is Guilt.CULPRIT]
    names = ", ".join(map(str, aspects))
    differs = f"Not as approved: {names};"
    if culprits and culprits[0]:
        change = culprits[0]
        return non_compliant(
            f"{differs} changed by {change.actor} at {change.time:%Y-%m-%d %H:%M:%S} UTC "
            f"({change.standing})."
        )
    if not baseline.settled:
        raise Unsettled(f"Who changed the {names} of bucket {bucket.name} is not known yet.")
    if all(each.guilt is Guilt.PENDING for each in blames.values()):
        return compliant(f"{differs} changed with leave, and the baseline has yet to follow.")
    return non_compliant(f"{differs} CloudTrail has not told who changed it.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=_ALL, live=_ALL, compares=True)
