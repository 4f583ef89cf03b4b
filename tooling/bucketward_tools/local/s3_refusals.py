"""Writes that S3 refuses because of another setting of the bucket, where moto takes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from bucketward import aspects as a
from bucketward.policy import judge, judge_acl

from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

Current = Callable[[a.Aspect], a.Document | None]
"""Reads an aspect of the bucket as it is before the write."""

_LARGEST = 20 * 1024
_ENFORCED = "BucketOwnerEnforced"


class _Refusal(NamedTuple):
    operations: tuple[str, ...]
    applies: Callable[[Call, Current], bool]
    status: int
    code: str
    message: str


def refusal(call: Call, current: Current) -> Reply | None:
    """Return S3's refusal of a write, or None."""
    for each in _REFUSALS:
        if call.operation in each.operations and each.applies(call, current):
            return Reply(status=each.status, code=each.code, message=each.message)
    return None


def _acls_are_off(_: Call, current: Current) -> bool:
    return _ownership(current(a.OWNERSHIP)) == _ENFORCED


def _acl_is_blocked(call: Call, current: Current) -> bool:
    if not (current(a.PUBLIC_ACCESS_BLOCK) or {}).get("BlockPublicAcls"):
        return False
    if "AccessControlPolicy" in call.params:
        return judge_acl(call.params["AccessControlPolicy"]).public
    return str(call.params.get("ACL", "")).startswith(("public-", "authenticated-"))


def _policy_is_blocked(call: Call, current: Current) -> bool:
    block = current(a.PUBLIC_ACCESS_BLOCK) or {}
    return bool(block.get("BlockPublicPolicy")) and judge(call.params["Policy"]).public


def _acl_grants_others(call: Call, current: Current) -> bool:
    if _ownership(call.params["OwnershipControls"]) != _ENFORCED:
        return False
    acl = current(a.ACL) or {}
    grants = [(each["Grantee"].get("ID"), each["Permission"]) for each in acl["Grants"]]
    return grants != [(acl["Owner"]["ID"], "FULL_CONTROL")]


def _ownership(document: a.Document) -> str | None:
    rules = (document or {}).get("Rules", ())
    return next((rule["ObjectOwnership"] for rule in rules), None)


def _changes_system_tags(call: Call, current: Current) -> bool:
    if call.principal.internal:
        return False
    return _system(call.params.get("Tagging")) != _system(current(a.TAGGING))


def _system(tagging: Mapping[str, a.Document] | None) -> dict[str, str]:
    """Return the tags that only AWS may set."""
    tags = (tagging or {}).get("TagSet", ())
    return {tag["Key"]: tag["Value"] for tag in tags if tag["Key"].startswith("aws:")}


def _is_of_another_owner(call: Call, current: Current) -> bool:
    given = (call.params.get("AccessControlPolicy") or {}).get("Owner") or {}
    return bool(given) and given.get("ID") != (current(a.ACL) or {})["Owner"]["ID"]


def _takes_mfa(call: Call, current: Current) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html."""
    now, given = current(a.VERSIONING) or {}, call.params["VersioningConfiguration"]
    changes = "MFADelete" in given or given.get("Status") != now.get("Status")
    return now.get("MFADelete") == "Enabled" and changes and "MFA" not in call.params


def _mfa_delete_is_on(_: Call, current: Current) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html."""
    return (current(a.VERSIONING) or {}).get("MFADelete") == "Enabled"


def _is_too_large(call: Call, _: Current) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html."""
    return len(json.dumps(json.loads(call.params["Policy"]), separators=(",", ":"))) > _LARGEST


def _unversioned(_: Call, current: Current) -> bool:
    return (current(a.VERSIONING) or {}).get("Status") != "Enabled"


def _needs_versions(call: Call, current: Current) -> bool:
    suspends = call.params["VersioningConfiguration"].get("Status") == "Suspended"
    return suspends and bool(current(a.OBJECT_LOCK) or current(a.REPLICATION))


_REFUSALS = (
    _Refusal(("PutBucketAcl",), _is_of_another_owner, 403, "AccessDenied", "Access Denied"),
    _Refusal(
        ("PutBucketVersioning",),
        _takes_mfa,
        403,
        "AccessDenied",
        "Mfa Authentication must be used for this request",
    ),
    _Refusal(
        ("PutBucketLifecycleConfiguration",),
        _mfa_delete_is_on,
        403,
        "AccessDenied",
        "Lifecycle configuration is not supported on a bucket with MFA delete",
    ),
    _Refusal(
        ("PutBucketPolicy",),
        _is_too_large,
        400,
        "PolicyTooLarge",
        "The bucket policy exceeds the maximum size of 20480 bytes",
    ),
    _Refusal(
        ("PutBucketAcl",),
        _acls_are_off,
        400,
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
    ),
    _Refusal(("PutBucketAcl",), _acl_is_blocked, 403, "AccessDenied", "Access Denied"),
    _Refusal(("PutBucketPolicy",), _policy_is_blocked, 403, "AccessDenied", "Access Denied"),
    _Refusal(
        ("PutBucketOwnershipControls",),
        _acl_grants_others,
        400,
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ),
    _Refusal(
        ("PutBucketTagging", "DeleteBucketTagging"),
        _changes_system_tags,
        400,
        "InvalidTag",
        "System tags cannot be changed by the requester",
    ),
    _Refusal(
        ("PutBucketReplication",),
        _unversioned,
        400,
        "InvalidRequest",
        "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    ),
    _Refusal(
        ("PutObjectLockConfiguration",),
        _unversioned,
        409,
        "InvalidBucketState",
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    ),
    _Refusal(
        ("PutBucketVersioning",),
        _needs_versions,
        409,
        "InvalidBucketState",
        "Versioning cannot be suspended on a bucket with Object Lock or replication",
    ),
)
