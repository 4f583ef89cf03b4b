"""Server access logging of a bucket, as rule and remediation see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aspects import ACL, LOGGING, OBJECT_LOCK, OWNERSHIP, POLICY

if TYPE_CHECKING:
    from .bucket import Bucket

LOGGING_SERVICE = "logging.s3.amazonaws.com"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"

TARGET_ASPECTS = (POLICY, ACL, OWNERSHIP, OBJECT_LOCK)
"""What must be read of a target to tell whether logs can be delivered."""


def target_of(bucket: Bucket) -> str | None:
    """Return the bucket that receives the access log, or None where logging is off."""
    enabled = (bucket[LOGGING] or {}).get("LoggingEnabled") or {}
    return enabled.get("TargetBucket") or None


def fault(bucket: Bucket, targets: tuple[str, ...]) -> str | None:
    """Say what is wrong with the bucket's logging, or None; no ``targets`` accepts every one."""
    target = target_of(bucket)
    if target is None:
        return "Access logging is off."
    if target == bucket.name:
        return "The bucket writes its access log into itself."
    if targets and target not in targets:
        return f"The access log goes to {target}, which is not an accepted target."
    return None


def delivery_fault(source: Bucket, target: Bucket, prefix: str) -> str | None:
    """Say why S3 could not deliver the source's log to the target, or None.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    if target.name == source.name:
        return "it is the bucket itself"
    if target.account != source.account:
        return f"it belongs to account {target.account}"
    if target.region != source.region:
        return f"it is in {target.region}, not in {source.region}"
    if ((target[OBJECT_LOCK] or {}).get("Rule") or {}).get("DefaultRetention"):
        return "Object Lock gives it a default retention, so S3 delivers no logs to it"
    if _policy_allows(source, target, prefix) or _acl_allows(target):
        return None
    return f"neither its policy nor its ACL lets {LOGGING_SERVICE} write to it"


def _policy_allows(source: Bucket, target: Bucket, prefix: str) -> bool:
    from .policy import allows_service  # judging policies is what rules about logging never need

    policy = target[POLICY]
    return policy is not None and allows_service(
        policy,
        service=LOGGING_SERVICE,
        action="s3:PutObject",
        resource=f"{target.arn}/{prefix}*",
        source_account=source.account,
        source_arn=source.arn,
    )


def _acl_allows(target: Bucket) -> bool:
    rules = (target[OWNERSHIP] or {}).get("Rules", ())
    if any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules):
        return False  # S3 ignores the ACL
    granted = {
        grant["Permission"]
        for grant in (target[ACL] or {}).get("Grants", ())
        if grant["Grantee"].get("URI") == LOG_DELIVERY
    }
    return {"WRITE", "READ_ACP"} <= granted or "FULL_CONTROL" in granted
