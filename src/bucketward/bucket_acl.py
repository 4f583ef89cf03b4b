"""A bucket's ACL and object ownership, as rules, remediations and safety checks see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .aspects import ACL
from .errors import BadInput, Refused
from .public_access import is_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .bucket import Bucket

ENFORCED: Final = "BucketOwnerEnforced"
"""The object ownership under which S3 ignores every ACL."""

Grant = dict[str, Any]


def ownership_of(document: Mapping[str, Any] | None) -> str | None:
    """Return the object ownership; None where it was never set, which means ObjectWriter."""
    for rule in (document or {}).get("Rules", ()):
        return str(rule.get("ObjectOwnership"))
    return None


def is_owner(document: Mapping[str, Any], grant: Grant) -> bool:
    """Whether a grant is to the bucket's owner."""
    owner = (document.get("Owner") or {}).get("ID")
    return bool(owner) and (grant.get("Grantee") or {}).get("ID") == owner


def others(document: Mapping[str, Any] | None) -> list[Grant]:
    """Return the grants to anyone but the owner."""
    return [
        each for each in (document or {}).get("Grants", ()) if not is_owner(document or {}, each)
    ]


def grantee_name(grant: Grant) -> str:
    """Name a grantee: the group (``AllUsers``), else the canonical id or e-mail address."""
    grantee = grant.get("Grantee") or {}
    group = str(grantee.get("URI") or "").rpartition("/")[2]
    return group or str(grantee.get("ID") or grantee.get("EmailAddress") or "nobody")


def listed(grants: list[Grant]) -> str:
    """Write grants as ``READ to AllUsers, WRITE to LogDelivery``."""
    return ", ".join(f"{each.get('Permission')} to {grantee_name(each)}" for each in grants)


def void_by(bucket: Bucket) -> str | None:
    """Say what makes the ACL's public grants void, or None.

    Object ownership need not be asked for: S3 refuses BucketOwnerEnforced while the ACL grants
    others anything, and refuses to change the ACL afterwards, so a public grant that can be read
    is one that works.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
    """
    return "IgnorePublicAcls is on" if is_on(bucket, "IgnorePublicAcls") else None


def public_grants(bucket: Bucket) -> list[Grant]:
    """Return the grants to the public, void or not; raises `BadInput` for an unreadable ACL."""
    from .policy import judge_acl  # remediations that judge no ACL load none of it

    judgement = judge_acl(bucket[ACL])
    if not judgement.valid:
        raise BadInput(f"The ACL of bucket {bucket.name} cannot be judged: {judgement.reasons[0]}")
    grants: list[Grant] = (bucket[ACL] or {})["Grants"]
    return [grants[index] for index in judgement.public_grants]


def full_control(bucket: Bucket) -> dict[str, Any]:
    """Return the ACL as it is where it gives its owner full control and nobody else anything.

    Otherwise the ACL that does; S3 demands it before ACLs can be switched off.
    """
    document: dict[str, Any] = bucket[ACL] or {}
    grants = document.get("Grants", [])
    if grants and all(
        is_owner(document, each) and each.get("Permission") == "FULL_CONTROL" for each in grants
    ):
        return document
    owner = document.get("Owner") or {}
    if not owner.get("ID"):
        raise Refused(f"The ACL of bucket {bucket.name} names no owner; set it by hand.")
    grantee = {**owner, "Type": "CanonicalUser"}
    return {"Owner": owner, "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}]}
