"""Buckets must not let other accounts change their policy, ACL or encryption.

## Why is this bad?
Whoever may write a bucket's policy or ACL owns it: one call gives them, or everyone, the rest.
Whoever may set the encryption can have all new objects encrypted with a key of their own, and
ask a ransom for it.

## What it checks
No statement lets anyone outside the bucket's account call `PutBucketPolicy`,
`DeleteBucketPolicy`, `PutBucketAcl`, `PutObjectAcl`, `PutObjectVersionAcl` or
`PutEncryptionConfiguration`, by name or by wildcard, as far as no Deny for everyone takes it away
again. A condition that fixes the caller to the bucket's account makes a statement pass; unlike in
Security Hub's S3.6, which looks at principals only. The public access block is not considered:
`RestrictPublicBuckets` cuts off other accounts only while the policy is public. A policy that
cannot be judged does not pass.

## Remediation safety
The earlier policy, or the earlier form of the statement under its Sid, is put back where it holds
all else that is there now and lets nobody do more. Otherwise the offending actions are taken out
of the statement (of `["s3:GetObject", "s3:Put*"]` stays `s3:GetObject`); where no other action is
left, as with `s3:*` and `NotAction`, the foreign principals; and where nobody is left, the
statement. A partner with such a grant so loses what the same pattern also allowed. Principals
of the bucket's account lose the same actions by this statement, not by their IAM policies.

## References
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6
- https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-blacklisted-actions-prohibited.html
"""

from bucketward import POLICY, Bucket, Rule, Severity, Verdict, compliant, non_compliant
from bucketward.policy_faults import takeover


def evaluate(bucket: Bucket) -> Verdict:
    faults = takeover(bucket)
    if faults:
        return non_compliant(str(faults))
    if bucket[POLICY] is None:
        return compliant("The bucket has no policy.")
    return compliant("No statement lets others change the policy, the ACL or the encryption.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(POLICY,))
