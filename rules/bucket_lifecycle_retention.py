"""Lifecycle rules must not delete objects sooner than is accepted.

## Why is this bad?
One lifecycle rule deletes a whole bucket without a single delete call: ransomware uses it to put
a deadline on its note, intruders to be rid of the logs that show them, and a slip of the pen
does the same. S3 gives no warning and keeps no list of what it deleted.

## What it checks
No enabled rule expires current objects or deletes noncurrent versions sooner than after
`minimumDays` days, or after `logBucketDays` days in a log bucket, which is one that
`logBuckets` or `logTag` names. A rule with a date never passes, since from that day on it
expires objects of any age. Which objects a rule is for does not matter, as it tells
nothing of the intent, except for rules that are limited to one of `temporaryPrefixes` in a
bucket that holds no logs. Expired delete markers and incomplete uploads hold no data.

## Remediation safety
The offending rule gets the expirations back that it had in the bucket's earlier state, where
those pass and are nowhere sooner than the ones it has now; else it is disabled, and so are its
transitions. Every other rule stays as it is. A rule that was removed meanwhile is not brought
back: AWS Config does not record `NewerNoncurrentVersions`, without which it could delete what
was kept; for the same reason the live value of that member stays. Objects that a rule has
already deleted are gone; S3 runs lifecycle rules once a day.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html
- https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.cloudtrail-lifecycle-rule/
"""

from dataclasses import dataclass

from bucketward import (
    LIFECYCLE,
    TAGGING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    lifecycle,
    non_compliant,
    parameter,
)
from bucketward.errors import shown
from bucketward.selection import NAME_PATTERN, TAG


@dataclass(frozen=True, slots=True)
class Parameters:
    minimum_days: int = parameter(30, "Days for which objects and old versions must be kept.")
    log_bucket_days: int = parameter(365, "Days for which log buckets must keep them.")
    log_buckets: tuple[str, ...] = parameter(
        (), "Names, or patterns with * and ?, of buckets that hold logs.", pattern=NAME_PATTERN
    )
    log_tag: str = parameter("", "Tag, as key=value, of buckets that hold logs.", pattern=TAG)
    temporary_prefixes: tuple[str, ...] = parameter(
        (), "Prefixes of objects that may be deleted at any time, such as tmp/."
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    found = lifecycle.rules(bucket)
    kept = lifecycle.Kept.of(bucket, parameters)
    for number, each in enumerate(found, 1):
        fault = kept.fault(each)
        if fault:
            return non_compliant(
                f"Lifecycle rule {shown(each.get('ID') or number)} {fault}, sooner than after "
                f"{lifecycle.in_days(kept.days)}."
            )
    return compliant(f"No lifecycle rule deletes sooner than after {lifecycle.in_days(kept.days)}.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(LIFECYCLE, TAGGING), parameters=Parameters)
