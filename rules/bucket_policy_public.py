"""Buckets must not be public by their policy.

## Why is this bad?
One statement for everyone, or one whose conditions anybody can meet, hands every object to
whoever finds the bucket's name. Scanners find such buckets within hours.

## What it checks
No statement is public by AWS's definition, unless the bucket's own `RestrictPublicBuckets` is on,
which holds a public policy down to AWS services and the bucket's account. AWS takes a policy for
public unless each Allow names fixed principals or is limited to fixed values of the condition
keys that AWS lists (an IP range no broader than /8, an organisation, a VPC and a few more). An
Allow that a Deny for everyone covers as a whole counts as not public. Where AWS's text leaves a
reading open, the safer one is taken. A policy that cannot be judged does not pass.

The public access blocks of the account and the organisation are not considered: they can be
lifted in one call for every bucket. Nor are access points, which have policies of their own.

## Remediation safety
Where the earlier policy has all that is not public now, it is put back as a whole: with it come
back what the change took away, such as a Deny. Else a public statement goes back to the form it
had under its Sid, and one without such a form is cut out; a policy with nothing left is deleted.
All other statements stay as they are, to the character. A form that would let anyone do more, or
deny less, than the policy does now is passed over. Whoever used the bucket without credentials
loses access: a website on it goes dark.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-3
"""

from bucketward import (
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
)
from bucketward.policy_faults import public
from bucketward.public_access import is_on


def evaluate(bucket: Bucket) -> Verdict:
    faults = public(bucket)
    if bucket[POLICY] is None:
        return compliant("The bucket has no policy.")
    if not faults:
        return compliant("No statement of the policy is public.")
    if is_on(bucket, "RestrictPublicBuckets"):
        return compliant(
            "RestrictPublicBuckets holds the public policy down to AWS services and the bucket's "
            f"account. {faults}"
        )
    return non_compliant(str(faults))


rule = Rule(evaluate, severity=Severity.CRITICAL, reads=(POLICY, PUBLIC_ACCESS_BLOCK))
