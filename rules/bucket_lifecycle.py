"""Buckets must abort incomplete multipart uploads by a lifecycle rule.

## Why is this bad?
The parts of an upload that was never finished are invisible in every listing, are paid for as
stored data, and stay for ever. A bucket with no lifecycle at all also keeps every old version.

## What it checks
An enabled lifecycle rule for the whole bucket aborts incomplete uploads after `maxDays` days or
fewer; a rule for a prefix leaves the others. A bucket with MFA delete is not applicable, as S3
allows no lifecycle beside it.

## Remediation safety
One rule with the id `bucketward-abort-incomplete-uploads` is added, and replaces an altered copy
of itself; every other rule stays as it is. An upload that takes longer than `maxDays` days is
lost. The rule is written in the form of the others (`Prefix` or `Filter`), since S3 refuses both
in one configuration, and refused where the bucket has 1,000 rules already.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-13
- https://github.com/aws/aws-sdk-ruby/issues/1653
"""

from dataclasses import dataclass

from bucketward import (
    LIFECYCLE,
    VERSIONING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    lifecycle,
    non_compliant,
    not_applicable,
    parameter,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    max_days: int = parameter(
        7, "Days after which an incomplete upload must be aborted, 1 at least."
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    days = lifecycle.abort_days(bucket)
    if days is not None and days <= max(parameters.max_days, 1):
        return compliant(f"Incomplete uploads are aborted after {lifecycle.in_days(days)}.")
    if (bucket[VERSIONING] or {}).get("MFADelete") == "Enabled":
        return not_applicable("MFA delete is on, and S3 allows no lifecycle beside it.")
    if not lifecycle.rules(bucket):
        return non_compliant("The bucket has no lifecycle configuration.")
    if days is None:
        return non_compliant("No lifecycle rule for the whole bucket aborts incomplete uploads.")
    return non_compliant(
        f"Incomplete uploads are aborted after {lifecycle.in_days(days)}, later than after "
        f"{lifecycle.in_days(max(parameters.max_days, 1))}."
    )


rule = Rule(evaluate, severity=Severity.LOW, reads=(LIFECYCLE, VERSIONING), parameters=Parameters)
