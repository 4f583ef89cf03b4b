"""Buckets must refuse requests that do not use TLS.

## Why is this bad?
A request over plain HTTP shows its object, and any presigned URL that it carries, to everyone on
the path, who can use the URL until it expires.

## What it checks
The policy denies `s3:*` to everyone, on the bucket and on all its objects, where
`aws:SecureTransport` is false; in one statement or in several together. A narrower Deny (one
action, one principal, only the objects, one more condition) leaves a way open and does not pass,
nor does an Allow for TLS only. Where `minimumTlsVersion` is given, the policy must deny the
versions below it in the same way, by `s3:TlsVersion`. A policy that cannot be judged does not
pass.

## Remediation safety
One statement is added, with the Sid `BucketwardDenyPlaintext`, and one more with
`BucketwardDenyOldTls` for the version; a statement with this Sid is replaced in place, never
doubled, unless it denies something that the new one would not. All else stays to the character.
Clients that still use plain HTTP lose access: S3 website endpoints speak nothing else. S3 itself
accepts TLS 1.2 and 1.3 only, and its PrivateLink and Multi-Region Access Point endpoints no 1.3,
so a minimum of 1.3 cuts them off. A policy that is public for another reason cannot be written
while `BlockPublicPolicy` is on; the remediation then says so.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingEncryptionInTransit.html
- https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
- https://repost.aws/knowledge-center/s3-enforce-modern-tls
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5
"""

from dataclasses import dataclass

from bucketward import POLICY, Bucket, Rule, Severity, Verdict, compliant, non_compliant, parameter
from bucketward.secure_transport import fault


@dataclass(frozen=True, slots=True)
class Parameters:
    minimum_tls_version: str = parameter(
        "", "The lowest TLS version that may be used; empty leaves it to S3.", pattern="1[.][123]"
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    version = parameters.minimum_tls_version
    wrong = fault(bucket, version)
    if wrong:
        return non_compliant(wrong)
    older = f" and every TLS version below {version}" if version else ""
    return compliant(
        f"The policy denies plaintext requests{older} on the bucket and on its objects."
    )


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(POLICY,), parameters=Parameters)
