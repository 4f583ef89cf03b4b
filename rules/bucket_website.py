"""Buckets must host a website only where that is approved.

## Why is this bad?
A website endpoint serves the bucket over plain HTTP under a name that visitors trust. Turned on
by an intruder it serves their page or sends every visitor to theirs.

## What it checks
Website hosting is off, or the bucket's name matches one of `approvedBuckets`. Where
`redirectHosts` is given, every host that the website redirects to matches one of them; a
redirect within the site names none.

## Remediation safety
A website that was not approved is deleted; who visits it gets an error. For an approved bucket
the website that AWS Config recorded last with approved redirects is put back, which it records
in full; else the one that redirects elsewhere is deleted. The policy and the public access
block, which decide who may read the objects, are left alone.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
"""

from dataclasses import dataclass

from bucketward import (
    WEBSITE,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    parameter,
    website,
)
from bucketward.selection import NAME_PATTERN


@dataclass(frozen=True, slots=True)
class Parameters:
    approved_buckets: tuple[str, ...] = parameter(
        (), "Names, or patterns with * and ?, of buckets that may host.", pattern=NAME_PATTERN
    )
    redirect_hosts: tuple[str, ...] = parameter(
        (), "Hosts, or patterns, that a website may redirect to; empty accepts every host."
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    fault = website.fault(bucket, parameters.approved_buckets, parameters.redirect_hosts)
    if fault:
        return non_compliant(fault)
    if bucket[WEBSITE] is None:
        return compliant("Website hosting is off.")
    return compliant("Website hosting is approved for this bucket.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(WEBSITE,), parameters=Parameters)
