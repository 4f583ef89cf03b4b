"""Read AWS Config's configuration item of a bucket into the S3 API's form.

The item comes in three forms (notification, GetResourceConfigHistory, moto) which differ in how
often a part is JSON-encoded and in a few key names. Names, nulls and "-1 for none" are Config's
own, see the resource schema of ``AWS::S3::Bucket`` (github.com/awslabs/aws-config-resource-schema).
The item holds less than the S3 API: no ``TargetGrants``, no ``BlockedEncryptionTypes``, only the
first version of replication.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import aspects as a
from .bucket import Bucket
from .errors import BadInput
from .item_lifecycle import lifecycle
from .public_access import FLAGS

Part = Any
BUCKET = "AWS::S3::Bucket"
DELETED = frozenset({"ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"})
STATUSES = DELETED | {"OK", "ResourceDiscovered"}

_ALWAYS_RECORDED = (
    a.ACL,
    a.POLICY,
    a.VERSIONING,
    a.LOGGING,
    a.NOTIFICATION,
    a.ACCELERATE,
    a.REQUEST_PAYMENT,
)
"""Aspects that every item has a key for; the key's absence says nothing of the bucket."""

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



def read_bucket(item: Mapping[str, Any]) -> Bucket:
    """Turn an item into a `Bucket`; raises `BadInput` naming the part that is wrong."""
    name = identity(item)
    supplementary = _decoded(item.get("supplementaryConfiguration"), "supplementaryConfiguration")
    if not isinstance(supplementary, dict):
        raise BadInput(
            f"The configuration item of bucket {name} has no supplementaryConfiguration, "
            "so it says nothing of the bucket."
        )
    arn = str(item.get("ARN") or item.get("arn") or "")
    return Bucket(
        name=name,
        account=str(item.get("awsAccountId") or item.get("accountId") or ""),
        region=str(item.get("awsRegion") or ""),
        partition=arn.split(":")[1] if arn.startswith("arn:") else "aws",
        aspects=_Documents(supplementary, name),
    )


class _Documents(Mapping[str, Any]):
    """The aspects of one item, each converted when it is first asked for.

    So a rule pays for, and stumbles over, only the parts that it reads.
    """

    def __init__(self, parts: Mapping[str, Part], bucket: str) -> None:
        self._parts, self._bucket = parts, bucket
        self._converted: dict[str, a.Document | None] = {}

    def __getitem__(self, name: str) -> a.Document | None:
        if name not in self._converted:
            aspect = a.ASPECTS[name]
            if aspect.item_key in self._parts:
                part = self._parts[aspect.item_key]
                self._converted[name] = _document(aspect, part, self._bucket)
            elif aspect.item_key is None or aspect in _ALWAYS_RECORDED:
                raise KeyError(name)
            else:
                self._converted[name] = None
        return self._converted[name]

    def __iter__(self) -> Iterator[str]:
        for aspect in a.ASPECTS.values():
            if aspect.item_key in self._parts or (
                aspect.item_key is not None and aspect not in _ALWAYS_RECORDED
            ):
                yield aspect.name

    def __len__(self) -> int:
        return sum(1 for _ in self)


def identity(item: object) -> str:
    """Return the bucket's name, or raise `BadInput` where the item is not of a bucket."""
    if not isinstance(item, Mapping):
        raise BadInput("The configuration item is not a JSON object.")
    kind = item.get("resourceType")
    if kind != BUCKET:
        raise BadInput(f"The configuration item is of {kind}; expected {BUCKET}.")
    name = item.get("resourceName") or item.get("resourceId")
    if not isinstance(name, str):
        raise BadInput("The configuration item names no bucket: resourceId is missing.")
    return name


