"""What S3 does not let anyone bring back, or not beside the bucket's other settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import aspects as a
from .bucket_acl import ENFORCED, is_owner, ownership_of
from .policy import judge_acl
from .policy_revert import unstorable

if TYPE_CHECKING:
    from collections.abc import Callable

    from .aspects import Aspect
    from .bucket import Bucket


_SYSTEM: Final = "aws:"


def refused(live: Bucket, then: Bucket, aspect: Aspect) -> str | None:
    """Say why S3 would refuse to make the aspect of ``live`` that of ``then``, or None.

    ``then`` is the whole bucket as it is to be; between the two S3 sees one write at a time.
    """
    check = _CHECKS.get(aspect.name)
    return check(live, then) if check else None


def lasting(live: Bucket, approved: Bucket, aspect: Aspect) -> str | None:
    """Say what of an aspect stays as it is now although the rest of it can be brought back."""
    now, then = live[aspect] or {}, approved[aspect] or {}
    if aspect is a.VERSIONING:
        if now.get("Status") and not then.get("Status"):
            return "versioning can be suspended, but S3 knows no way back to never enabled"
        if now.get("MFADelete", "Disabled") != then.get("MFADelete", "Disabled"):
            return "only the root user, with an MFA code, can change MFA delete"
    if aspect is a.TAGGING and system_tags(now) != system_tags(then):
        names = {each["Key"] for each in (*system_tags(now), *system_tags(then))}
        return f"only AWS can change its own tags ({', '.join(sorted(names))})"
    return None


def system_tags(document: dict[str, Any]) -> list[dict[str, str]]:
    """Return AWS's own tags; https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html."""
    found = [tag for tag in document.get("TagSet", ()) if tag["Key"].startswith(_SYSTEM)]
    return sorted(found, key=lambda tag: str(tag["Key"]))


def _status(bucket: Bucket) -> str | None:
    status: str | None = (bucket[a.VERSIONING] or {}).get("Status")
    return status


def _mfa(bucket: Bucket) -> bool:
    return bool((bucket[a.VERSIONING] or {}).get("MFADelete") == "Enabled")


def _versioning(live: Bucket, then: Bucket) -> str | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html."""
    if _status(live) == _status(then):
        return None
    if _mfa(live):
        return "with MFA delete on, only the root user, with an MFA code, can change versioning"
    if _status(then) != "Enabled" and (then[a.REPLICATION] or then[a.OBJECT_LOCK]):
        return "S3 does not suspend versioning under Object Lock or replication"
    return None


def _needs_versions(_: Bucket, then: Bucket) -> str | None:
    return None if _status(then) == "Enabled" else "S3 takes it only where versioning is enabled"


def _replication(live: Bucket, then: Bucket) -> str | None:
    return _needs_versions(live, then) if then[a.REPLICATION] else None


def _object_lock(live: Bucket, then: Bucket) -> str | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html."""
    if not then[a.OBJECT_LOCK]:
        return "Object Lock cannot be turned off"
    return _needs_versions(live, then)


def _lifecycle(_: Bucket, then: Bucket) -> str | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html."""
    return (
        "S3 takes no lifecycle while MFA delete is on" if then[a.LIFECYCLE] and _mfa(then) else None
    )


def _acl(live: Bucket, then: Bucket) -> str | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html."""
    document = then[a.ACL] or {}
    owner = (document.get("Owner") or {}).get("ID")
    if not owner:
        return "no ACL is known that names an owner"
    if owner != ((live[a.ACL] or {}).get("Owner") or {}).get("ID"):
        return "the approved ACL is that of another owner's bucket"
    off, will_be_off = (ownership_of(each[a.OWNERSHIP]) == ENFORCED for each in (live, then))
    if will_be_off and (off or not private(then)):
        return "S3 takes no ACL while object ownership is BucketOwnerEnforced"
    if stays(live, then, "BlockPublicAcls") and judge_acl(document).public:
        return "it is public, and S3 stores no such ACL under BlockPublicAcls"
    return None


def private(bucket: Bucket) -> bool:
    """Whether the ACL gives its owner full control and nobody anything else."""
    document = bucket[a.ACL] or {}
    grants = document.get("Grants") or ()
    return bool(grants) and all(
        is_owner(document, each) and each.get("Permission") == "FULL_CONTROL" for each in grants
    )


def _ownership(_: Bucket, then: Bucket) -> str | None:
    if ownership_of(then[a.OWNERSHIP]) == ENFORCED and not private(then):
        return "S3 takes BucketOwnerEnforced only where the ACL is the owner's alone"
    return None


def _policy(live: Bucket, then: Bucket) -> str | None:
    block = {"BlockPublicPolicy": stays(live, then, "BlockPublicPolicy")}
    return unstorable(then.replacing(a.PUBLIC_ACCESS_BLOCK, block))


def stays(live: Bucket, then: Bucket, flag: str) -> bool:
    """Whether a flag of the public access block is on now and afterwards.

    Only then is it in the way: a flag that is still off, or goes, is not on during the restore.
    """
    return all((each[a.PUBLIC_ACCESS_BLOCK] or {}).get(flag) is True for each in (live, then))


_CHECKS: dict[str, Callable[[Bucket, Bucket], str | None]] = {
    a.VERSIONING.name: _versioning,
    a.REPLICATION.name: _replication,
    a.OBJECT_LOCK.name: _object_lock,
    a.LIFECYCLE.name: _lifecycle,
    a.ACL.name: _acl,
    a.OWNERSHIP.name: _ownership,
    a.POLICY.name: _policy,
}
