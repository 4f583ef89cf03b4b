"""Multi-Region access points must block public access with all four flags.

## Why is this bad?
Its own block is what stands between its policy and the public: the buckets behind it may be
blocked, in other accounts, or not yet made.

## What it checks
The multi-Region access point's `BlockPublicAcls`, `IgnorePublicAcls`, `BlockPublicPolicy` and
`RestrictPublicBuckets` are all on, from the configuration item where it holds them, else as S3
has them now.

## Remediation safety
There is no remediation: S3 sets the flags when the multi-Region access point is made and has no
operation that changes them. Make another one with the flags on (which is the default), move its
users over, and delete this one. The alarm topic is told, and the annotation names the flags.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointBlockPublicAccess.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-24
"""

from bucketward import Rule, Severity, Verdict, compliant, non_compliant
from bucketward.account import ACCESS_POINT_BLOCK, MultiRegionAccessPoint
from bucketward.public_access import flags_off


def evaluate(point: MultiRegionAccessPoint) -> Verdict:
    off = flags_off(point[ACCESS_POINT_BLOCK])
    if off:
        return non_compliant(
            f"The multi-Region access point leaves {', '.join(off)} off, for good: make another "
            "one with the flags on and delete this one."
        )
    return compliant("The multi-Region access point has all four flags on.")


rule = Rule(
    evaluate, severity=Severity.HIGH, reads=(ACCESS_POINT_BLOCK,), subject=MultiRegionAccessPoint
)