def previous_bucket(item: Mapping[str, Any], diff: object) -> Bucket | None:
    """Rebuild the bucket as it was before a change, from a notification's diff.

    ``configurationItemDiff`` maps ``SupplementaryConfiguration.<key>`` to the previous and the
    updated value; it is null on first discovery and on a forced re-evaluation.
    """
    changed = diff.get("changedProperties") if isinstance(diff, Mapping) else None
    if not isinstance(changed, Mapping) or not changed:
        return None
    now = _decoded(item.get("supplementaryConfiguration"), "supplementaryConfiguration")
    earlier = dict(now) if isinstance(now, dict) else {}
    for path, change in changed.items():
        section, _, key = str(path).partition(".")
        if section.lower() != "supplementaryconfiguration" or not isinstance(change, Mapping):
            continue
        if change.get("previousValue") is None:
            earlier.pop(key, None)
        else:
            earlier[key] = change["previousValue"]
    return read_bucket({**item, "supplementaryConfiguration": earlier})


def _document(aspect: a.Aspect, part: Part, bucket: str) -> a.Document | None:
    where = f"{aspect.item_key} of bucket {bucket}"
    decoded = _decoded(part, where)
    if decoded is None:
        return None
    try:
        return _READERS[aspect.name](decoded)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadInput(
            f"The configuration item's {where} has an unknown form ({type(error).__name__}: "
            f"{error})."
        ) from error


def _decoded(part: Part, where: str) -> Part:
    """Undo Config's JSON encoding: none in a notification, once or twice in the history API."""
    for _ in range(3):
        if not isinstance(part, str):
            return part
        try:
            part = json.loads(part)
        except ValueError as error:
            raise BadInput(f"The configuration item's {where} is not JSON: {error}.") from error
    raise BadInput(f"The configuration item's {where} is JSON-encoded more than three times.")


