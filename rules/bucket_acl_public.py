"""Buckets must not be public by their ACL.

## Why is this bad?
A grant to AllUsers lets anyone list, overwrite or delete the objects without credentials. One to
AuthenticatedUsers does the same for everybody with an AWS account, which is everybody.

## What it checks
The ACL grants nothing, not even to read the ACL, to `AllUsers`, to `AuthenticatedUsers` or to the
canonical id that stands for anonymous uploaders; unless the bucket's own `IgnorePublicAcls` is on,
which makes such grants void. An ACL that cannot be read does not pass. Object ownership is not
asked for: S3 refuses `BucketOwnerEnforced` while the ACL grants others anything, and refuses to
change the ACL afterwards. The public access blocks of the account and the organisation are not
considered, nor are the ACLs of single objects.

## Remediation safety
Only the public grants go; the owner's, those of other accounts and that of log delivery stay. An
earlier ACL is not put back, since it could give grants that are not there now. Whoever used the
bucket without credentials loses access. Under `IgnorePublicAcls` S3 shows the ACL as it works, not
as it is stored: public grants come to light, and are taken out, when it is lifted.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-3
"""

from bucketward import (
    ACL,
    PUBLIC_ACCESS_BLOCK,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
)
from bucketward.bucket_acl import listed, public_grants, void_by
from bucketward.errors import BadInput


def evaluate(bucket: Bucket) -> Verdict:
    void = void_by(bucket)
    try:
        grants = public_grants(bucket)
    except BadInput as error:
        if void:
            return compliant(f"{void}, which makes public grants void.")
        return non_compliant(f"{error} So it counts as public.")
    if not grants:
        return compliant("The ACL grants nothing to the public.")
    if void:
        return compliant(f"{void}, which makes the public grants void: {listed(grants)}.")
    return non_compliant(f"The ACL grants {listed(grants)}.")


rule = Rule(evaluate, severity=Severity.CRITICAL, reads=(ACL, PUBLIC_ACCESS_BLOCK))
