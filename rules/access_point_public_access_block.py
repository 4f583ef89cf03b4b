"""Access points must block public access with all four flags.

## Why is this bad?
An access point has a policy of its own. Its block is what stops that policy from publishing the
bucket behind it; the bucket's own block does too, as long as nobody lifts it.

## What it checks
The access point's `BlockPublicAcls`, `IgnorePublicAcls`, `BlockPublicPolicy` and
`RestrictPublicBuckets` are all on, from the configuration item where it holds them, else as S3
has them now.

## Remediation safety
There is no remediation: S3 sets the flags when the access point is made and has no operation that
changes them. Make another one with the flags on (which is the default), move its users over, and
delete this one. The alarm topic is told, and the annotation names the flags.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19
"""

from bucketward import Rule, Severity, Verdict, compliant, non_compliant
from bucketward.account import ACCESS_POINT_BLOCK, AccessPoint
from bucketward.public_access import flags_off


def evaluate(point: AccessPoint) -> Verdict:
    off = flags_off(point[ACCESS_POINT_BLOCK])
    if off:
        return non_compliant(
            f"The access point leaves {', '.join(off)} off, for good: make another one with the "
            "flags on and delete this one."
        )
    return compliant("The access point has all four flags on.")


rule = Rule(evaluate, severity=Severity.CRITICAL, reads=(ACCESS_POINT_BLOCK,), subject=AccessPoint)
