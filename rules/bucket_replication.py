"""Buckets must replicate their objects where replication is required of them.

## Why is this bad?
A replica in another bucket is what is left when this one is emptied, encrypted by somebody else
or lost with its Region. Deleting the replication is one call, and a usual step before ransom.

## What it checks
A bucket whose name matches one of `requiredBuckets`, or that carries `requiredTag`, has an
enabled replication rule; other buckets are not applicable. A tag can be taken off by whoever may
tag the bucket, so name the buckets that matter most. A rule that sends objects to an
account other than the bucket's own and `trustedAccounts`, or, where `trustedBuckets` is given,
to a bucket outside it, does not count. A rule that names no account does count: whether its
destination can be trusted is what `bucket_replication_trusted` judges.

## Remediation safety
The earlier replication is put back from AWS Config's history, with the rules to trusted
destinations; rules that are there stay, and one that was only disabled is enabled again with all
else as it is now. AWS Config records the first form of replication only: role, id, prefix,
status, destination bucket, account and storage class. A rule recorded with neither prefix nor
filter had a filter that is not known, so it is refused; one recorded with a prefix is put back
in that form, in which S3 replicates delete markers but no KMS-encrypted objects. Refused as
well are another role, a mix of both forms, and a bucket without versioning. Objects written
meanwhile are not replicated: start a batch replication for them. The caller needs
`iam:PassRole` for the replication role.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-7
"""

from dataclasses import dataclass

from bucketward import (
    REPLICATION,
    TAGGING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    not_applicable,
    parameter,
    replication,
)
from bucketward.errors import shown
from bucketward.selection import NAME_PATTERN, TAG, chosen


@dataclass(frozen=True, slots=True)
class Parameters:
    required_buckets: tuple[str, ...] = parameter(
        (), "Names, or patterns with * and ?, of buckets that must replicate.", pattern=NAME_PATTERN
    )
    required_tag: str = parameter(
        "", "Tag, as key=value, of buckets that must replicate.", pattern=TAG
    )
    trusted_accounts: tuple[str, ...] = parameter(
        (), "Accounts besides the bucket's own that may receive replicas.", pattern=r"\d{12}"
    )
    trusted_buckets: tuple[str, ...] = parameter(
        (),
        "Names, or patterns, of the only buckets that may receive replicas; empty is any name.",
        pattern=NAME_PATTERN,
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    found = replication.rules(bucket)
    if not chosen(bucket, parameters.required_buckets, parameters.required_tag):
        return not_applicable("Replication is not required of this bucket.")
    for each in found:
        if replication.counts(each, bucket, parameters):
            return compliant(f"The bucket replicates to {shown(replication.target(each))}.")
    if not found:
        return non_compliant("The bucket has no replication configuration.")
    if not any(map(replication.enabled, found)):
        return non_compliant(f"The bucket's replication rules ({len(found)}) are all disabled.")
    return non_compliant("No enabled replication rule has a trusted destination.")


rule = Rule(evaluate, severity=Severity.LOW, reads=(REPLICATION, TAGGING), parameters=Parameters)
