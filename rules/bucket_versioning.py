"""Buckets must keep the versions of their objects.

## Why is this bad?
Without versioning an overwrite or a delete is final, whether it was a bug, a mistyped command or
ransomware. Suspending versioning is one call, and often the first step of an attack.

## What it checks
The versioning status is `Enabled`. A bucket that never had versioning and one where it is
`Suspended` do not pass.

## Remediation safety
Every overwrite and delete keeps the old version from then on, which costs storage until a
lifecycle rule expires it. Versioning can be suspended again but never switched off. S3 asks to
wait 15 minutes after enabling it for the first time before writing. MFA delete is left as it is;
where it is on, only the root user with its MFA device can change versioning, so the remediation
refuses and says so.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14
"""

from bucketward import VERSIONING, Bucket, Rule, Severity, Verdict, compliant, non_compliant


def evaluate(bucket: Bucket) -> Verdict:
    match (bucket[VERSIONING] or {}).get("Status"):
        case "Enabled":
            return compliant("Versioning is enabled.")
        case "Suspended":
            return non_compliant("Versioning is suspended.")
        case _:
            return non_compliant("Versioning was never enabled.")


rule = Rule(evaluate, severity=Severity.LOW, reads=(VERSIONING,))
