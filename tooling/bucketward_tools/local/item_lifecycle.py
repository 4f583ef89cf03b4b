"""Write the lifecycle part of a configuration item, the inverse of `bucketward.item_lifecycle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Part = Any


def lifecycle(document: Mapping[str, Any] | None) -> Part:
    """Turn GetBucketLifecycleConfiguration's rules into Config's."""
    return None if document is None else {"rules": [_rule(rule) for rule in document["Rules"]]}


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    expiration = rule.get("Expiration", {})
    noncurrent = rule.get("NoncurrentVersionExpiration", {})
    abort = rule.get("AbortIncompleteMultipartUpload")
    return {
        "id": rule.get("ID"),
        "prefix": rule.get("Prefix"),
        "status": rule["Status"],
        "expirationInDays": expiration.get("Days", -1),
        "expirationDate": expiration.get("Date"),
        "expiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker", False),
        "noncurrentVersionExpirationInDays": noncurrent.get("NoncurrentDays", -1),
        "transitions": [
            {"days": t.get("Days"), "date": t.get("Date"), "storageClass": t["StorageClass"]}
            for t in rule.get("Transitions", ())
        ],
        "noncurrentVersionTransitions": [
            {"days": t.get("NoncurrentDays"), "storageClass": t["StorageClass"]}
            for t in rule.get("NoncurrentVersionTransitions", ())
        ],
        "abortIncompleteMultipartUpload": abort
        and {"daysAfterInitiation": abort["DaysAfterInitiation"]},
        "filter": {"predicate": _predicate(rule["Filter"])} if "Filter" in rule else None,
    }


def _predicate(document: Mapping[str, Any]) -> Part:
    if "And" in document:
        return {"type": "LifecycleAndOperator", "operands": list(_leaves(document["And"]))}
    return next(_leaves(document), None)


def _leaves(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in document.items():
        match key:
            case "Prefix":
                yield {"type": "LifecyclePrefixPredicate", "prefix": value}
            case "Tag" | "Tags":
                for tag in value if key == "Tags" else [value]:
                    pair = {"key": tag["Key"], "value": tag["Value"]}
                    yield {"type": "LifecycleTagPredicate", "tag": pair}
            case _:  # ObjectSizeGreaterThan, ObjectSizeLessThan
                yield {"type": f"Lifecycle{key}Predicate", key[0].lower() + key[1:]: value}
