"""Buckets must write a server access log to an accepted bucket.

## Why is this bad?
The access log says who read which object. Without it, or with the log redirected to a bucket
that nobody reads, a leak can be neither found nor measured afterwards.

## What it checks
Logging is on, and the target is not the bucket itself. Where `targetBuckets` is given, the
target is one of them. A bucket that is itself one of `targetBuckets` is not applicable: its log
would log itself without end.

## Remediation safety
The log costs storage in the target. The target must exist in the same account and Region, must
let `logging.s3.amazonaws.com` write, and must have no default retention; otherwise nothing is
written and the remediation fails with the reason. The previous target and prefix are put back
where AWS Config knows them, else the first of `targetBuckets` with the prefix `<bucket>/`. Target
grants belong to the target that they were made for and are not carried over to another.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-9
"""

from dataclasses import dataclass

from bucketward import (
    LOGGING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    access_log,
    compliant,
    non_compliant,
    not_applicable,
    parameter,
)
from bucketward.bucket import BUCKET_NAME


@dataclass(frozen=True, slots=True)
class Parameters:
    target_buckets: tuple[str, ...] = parameter(
        (),
        "Buckets that may receive access logs; the first one receives those of buckets with no "
        "earlier target. Empty accepts every target.",
        pattern=BUCKET_NAME.pattern,
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    if bucket.name in parameters.target_buckets:
        return not_applicable("The bucket receives the access logs of others.")
    fault = access_log.fault(bucket, parameters.target_buckets)
    if fault:
        return non_compliant(fault)
    return compliant(f"The access log goes to {access_log.target_of(bucket)}.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(LOGGING,), parameters=Parameters)
