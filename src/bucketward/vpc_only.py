"""Whether a bucket's objects can be reached from a VPC only, and the statement that sees to it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .aspects import POLICY
from .policy import judge
from .policy.actions import ON_OBJECTS, bits_of
from .policy.principals import is_fixed
from .policy.resources import BUCKET, OBJECTS, reach_of

if TYPE_CHECKING:
    from .bucket import Bucket
    from .policy.conditions import Condition
    from .policy.statements import Statement

SID: Final = "BucketwardDenyOutsideVpc"
VPC_KEY: Final = "aws:SourceVpc"
ENDPOINT_KEY: Final = "aws:SourceVpce"

_LISTING: Final = bits_of("s3:listbucket*")
_ACTIONS: Final = (
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject*",
    "s3:GetObject*",
    "s3:InitiateReplication",
    "s3:ListBucket*",
    "s3:ListMultipartUploadParts",
    "s3:ListObject*",
    "s3:ObjectOwnerOverrideToBucketOwner",
    "s3:PutObject*",
    "s3:Replicate*",
    "s3:RestoreObject",
    "s3:UpdateObject*",
)
"""Every action on objects and every listing of them, but none on the bucket's configuration.

A Deny of ``s3:*`` would lock out AWS Config, Bucketward and the console, none of which comes from
the VPC, and only the root user could take it back.
"""


@dataclass(frozen=True, slots=True)
class Perimeter:
    """From where a bucket may be reached; no VPC and no endpoint accepts any one that is fixed."""

    vpcs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.vpcs and not self.endpoints

    def deny(self, bucket: Bucket) -> dict[str, Any]:
        """Return the statement that denies everyone else the bucket's objects and their list.

        An anonymous request has no ``aws:PrincipalIsAWSService``, so it takes ``BoolIfExists``.
        """
        keys = {VPC_KEY: list(self.vpcs), ENDPOINT_KEY: list(self.endpoints)}
        condition: dict[str, Any] = {
            "StringNotEquals": {key: values for key, values in keys.items() if values},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        }
        if self.exempt:
            condition["ArnNotLike"] = {"aws:PrincipalArn": list(self.exempt)}
        return {
            "Sid": SID,
            "Effect": "Deny",
            "Principal": "*",
            "Action": list(_ACTIONS),
            "Resource": [bucket.arn, f"{bucket.arn}/*"],
            "Condition": condition,
        }

    def fault(self, bucket: Bucket) -> str | None:
        """Say how the bucket can be reached from elsewhere, or None."""
        text = bucket[POLICY]
        if text is None:
            return "The bucket has no policy, so nothing denies requests from outside the VPC."
        judgement = judge(text, bucket.account, bucket.name)
        if not judgement.valid:
            reason = judgement.reasons[0]
            return f"The policy cannot be judged, so it counts as unsafe: {reason}"
        objects = listing = 0
        holes = []
        for statement in judgement.statements:
            if statement.allows or not _is_network(statement):
                continue
            hole = self._hole(statement)
            if hole:
                holes.append(f"{statement.label} {hole}.")
                continue
            reach = reach_of(statement, bucket.name)
            objects |= statement.grants if reach & OBJECTS else 0
            listing |= statement.grants if reach & BUCKET else 0
        open_ = [
            what
            for what, wanted, denied in (
                ("objects", ON_OBJECTS, objects),
                ("list of objects", _LISTING, listing),
            )
            if wanted & ~denied
        ]
        if not open_:
            return None
        found = f"No Deny keeps the {' and the '.join(open_)} to accepted VPCs or endpoints."
        return " ".join([found, *holes])

    def _hole(self, deny: Statement) -> str | None:
        """Say what gets past a Deny that looks at the network, or None."""
        if not deny.is_for_everyone:
            return "does not deny everyone"
        for condition in deny.conditions:
            negates = condition.operator.negates
            accepted = self._accepted(condition.key)
            if condition.key == "aws:principalisawsservice":
                # Without IfExists an anonymous request would not be denied.
                absent = condition.operator.if_exists and condition.operator.base == "Bool"
                if not absent or {each.lower() for each in condition.values} != {"false"}:
                    return "makes an exception by aws:PrincipalIsAWSService that is not understood"
            elif accepted is None:
                return f"makes an exception by {condition.key}"
            elif not negates or condition.operator.qualifier == "ForAnyValue":
                return f"does not deny all requests without an accepted {condition.key}"
            else:
                strange = [each for each in condition.values if not _accepts(accepted, each)]
                if strange or not condition.values:
                    return f"lets in {', '.join(strange) or 'any'} by {condition.key}"
        return None

    def _accepted(self, key: str) -> tuple[str, ...] | None:
        """Return the values that may pass by a condition key, ``*`` for any fixed one."""
        anything = ("*",) if self.is_open else ()
        return {
            VPC_KEY.lower(): self.vpcs or anything,
            ENDPOINT_KEY.lower(): self.endpoints or anything,
            "aws:principalarn": self.exempt or None,
        }.get(key)


def _accepts(accepted: tuple[str, ...], value: str) -> bool:
    return value in accepted or (accepted == ("*",) and is_fixed(value))


def _is_network(deny: Statement) -> bool:
    return any(_is_network_key(condition) for condition in deny.conditions)


def _is_network_key(condition: Condition) -> bool:
    return condition.key in {VPC_KEY.lower(), ENDPOINT_KEY.lower()}
