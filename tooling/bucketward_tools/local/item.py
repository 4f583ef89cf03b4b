"""Write a bucket's S3 documents as AWS Config's configuration item: what `bucketward` reads.

Names, nulls and ``-1`` are Config's own, see `bucketward.configuration_item`, whose inverse this
is for all that an item can hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward import aspects as a
from bucketward.public_access import FLAGS

from .errors import NotEmulated
from .item_lifecycle import lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Part = Any

_GROUPS = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "AuthenticatedUsers",
    "http://acs.amazonaws.com/groups/s3/LogDelivery": "LogDelivery",
}
RECORDED = tuple(aspect for aspect in a.ASPECTS.values() if aspect.item_key)
"""The aspects that an item holds; a change of another one makes no item."""


def supplementary(documents: Mapping[str, a.Document | None]) -> dict[str, Part]:
    """Encode the documents of all recorded aspects, by aspect name."""
    parts = {}
    for aspect in RECORDED:
        part = _WRITERS[aspect.name](documents[aspect.name])
        if part is not None:
            parts[str(aspect.item_key)] = part
    return parts


def tags(documents: Mapping[str, a.Document | None]) -> dict[str, str]:
    return {t["Key"]: t["Value"] for t in (documents[a.TAGGING.name] or {}).get("TagSet", ())}


def _lowered(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key[0].lower() + key[1:]: value for key, value in document.items()}


def _policy(document: Part) -> Part:
    return {"policyText": document}


def _acl(document: Part) -> Part:
    """Write a JSON text, within the JSON of the item."""
    if document is None:
        raise NotEmulated("The ACL of a bucket was not read.")
    grants = [
        {
            "grantee": _GROUPS[grant["Grantee"]["URI"]]
            if grant["Grantee"]["Type"] == "Group"
            else _canonical(grant["Grantee"]),
            "permission": "".join(p.capitalize() for p in grant["Permission"].split("_")),
        }
        for grant in document["Grants"]
    ]
    acl = {
        "grantSet": None,
        "grantList": grants,
        "owner": _canonical(document["Owner"]),
        "isRequesterCharged": False,
    }
    return json.dumps(acl, separators=(",", ":"))


def _canonical(user: Mapping[str, Any]) -> dict[str, Any]:
    return {"displayName": user.get("DisplayName"), "id": user["ID"]}


def _public_access_block(document: Part) -> Part:
    return document and {f[0].lower() + f[1:]: document.get(f, False) for f in FLAGS}


def _encryption(document: Part) -> Part:
    """Without BlockedEncryptionTypes, which items do not hold."""
    if document is None:
        return None
    rules = []
    for rule in document["Rules"]:
        default = rule.get("ApplyServerSideEncryptionByDefault")
        rules.append(
            {
                "applyServerSideEncryptionByDefault": default
                and {
                    "sseAlgorithm": default["SSEAlgorithm"],
                    "kmsMasterKeyID": default.get("KMSMasterKeyID"),
                },
                "bucketKeyEnabled": rule.get("BucketKeyEnabled"),
            }
        )
    return {"rules": rules}


def _versioning(document: Part) -> Part:
    document = document or {}
    mfa = document.get("MFADelete")
    return {
        "status": document.get("Status", "Off"),
        "isMfaDeleteEnabled": None if mfa is None else mfa == "Enabled",
    }


def _logging(document: Part) -> Part:
    enabled = (document or {}).get("LoggingEnabled", {})
    return {
        "destinationBucketName": enabled.get("TargetBucket"),
        "logFilePrefix": enabled.get("TargetPrefix"),
    }


def _replication(document: Part) -> Part:
    """Write the first version of replication, all that an item holds."""
    if document is None:
        return None
    return {
        "roleARN": document["Role"],
        "rules": {
            rule["ID"]: {
                "prefix": rule.get("Prefix"),
                "status": rule["Status"],
                "destinationConfig": {
                    "bucketARN": rule["Destination"]["Bucket"],
                    "storageClass": rule["Destination"].get("StorageClass"),
                    "Account": rule["Destination"].get("Account"),
                },
            }
            for rule in document["Rules"]
        },
    }


def _cors(document: Part) -> Part:
    names = {
        "ID": "id",
        "AllowedHeaders": "allowedHeaders",
        "AllowedMethods": "allowedMethods",
        "AllowedOrigins": "allowedOrigins",
        "ExposeHeaders": "exposedHeaders",
        "MaxAgeSeconds": "maxAgeSeconds",
    }
    if document is None:
        return None
    rules = [{own: rule.get(api) for api, own in names.items()} for rule in document["CORSRules"]]
    return {"rules": rules}


def _website(document: Part) -> Part:
    if document is None:
        return None
    redirect = document.get("RedirectAllRequestsTo")
    rules = [
        {key.lower(): _lowered(value) for key, value in rule.items()}
        for rule in document.get("RoutingRules", ())
    ]
    return {
        "indexDocumentSuffix": document.get("IndexDocument", {}).get("Suffix"),
        "errorDocument": document.get("ErrorDocument", {}).get("Key"),
        "redirectAllRequestsTo": redirect and _lowered(redirect),
        "routingRules": rules,
    }


_NOTIFIED = {
    "TopicConfigurations": ("TopicConfiguration", "TopicArn", "topicARN"),
    "QueueConfigurations": ("QueueConfiguration", "QueueArn", "queueARN"),
    "LambdaFunctionConfigurations": ("LambdaConfiguration", "LambdaFunctionArn", "functionARN"),
}


def _notification(document: Part) -> Part:
    configurations = {}
    for member, (kind, api, own) in _NOTIFIED.items():
        for rule in (document or {}).get(member, ()):
            rules = rule.get("Filter", {}).get("Key", {}).get("FilterRules")
            key_filter = rules and {"s3KeyFilter": {"filterRules": list(map(_lowered, rules))}}
            configurations[rule["Id"]] = {
                own: rule[api],
                "events": list(rule["Events"]),
                "filter": key_filter,
                "type": kind,
            }
    return {"configurations": configurations}


def _tagging(document: Part) -> Part:
    return document and {
        "tagSets": [{"tags": {tag["Key"]: tag["Value"] for tag in document["TagSet"]}}]
    }


def _object_lock(document: Part) -> Part:
    if document is None:
        return None
    retention = document.get("Rule", {}).get("DefaultRetention")
    return {
        "objectLockEnabled": document["ObjectLockEnabled"],
        "rule": retention and {"defaultRetention": _lowered(retention)},
    }


def _accelerate(document: Part) -> Part:
    return {"status": (document or {}).get("Status")}


def _request_payment(document: Part) -> Part:
    return (document or {}).get("Payer") == "Requester"


_WRITERS: dict[str, Callable[[Part], Part]] = {
    a.POLICY.name: _policy,
    a.ACL.name: _acl,
    a.PUBLIC_ACCESS_BLOCK.name: _public_access_block,
    a.ENCRYPTION.name: _encryption,
    a.VERSIONING.name: _versioning,
    a.LOGGING.name: _logging,
    a.LIFECYCLE.name: lifecycle,
    a.REPLICATION.name: _replication,
    a.CORS.name: _cors,
    a.WEBSITE.name: _website,
    a.NOTIFICATION.name: _notification,
    a.TAGGING.name: _tagging,
    a.OBJECT_LOCK.name: _object_lock,
    a.ACCELERATE.name: _accelerate,
    a.REQUEST_PAYMENT.name: _request_payment,
}
