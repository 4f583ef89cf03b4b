"""Writes that S3 refuses because of another setting of the bucket, where moto takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward import aspects as a
from bucketward.policy import judge, judge_acl

from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Current = Callable[[str, a.Aspect], a.Document | None]

_ENFORCED = "BucketOwnerEnforced"


def refusal(call: Call, kept: Mapping[str, a.Document], current: Current) -> Reply | None:
    """Return S3's refusal of a write, or None; ``current`` reads what is not kept here."""
    block = kept[a.PUBLIC_ACCESS_BLOCK.name]
    match call.operation:
        case "PutBucketAcl" if _ownership(kept[a.OWNERSHIP.name]) == _ENFORCED:
            return _refused(
                400, "AccessControlListNotSupported", "The bucket does not allow ACLs"
            )
        case "PutBucketAcl" if block.get("BlockPublicAcls") and _public_acl(call.params):
            return _refused(403, "AccessDenied", "Access Denied")
        case "PutBucketPolicy" if block.get("BlockPublicPolicy") and judge(
            call.params["Policy"]
        ).public:
            return _refused(403, "AccessDenied", "Access Denied")
        case "PutBucketTagging" | "DeleteBucketTagging" if not call.principal.internal and _system(
            call.params.get("Tagging", {})
        ) != _system(kept[a.TAGGING.name]):
            return _refused(400, "InvalidTag", "System tags cannot be changed by the requester")
        case "PutBucketOwnershipControls" if _ownership(
            call.params["OwnershipControls"]
        ) == _ENFORCED and not _owners_alone(kept[a.ACL.name]):
            return _refused(
                400,
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
        case "PutBucketReplication" if not _versioned(call, current):
            return _refused(400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket")
        case "PutObjectLockConfiguration" if not _versioned(call, current):
            return _refused(409, "InvalidBucketState", "Versioning must be 'Enabled'")
        case "PutBucketVersioning" if call.params["VersioningConfiguration"].get(
            "Status"
        ) == "Suspended" and (kept[a.OBJECT_LOCK.name] or kept[a.REPLICATION.name]):
            return _refused(409, "InvalidBucketState", "Versioning cannot be suspended")
    return None


def _refused(status: int, code: str, message: str) -> Reply:
    return Reply(status=status, code=code, message=message)


def _ownership(document: a.Document) -> str | None:
    return next((rule["ObjectOwnership"] for rule in document.get("Rules", ())), None)


def _system(tagging: a.Document) -> dict[str, str]:
    """Return the tags that only AWS may set."""
    tags = tagging.get("TagSet", ())
    return {tag["Key"]: tag["Value"] for tag in tags if tag["Key"].startswith("aws:")}


def _versioned(call: Call, current: Current) -> bool:
    versioning = current(str(call.bucket), a.VERSIONING) or {}
    return versioning.get("Status") == "Enabled"


def _public_acl(params: Mapping[str, Any]) -> bool:
    if "AccessControlPolicy" in params:
        return judge_acl(params["AccessControlPolicy"]).public
    return str(params.get("ACL", "")).startswith(("public-", "authenticated-"))


def _owners_alone(acl: a.Document) -> bool:
    """Whether the ACL gives the owner full control, and nobody anything else."""
    return [(grant["Grantee"].get("ID"), grant["Permission"]) for grant in acl["Grants"]] == [
        (acl["Owner"]["ID"], "FULL_CONTROL")
    ]
