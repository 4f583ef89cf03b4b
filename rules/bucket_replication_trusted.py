"""Buckets must replicate only to destinations that are trusted.

## Why is this bad?
A replication rule copies every new object to another bucket, silently and for as long as it is
there. Pointed at a foreign account it is the quietest way to take a bucket's data, and no read
shows in any log.

## What it checks
No enabled rule names an account other than the bucket's own and `trustedAccounts`, and, where
`trustedBuckets` is given, each destination matches it. A rule that names no account passes only
by `trustedBuckets`: a bucket's ARN does not tell its owner, and a rule to a foreign bucket works
without one, so neither AWS Config nor GetBucketReplication can tell it from a rule within the
account. A stated account is believed, though S3 checks it only beside
`AccessControlTranslation`; give `trustedBuckets` to rely on neither. Disabled rules send nothing.

## Remediation safety
A rule to an untrusted destination is removed, or its earlier version is put back where that has
the same form (`Filter` or `Prefix`); from AWS Config's lossy record that is the first form only.
The last one is removed with the configuration. For a rule that names no
account, S3 is asked whether its destination is this account's: if so the account is written
into the rule; if it does not exist, or S3 denies it, the rule is removed. A destination in
the account that denies reading its versioning is denied as well, so list such buckets, and those
of trusted accounts in rules without an account, in `trustedBuckets` before switching this on.
Other rules stay as they are. Replicas that were made stay where they are. The caller needs
`iam:PassRole` for the replication role where rules are left.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
- https://docs.rs/rusoto_s3/0.37.0/rusoto_s3/struct.Destination.html (when S3 checks the account)
- https://hackingthe.cloud/aws/exploitation/s3-bucket-replication-exfiltration/
"""

from dataclasses import dataclass

from bucketward import (
    REPLICATION,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    parameter,
    replication,
)
from bucketward.errors import shown
from bucketward.selection import NAME_PATTERN


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = parameter(
        (), "Accounts besides the bucket's own that may receive replicas.", pattern=r"\d{12}"
    )
    trusted_buckets: tuple[str, ...] = parameter(
        (),
        "Names, or patterns, of the only buckets that may receive replicas; empty is any name.",
        pattern=NAME_PATTERN,
        secure="the names of your destination buckets",
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    trusted = parameters.trusted_accounts, parameters.trusted_buckets
    found = [each for each in replication.rules(bucket) if replication.enabled(each)]
    for number, each in enumerate(replication.rules(bucket), 1):
        fault = replication.fault(each, bucket.account, *trusted)
        if fault:
            return non_compliant(f"Replication rule {shown(each.get('ID') or number)} {fault}.")
    if not found:
        return compliant("No replication rule is enabled.")
    return compliant(f"Every enabled replication rule ({len(found)}) has a trusted destination.")


rule = Rule(
    evaluate,
    severity=Severity.CRITICAL,
    reads=(REPLICATION,),
    live=(REPLICATION,),
    parameters=Parameters,
)
