"""Add the one Deny that keeps everyone outside the VPC from the objects and their list."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    POLICY,
    TAGGING,
    Automatic,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    policy_revert,
)
from bucketward.policy import PolicyEditError, with_statement
from bucketward.selection import chosen
from bucketward.vpc_only import Perimeter


@dataclass(frozen=True, slots=True)
class Parameters:
    required_buckets: tuple[str, ...] = ()
    required_tag: str = ""
    vpc_ids: tuple[str, ...] = ()
    vpc_endpoint_ids: tuple[str, ...] = ()
    exempt_principals: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    given: Parameters = known.parameters
    perimeter = Perimeter(given.vpc_ids, given.vpc_endpoint_ids, given.exempt_principals)
    fault = perimeter.fault(bucket)
    if not fault or not chosen(bucket, given.required_buckets, given.required_tag):
        return
    if perimeter.is_open:
        raise Refused(
            f"It is not known from where bucket {bucket.name} may be reached; set the control's "
            "vpcIds or vpcEndpointIds."
        )
    try:
        text = with_statement(bucket[POLICY], perimeter.deny(bucket))
    except PolicyEditError as error:
        raise Refused(f"Bucket {bucket.name}: {error} Change the policy by hand.") from error
    yield policy_revert.store(bucket, text)


remediation = Remediation(
    plan,
    calls=(POLICY.put,),
    reads=(*policy_revert.READS, TAGGING),
    automatic=Automatic.NEVER,
    parameters=Parameters,
)