def _present(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """Drop nulls: Config writes every field, the S3 API only those that are set."""
    return {key: value for key, value in pairs.items() if value is not None}


def _policy(part: Part) -> str | None:
    text = part["policyText"]
    if text is not None and not isinstance(text, str):
        raise TypeError("policyText is not text")
    return text


def _acl(part: Part) -> dict[str, Any]:
    return {
        "Owner": _canonical(part["owner"]),
        "Grants": [
            {
                "Grantee": {"Type": "Group", "URI": _GROUPS[grant["grantee"]]}
                if isinstance(grant["grantee"], str)
                else {"Type": "CanonicalUser", **_canonical(grant["grantee"])},
                "Permission": _PERMISSIONS[grant["permission"]],
            }
            for grant in part.get("grantList") or []
        ],
    }


def _canonical(user: Part) -> dict[str, Any]:
    return _present({"ID": user["id"], "DisplayName": user.get("displayName")})


def _public_access_block(part: Part) -> dict[str, Any]:
    flags = {flag: part.get(flag[0].lower() + flag[1:]) for flag in FLAGS}
    if not all(value is None or isinstance(value, bool) for value in flags.values()):
        raise TypeError("a flag is neither true nor false")
    return _present(flags)


def _encryption(part: Part) -> dict[str, Any] | None:
    rules = []
    for rule in part["rules"]:
        default = rule.get("applyServerSideEncryptionByDefault")
        rules.append(
            _present(
                {
                    "ApplyServerSideEncryptionByDefault": default
                    and _present(
                        {
                            "SSEAlgorithm": default["sseAlgorithm"],
                            "KMSMasterKeyID": default.get("kmsMasterKeyID"),
                        }
                    ),
                    "BucketKeyEnabled": rule.get("bucketKeyEnabled"),
                }
            )
        )
    return {"Rules": rules} if rules else None


def _versioning(part: Part) -> dict[str, str] | None:
    status, mfa = part["status"], part.get("isMfaDeleteEnabled")
    if status not in {"Off", "Enabled", "Suspended", None}:
        raise ValueError(f"status is {status!r}")
    document = {} if status in {"Off", None} else {"Status": status}
    if mfa is not None:
        document["MFADelete"] = "Enabled" if mfa else "Disabled"
    return document or None


def _logging(part: Part) -> dict[str, Any] | None:
    target = part["destinationBucketName"]
    if target is None:
        return None
    return {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": part["logFilePrefix"] or ""}}


def _replication(part: Part) -> dict[str, Any]:
    rules = []
    for rule_id, rule in part["rules"].items():
        target = rule["destinationConfig"]
        destination = {
            "Bucket": target["bucketARN"],
            "Account": target.get("Account") or target.get("account"),
            "StorageClass": target.get("storageClass"),
        }
        rules.append(
            _present(
                {
                    "ID": rule_id,
                    "Prefix": rule.get("prefix"),
                    "Status": rule["status"],
                    "Destination": _present(destination),
                }
            )
        )
    return {"Role": part["roleARN"], "Rules": rules}


def _cors(part: Part) -> dict[str, Any] | None:
    names = {
        "id": "ID",
        "allowedHeaders": "AllowedHeaders",
        "allowedMethods": "AllowedMethods",
        "allowedOrigins": "AllowedOrigins",
        "exposedHeaders": "ExposeHeaders",
        "maxAgeSeconds": "MaxAgeSeconds",
    }
    rules = [
        {api: rule[key] for key, api in names.items() if rule.get(key) not in (None, [])}
        for rule in part["rules"]
    ]
    return {"CORSRules": rules} if rules else None


def _website(part: Part) -> dict[str, Any]:
    redirect, index, error = (
        part.get(key) for key in ("redirectAllRequestsTo", "indexDocumentSuffix", "errorDocument")
    )
    document: dict[str, Any] = {}
    if redirect:
        document["RedirectAllRequestsTo"] = _capitalised(redirect)
    if index:
        document["IndexDocument"] = {"Suffix": index}
    if error:
        document["ErrorDocument"] = {"Key": error}
    if part.get("routingRules"):
        document["RoutingRules"] = [
            {
                key.capitalize(): _capitalised(rule[key])
                for key in ("condition", "redirect")
                if rule.get(key)
            }
            for rule in part["routingRules"]
        ]
    return document


def _capitalised(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key[0].upper() + key[1:]: value for key, value in _present(part).items()}


def _notification(part: Part) -> dict[str, Any] | None:
    kinds = {
        "TopicConfiguration": ("TopicConfigurations", "topicARN", "TopicArn"),
        "QueueConfiguration": ("QueueConfigurations", "queueARN", "QueueArn"),
        "LambdaConfiguration": (
            "LambdaFunctionConfigurations",
            "functionARN",
            "LambdaFunctionArn",
        ),
    }
    document: dict[str, Any] = {}
    for rule_id, rule in part["configurations"].items():
        member, key, api_key = kinds[rule["type"]]
        converted = {"Id": rule_id, api_key: rule[key], "Events": list(rule["events"])}
        key_filter = (rule.get("filter") or {}).get("s3KeyFilter")
        if key_filter:
            filters = [_capitalised(each) for each in key_filter["filterRules"]]
            converted["Filter"] = {"Key": {"FilterRules": filters}}
        document.setdefault(member, []).append(converted)
    return document or None


def _tagging(part: Part) -> dict[str, Any] | None:
    tags = [
        {"Key": key, "Value": value}
        for tag_set in part["tagSets"]
        for key, value in tag_set["tags"].items()
    ]
    return {"TagSet": tags} if tags else None


def _object_lock(part: Part) -> dict[str, Any] | None:
    if part.get("objectLockEnabled") is None:
        return None
    document: dict[str, Any] = {"ObjectLockEnabled": part["objectLockEnabled"]}
    retention = (part.get("rule") or {}).get("defaultRetention")
    if retention:
        document["Rule"] = {"DefaultRetention": _capitalised(retention)}
    return document


def _accelerate(part: Part) -> dict[str, Any] | None:
    return {"Status": part["status"]} if part["status"] else None


def _request_payment(part: Part) -> dict[str, str]:
    if not isinstance(part, bool):
        raise TypeError("neither true nor false")
    return {"Payer": "Requester" if part else "BucketOwner"}


_READERS: dict[str, Callable[[Part], a.Document | None]] = {
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
