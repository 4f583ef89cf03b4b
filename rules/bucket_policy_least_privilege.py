"""Buckets must not grant every action to others, nor allow by NotAction or NotPrincipal.

## Why is this bad?
`s3:*` for a partner who only reads lets them delete the objects, the versioning and the policy.
NotAction and NotPrincipal grant all but what they name, also what AWS adds next year.

## What it checks
No Allow grants `*` or `s3:*` to anyone but the bucket's own account; AWS services count as
others. No Allow has a `NotAction` or a `NotPrincipal`, whomever it names. A Deny with either is
fine, and so is `s3:*` for principals of the bucket's account. A policy that cannot be judged does
not pass.

## Remediation safety
Which actions a partner needs cannot be told from the policy, so nothing is cut out, and nothing
runs by itself. Started by hand it puts back the earlier policy, or the earlier form of the
statement under its Sid, where one is known that passes, keeps all other statements and lets nobody
do more than now. Where none is, it fails and names the statements: write the actions out.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from bucketward import POLICY, Bucket, Rule, Severity, Verdict, compliant, non_compliant
from bucketward.policy_faults import unlimited


def evaluate(bucket: Bucket) -> Verdict:
    faults = unlimited(bucket)
    if faults:
        return non_compliant(str(faults))
    if bucket[POLICY] is None:
        return compliant("The bucket has no policy.")
    return compliant("No statement grants every action to others or allows by negation.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(POLICY,))
