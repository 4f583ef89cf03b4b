"""Read each part of a configuration item into the document that the S3 API returns for it.

A part says less than the API: no ``TargetGrants``, no ``BlockedEncryptionTypes``, no EventBridge,
only the first version of replication. Nulls stand for members that the API leaves out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import aspects as a
from .item_lifecycle import lifecycle
from .item_values import flag, number, present, renamed, text
from .item_web import cors, website
from .public_access import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable

Part = Any

_GROUPS = {
    "AllUsers": "http://acs.amazonaws.com/groups/global/AllUsers",
    "AuthenticatedUsers": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    "LogDelivery": "http://acs.amazonaws.com/groups/s3/LogDelivery",
}
_PERMISSIONS = {
    "Read": "READ",
    "Write": "WRITE",
    "ReadAcp": "READ_ACP",
    "WriteAcp": "WRITE_ACP",
    "FullControl": "FULL_CONTROL",
}
_NOTIFICATIONS = {
    "TopicConfiguration": ("TopicConfigurations", "topicARN", "TopicArn"),
    "QueueConfiguration": ("QueueConfigurations", "queueARN", "QueueArn"),
    "LambdaConfiguration": ("LambdaFunctionConfigurations", "functionARN", "LambdaFunctionArn"),
}


def _policy(part: Part) -> str | None:
    return text(part["policyText"]) or None


def _acl(part: Part) -> dict[str, Any]:
    return {
        "Owner": _canonical(part["owner"]),
        "Grants": [
            {
                "Grantee": {"Type": "Group", "URI": _GROUPS[grant["grantee"]]}
                if isinstance(grant["grantee"], str)
                else {**_canonical(grant["grantee"]), "Type": "CanonicalUser"},
                "Permission": _PERMISSIONS[grant["permission"]],
            }
            for grant in [*(part.get("grantList") or ()), *(part.get("grantSet") or ())]
        ],
    }


def _canonical(user: Part) -> dict[str, Any]:
    return present({"ID": text(user["id"]), "DisplayName": text(user.get("displayName"))})


def _public_access_block(part: Part) -> dict[str, Any]:
    return present({each: flag(part.get(each[0].lower() + each[1:])) for each in FLAGS})


def _encryption(part: Part) -> dict[str, Any] | None:
    rules = []
    for rule in part["rules"]:
        default = rule.get("applyServerSideEncryptionByDefault")
        by_default = default if default is None else _default_encryption(default)
        rules.append(
            present(
                {
                    "ApplyServerSideEncryptionByDefault": by_default,
                    "BucketKeyEnabled": flag(rule.get("bucketKeyEnabled")),
                }
            )
        )
    return {"Rules": rules} if rules else None


def _default_encryption(default: Part) -> dict[str, Any]:
    algorithm, key = text(default["sseAlgorithm"]), text(default.get("kmsMasterKeyID"))
    return present({"SSEAlgorithm": algorithm, "KMSMasterKeyID": key})


def _versioning(part: Part) -> dict[str, str] | None:
    status, mfa = text(part["status"]), flag(part.get("isMfaDeleteEnabled"))
    if status not in {"Off", "Enabled", "Suspended", None}:
        raise ValueError(f"status is {status!r}")
    document = {} if status in {"Off", None} else {"Status": status}
    if mfa is not None:
        document["MFADelete"] = "Enabled" if mfa else "Disabled"
    return document or None


def _logging(part: Part) -> dict[str, Any] | None:
    target = text(part["destinationBucketName"])
    if not target:
        return None
    prefix = text(part.get("logFilePrefix")) or ""
    return {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}}


def _replication(part: Part) -> dict[str, Any]:
    rules = []
    for rule_id, rule in part["rules"].items():
        target = rule["destinationConfig"]
        destination = {
            "Bucket": text(target["bucketARN"]),
            "Account": text(target.get("Account") or target.get("account")),
            "StorageClass": text(target.get("storageClass")),
        }
        rules.append(
            present(
                {
                    "ID": rule_id,
                    "Prefix": text(rule.get("prefix")),
                    "Status": text(rule["status"]),
                    "Destination": present(destination),
                }
            )
        )
    return {"Role": text(part["roleARN"]), "Rules": rules}


def _notification(part: Part) -> dict[str, Any] | None:
    document: dict[str, Any] = {}
    for rule_id, rule in part["configurations"].items():
        member, key, api_key = _NOTIFICATIONS[rule["type"]]
        converted = {
            "Id": rule_id,
            api_key: text(rule[key]),
            "Events": [text(each) for each in rule["events"]],
        }
        key_filter = (rule.get("filter") or {}).get("s3KeyFilter")
        if key_filter:
            filters = [renamed(each, text) for each in key_filter["filterRules"]]
            converted["Filter"] = {"Key": {"FilterRules": filters}}
        document.setdefault(member, []).append(converted)
    return document or None


def _tagging(part: Part) -> dict[str, Any] | None:
    tags = [
        {"Key": key, "Value": text(value)}
        for tag_set in part["tagSets"]
        for key, value in tag_set["tags"].items()
    ]
    return {"TagSet": tags} if tags else None


def _object_lock(part: Part) -> dict[str, Any] | None:
    enabled = text(part.get("objectLockEnabled"))
    if enabled is None:
        return None
    retention = (part.get("rule") or {}).get("defaultRetention") or {}
    kept = present(
        {
            "Mode": text(retention.get("mode")),
            "Days": number(retention.get("days")),
            "Years": number(retention.get("years")),
        }
    )
    rule = {"Rule": {"DefaultRetention": kept}} if kept else {}
    return {"ObjectLockEnabled": enabled, **rule}


def _accelerate(part: Part) -> dict[str, Any] | None:
    status = text(part["status"])
    return {"Status": status} if status else None


def _request_payment(part: Part) -> dict[str, str]:
    if not isinstance(part, bool):
        raise TypeError(f"{part!r} is neither true nor false")
    return {"Payer": "Requester" if part else "BucketOwner"}


READERS: dict[str, Callable[[Part], a.Document | None]] = {
    a.POLICY.name: _policy,
    a.ACL.name: _acl,
    a.PUBLIC_ACCESS_BLOCK.name: _public_access_block,
    a.ENCRYPTION.name: _encryption,
    a.VERSIONING.name: _versioning,
    a.LOGGING.name: _logging,
    a.LIFECYCLE.name: lifecycle,
    a.REPLICATION.name: _replication,
    a.CORS.name: cors,
    a.WEBSITE.name: website,
    a.NOTIFICATION.name: _notification,
    a.TAGGING.name: _tagging,
    a.OBJECT_LOCK.name: _object_lock,
    a.ACCELERATE.name: _accelerate,
    a.REQUEST_PAYMENT.name: _request_payment,
}
"""By aspect; each raises a lookup, type or value error for a part of another form."""
