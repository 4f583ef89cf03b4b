"""Buckets must refuse uploads that are encrypted with a customer-provided key (SSE-C).

## Why is this bad?
S3 does not keep an SSE-C key. Whoever may read and write objects can copy each one over itself
under a key that only they hold, and sell the key: ransomware that needs no malware and leaves
nothing to restore from where versions are gone.

## What it checks
`BlockedEncryptionTypes` of the bucket's encryption rule names `SSE-C`. Since April 2026 S3 sets
this for new buckets and for accounts without SSE-C objects; `NONE` lifts it again. AWS Config
does not record it, so it is read from S3 on each event.

## Remediation safety
Uploads, copies and replication with SSE-C keys fail from then on. Objects that are stored
under such a key stay readable with it. Algorithm, KMS key and bucket key stay as they are.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
"""

from bucketward import ENCRYPTION, Bucket, Rule, Severity, Verdict, compliant, non_compliant
from bucketward.encryption import blocks_sse_c


def evaluate(bucket: Bucket) -> Verdict:
    if blocks_sse_c(bucket):
        return compliant("Uploads with SSE-C keys are blocked.")
    return non_compliant("Uploads with SSE-C keys are not blocked.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(ENCRYPTION,), live=(ENCRYPTION,))
