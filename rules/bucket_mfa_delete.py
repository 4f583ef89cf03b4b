"""Buckets must have MFA delete where it is required of them.

## Why is this bad?
Versioning keeps what is deleted or overwritten until somebody deletes the versions or suspends
versioning. With MFA delete both take the root user's second factor, so that a stolen key or a
compromised role is not enough to destroy data for good.

## What it checks
MFA delete is on for buckets whose name matches one of `requiredBuckets` or that carry
`requiredTag`; other buckets are not applicable. A tag can be taken off by whoever may tag the
bucket, so name the buckets that matter most.

## Remediation safety
There is no automatic remediation: S3 accepts the change only from the account's root user with
its MFA device, and no role can do it. The annotation holds the command; put in the device's
ARN and its current code. S3 allows no lifecycle configuration beside MFA delete, so one that is
there has to go first.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-20
"""

from dataclasses import dataclass

from bucketward import (
    LIFECYCLE,
    TAGGING,
    VERSIONING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    not_applicable,
    parameter,
)
from bucketward.selection import NAME_PATTERN, TAG, chosen

_LONGEST_NAME = 63
"""Longer names, from before 2018, would cut the command short."""


@dataclass(frozen=True, slots=True)
class Parameters:
    required_buckets: tuple[str, ...] = parameter(
        (),
        "Names, or patterns with * and ?, of buckets that need MFA delete.",
        pattern=NAME_PATTERN,
    )
    required_tag: str = parameter(
        "", "Tag, as key=value, of buckets that need MFA delete.", pattern=TAG
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    on = (bucket[VERSIONING] or {}).get("MFADelete") == "Enabled"
    if not chosen(bucket, parameters.required_buckets, parameters.required_tag):
        return not_applicable("MFA delete is not required of this bucket.")
    if on:
        return compliant("MFA delete is on.")
    name = bucket.name if len(bucket.name) <= _LONGEST_NAME else "BUCKET"
    first = "delete the lifecycle, then " if bucket[LIFECYCLE] else ""
    return non_compliant(
        f"MFA delete is off; {first}run as the root user: aws s3api put-bucket-versioning "
        f"--bucket {name} --versioning-configuration Status=Enabled,MFADelete=Enabled "
        "--mfa 'DEVICE-ARN CODE'"
    )


rule = Rule(
    evaluate,
    severity=Severity.LOW,
    reads=(VERSIONING, TAGGING, LIFECYCLE),
    parameters=Parameters,
)
