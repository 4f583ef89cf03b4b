"""Buckets must charge their owner for requests unless requester pays is approved.

## Why is this bad?
With requester pays on, every request that does not say that it will pay is refused. Turned on
unasked it cuts off applications, visitors and AWS services that read the bucket, and sends the
bill to partners.

## What it checks
The payer is the bucket's owner, or the bucket's name matches one of `approvedBuckets`.

## Remediation safety
The owner pays for requests and data transfer again. Requester pays also shuts out anonymous
requests, so a bucket whose policy or ACL is public is open to them again; the controls of the
policy, the ACL and the public access block judge that.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
"""

from dataclasses import dataclass

from bucketward import (
    REQUEST_PAYMENT,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    parameter,
)
from bucketward.selection import NAME_PATTERN, named


@dataclass(frozen=True, slots=True)
class Parameters:
    approved_buckets: tuple[str, ...] = parameter(
        (),
        "Names, or patterns with * and ?, of buckets that may let requesters pay.",
        pattern=NAME_PATTERN,
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    if (bucket[REQUEST_PAYMENT] or {}).get("Payer") != "Requester":
        return compliant("The bucket's owner pays for requests.")
    if named(bucket, parameters.approved_buckets):
        return compliant("Requester pays is approved for this bucket.")
    return non_compliant("Requester pays is on, but not approved for this bucket.")


rule = Rule(evaluate, severity=Severity.LOW, reads=(REQUEST_PAYMENT,), parameters=Parameters)
