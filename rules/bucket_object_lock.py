"""Buckets must have Object Lock with at least the given default retention.

## Why is this bad?
Without Object Lock, whoever may delete object versions can destroy every copy in the bucket.
With a default retention, each new object is protected until its time is over; in COMPLIANCE
mode even against the root user.

## What it checks
Object Lock is on. Where `mode` or `minimumDays` is given there is a default retention, its mode
is `mode` or stricter, and it lasts `minimumDays` or longer (a year counts 365 days). Retention
that single objects have is not looked at.

## Remediation safety
Object Lock can never be turned off again, versioning can then never be suspended, and objects
that are locked cost storage until their time is over. So it is never automatic, and refused
unless `enablePermanently` is true. Versioning must be on. It is refused as well where the
policy or the ACL lets S3 deliver access logs to the bucket, as it delivers none to a bucket with
Object Lock. An earlier retention that suffices is put back; else the mode and the days become
the stricter of what is there and what is asked for. Only new objects get the retention.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-15
"""

from dataclasses import dataclass

from bucketward import (
    OBJECT_LOCK,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    object_lock,
    parameter,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    mode: str = parameter(
        "",
        "Least strict mode of the default retention: GOVERNANCE or COMPLIANCE; empty accepts both.",
        pattern="GOVERNANCE|COMPLIANCE",
    )
    minimum_days: int = parameter(
        0, "Shortest default retention in days; 0 needs none unless a mode is given."
    )
    enable_permanently: bool = parameter(
        False,  # noqa: FBT003 - a default
        "Whether the remediation may turn Object Lock on, which nothing can undo.",
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    fault = object_lock.fault(bucket, parameters.mode, parameters.minimum_days)
    if fault:
        return non_compliant(fault)
    retention = object_lock.Retention.of(bucket)
    if retention:
        return compliant(f"Object Lock is on with a default retention of {retention}.")
    return compliant("Object Lock is on.")


rule = Rule(
    evaluate,
    severity=Severity.MEDIUM,
    reads=(OBJECT_LOCK,),
    opt_in=True,  # Object Lock is for the few buckets whose objects nobody may delete
    parameters=Parameters,
)
