"""Buckets must block public access with all four flags.

## Why is this bad?
One statement in a policy, or one grant in an ACL, makes a bucket readable for everyone. The
four flags of Block Public Access are the only setting that overrules both, now and for every
later mistake.

## What it checks
The bucket's own public access block has `BlockPublicAcls`, `IgnorePublicAcls`,
`BlockPublicPolicy` and `RestrictPublicBuckets` all on. A flag that is absent is off. The
account's public access block is not considered: it can be lifted in one call for every bucket.

## Remediation safety
A bucket that is public on purpose (a website that is not behind CloudFront, an open data set)
stops being public. Flags that are on already, the policy and the ACL are not touched.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8
"""

from bucketward import (
    PUBLIC_ACCESS_BLOCK,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
)
from bucketward.public_access import missing_flags


def evaluate(bucket: Bucket) -> Verdict:
    if bucket[PUBLIC_ACCESS_BLOCK] is None:
        return non_compliant("The bucket has no public access block.")
    off = missing_flags(bucket)
    if off:
        return non_compliant(f"The public access block leaves {', '.join(off)} off.")
    return compliant("The public access block has all four flags on.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(PUBLIC_ACCESS_BLOCK,))
