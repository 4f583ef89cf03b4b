"""Buckets must carry the required tags with accepted values.

## Why is this bad?
Access rules, backups, cost reports and some of Bucketward's own controls go by tags. A tag that
is missing or wrong takes a bucket out of all of them without a sign.

## What it checks
Each key in `requiredTags` is there; where an entry is `key=pattern`, the value matches the
pattern as a whole (`*` and `?`, case-sensitive), and several entries with the same key are
alternatives. With no entries the control is not applicable.

## Remediation safety
A missing or wrong tag gets the value back that it had in the bucket's earlier state; all other
tags stay, those of AWS (`aws:`) among them, because S3 refuses to let them be removed. Where no
accepted earlier value is known for one of the keys nothing is written. S3 takes 50 tags at most,
and refuses PutBucketTagging on a bucket with attribute-based access control (ABAC) on: set
its tags with TagResource.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
- https://github.com/hashicorp/terraform-provider-aws/issues/7323
"""

from dataclasses import dataclass

from bucketward import (
    TAGGING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    not_applicable,
    parameter,
    tags,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    required_tags: tuple[str, ...] = parameter(
        (),
        "Tags that must be there, each as key or key=pattern; a key named twice gives a choice.",
        pattern=r'[^=",\\]{1,128}(=[^",\\]{0,256})?',
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    faults = tags.faults(bucket, parameters.required_tags)
    if not parameters.required_tags:
        return not_applicable("No tags are required.")
    if faults:
        return non_compliant(f"The {'; '.join(faults.values())}.")
    return compliant("All required tags are there with accepted values.")


rule = Rule(evaluate, severity=Severity.LOW, reads=(TAGGING,), parameters=Parameters)
