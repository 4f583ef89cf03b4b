"""Buckets must encrypt new objects with an accepted algorithm and key.

## Why is this bad?
The default encryption decides under which key objects are written when an upload names none.
Moving it from a customer managed KMS key to another key takes the key policy, its audit trail
and the ability to revoke access away; moving it to a key of another account hands the data to
whoever holds that key.

## What it checks
The bucket has a default encryption rule, its algorithm is one of `algorithms`, and, where
`kmsKeyArns` is given, a KMS key is one of those. The key is compared as it is written in the
bucket's rule, so give full key ARNs: an alias names another key in another account. With the
default parameters every algorithm and key passes; only a bucket without a rule does not.

## Remediation safety
Objects that are stored already keep their encryption. Whoever writes to the bucket needs
`kms:GenerateDataKey` on the key that is put back. KMS is never turned into AES256, and
`BucketKeyEnabled` and `BlockedEncryptionTypes` stay as they are.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-17
"""

from dataclasses import dataclass

from bucketward import (
    ENCRYPTION,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    parameter,
)
from bucketward.encryption import ALGORITHMS, KEY_ARN, DefaultEncryption


@dataclass(frozen=True, slots=True)
class Parameters:
    algorithms: tuple[str, ...] = parameter(
        ALGORITHMS,
        "Accepted algorithms: AES256, aws:kms, aws:kms:dsse.",
        pattern="AES256|aws:kms|aws:kms:dsse",
    )
    kms_key_arns: tuple[str, ...] = parameter(
        (),
        "ARNs of the KMS keys that may encrypt; empty accepts every key.",
        pattern=KEY_ARN,
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    encryption = DefaultEncryption.of(bucket)
    if encryption is None:
        return non_compliant("The bucket has no default encryption rule.")
    fault = encryption.fault(parameters.algorithms, parameters.kms_key_arns)
    if fault:
        return non_compliant(f"The bucket {fault}.")
    return compliant(f"The bucket encrypts with {encryption}.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(ENCRYPTION,), parameters=Parameters)
