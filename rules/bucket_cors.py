"""Buckets must let only accepted origins write from a browser.

## Why is this bad?
A cross-origin rule lets scripts of other sites use the bucket with whatever access the visitor's
browser has. With any origin and a write method, every page on the web may upload, overwrite or
delete through a signed URL or a form that it gets hold of.

## What it checks
No rule allows PUT, POST or DELETE to an origin whose wildcard stands for hosts of any owner, such
as `*`, `https://*` or `https://*.com`; `https://*.example.com` is one owner's. Where
`allowedOrigins` is given, every origin of every rule matches one of them, whatever the method.

## Remediation safety
The offending rules are removed and the others stay; the last one goes with the configuration.
Pages that rely on a removed rule stop working in browsers. Accepted origins that stand in the
same rule as others go with it, so keep them in rules of their own.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
"""

from dataclasses import dataclass

from bucketward import (
    CORS,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    cross_origin,
    non_compliant,
    parameter,
)
from bucketward.errors import shown


@dataclass(frozen=True, slots=True)
class Parameters:
    allowed_origins: tuple[str, ...] = parameter(
        (),
        "Origins, or patterns with * and ?, that rules may allow; empty accepts each named origin.",
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    rules = cross_origin.rules(bucket)
    for number, each in enumerate(rules, 1):
        fault = cross_origin.fault(each, parameters.allowed_origins)
        if fault:
            return non_compliant(f"CORS rule {shown(each.get('ID') or number)} {fault}.")
    if not rules:
        return compliant("The bucket has no cross-origin rules.")
    return compliant("Every cross-origin rule allows accepted origins only.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(CORS,), parameters=Parameters)
