"""Buckets that are meant for a VPC must not be reachable from elsewhere.

## Why is this bad?
Credentials that leak from a VPC work from anywhere on the internet. A bucket that answers only to
the VPC makes them useless outside it.

## What it checks
Buckets named by `requiredBuckets` or tagged with `requiredTag`; by default none is, and the
control does not apply. Statements must deny everyone all actions on the objects, and all that
list them, unless `aws:SourceVpc` is one of `vpcIds` or `aws:SourceVpce` one of
`vpcEndpointIds`; where both parameters are empty, any fixed VPC or endpoint will do. A Deny may
spare AWS services by `BoolIfExists` on `aws:PrincipalIsAWSService` (logs and events arrive from
outside a VPC) and the `exemptPrincipals` by `aws:PrincipalArn`; any other exception, also
`aws:ViaAWSService`, behind which a caller may sit anywhere, does not pass. A Deny of `s3:*`, as
in AWS's examples, passes as well. A policy that cannot be judged does not.

## Remediation safety
It never runs by itself: whoever reaches the bucket from outside the VPC loses access, the
console's users and the roles of replication, backup and analytics among them; name those in
`exemptPrincipals`. One Deny with the Sid `BucketwardDenyOutsideVpc` is added or replaced in
place, and all else stays to the character. It denies the objects and their list, not the bucket's
configuration: `s3:*` would shut out AWS Config, Bucketward and the administrators, and only the
root user could undo it. Without `vpcIds` and `vpcEndpointIds` nothing is written. A policy that
is public for another reason cannot be written while `BlockPublicPolicy` is on.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""

from dataclasses import dataclass

from bucketward import (
    POLICY,
    TAGGING,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    non_compliant,
    not_applicable,
    parameter,
)
from bucketward.selection import NAME_PATTERN, TAG, chosen
from bucketward.vpc_only import Perimeter


@dataclass(frozen=True, slots=True)
class Parameters:
    required_buckets: tuple[str, ...] = parameter(
        (), "Names, or patterns with *, of the buckets meant for a VPC.", pattern=NAME_PATTERN
    )
    required_tag: str = parameter(
        "", "Tag key=value of the buckets meant for a VPC; empty is no tag.", pattern=TAG
    )
    vpc_ids: tuple[str, ...] = parameter(
        (), "VPCs from which the buckets may be reached.", pattern="vpc-[0-9a-f]{8,17}"
    )
    vpc_endpoint_ids: tuple[str, ...] = parameter(
        (), "VPC endpoints through which the buckets may be reached.", pattern="vpce-[0-9a-f]{8,17}"
    )
    exempt_principals: tuple[str, ...] = parameter(
        (),
        "ARNs of the roles and users that may come from elsewhere, with * for any text.",
        pattern=r"arn:aws[a-z-]*:(iam|sts)::\d{12}:[\w+=.@*/-]+",
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    fault = Perimeter(
        parameters.vpc_ids, parameters.vpc_endpoint_ids, parameters.exempt_principals
    ).fault(bucket)
    if not chosen(bucket, parameters.required_buckets, parameters.required_tag):
        return not_applicable("The bucket is not among those that are meant for a VPC.")
    if fault:
        return non_compliant(fault)
    return compliant("The policy denies the objects and their list to all but accepted VPCs.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(POLICY, TAGGING), parameters=Parameters)
