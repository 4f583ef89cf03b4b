"""Buckets must have ACLs switched off.

## Why is this bad?
With ACLs on, whoever uploads an object owns it and decides who may read it, object by object, out
of sight of the bucket policy. One canned `public-read` on an upload is enough.

## What it checks
The object ownership is `BucketOwnerEnforced`, under which S3 ignores every ACL and the bucket's
account owns all objects. A bucket where it was never set counts as `ObjectWriter`. AWS Config
does not record the setting, so it is read from S3 on each event.

## Remediation safety
S3 refuses the setting while the bucket's ACL grants anything to anyone but the owner. So where
such grants exist nothing is written, and the remediation fails and names them: move them into the
policy (log delivery to `logging.s3.amazonaws.com`), or take them out, and start it again. An ACL
that grants its owner less than full control is first written with full control, as S3 demands.
Public grants that `IgnorePublicAcls` hides are not shown by S3; it then refuses by
`InvalidBucketAclWithObjectOwnership`, and nothing is lost.

Afterwards the ACLs of objects have no effect: what they shared is shared no more. Uploads with an
ACL other than `bucket-owner-full-control` fail by `AccessControlListNotSupported`. Setting the
earlier ownership again brings the objects' ACLs back.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-12
"""

from bucketward import OWNERSHIP, Bucket, Rule, Severity, Verdict, compliant, non_compliant
from bucketward.bucket_acl import ENFORCED, ownership_of


def evaluate(bucket: Bucket) -> Verdict:
    ownership = ownership_of(bucket[OWNERSHIP])
    if ownership == ENFORCED:
        return compliant("Object ownership is BucketOwnerEnforced.")
    if ownership is None:
        return non_compliant("Object ownership was never set, so ACLs count.")
    return non_compliant(f"Object ownership is {ownership}, so ACLs count.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(OWNERSHIP,), live=(OWNERSHIP,))
