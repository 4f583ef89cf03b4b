"""Read the lifecycle part of a configuration item, the one with a shape of its own.

Config writes ``-1`` for "no expiry", a predicate tree for the filter, and every field of a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def lifecycle(part: Mapping[str, Any]) -> dict[str, Any] | None:
    """Turn Config's lifecycle rules into those of GetBucketLifecycleConfiguration."""
    rules = [_rule(rule) for rule in part["rules"]]
    return {"Rules": rules} if rules else None


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    converted: dict[str, Any] = {"ID": rule["id"]} if rule.get("id") is not None else {}
    expiration = _expiration(rule)
    if expiration:
        converted["Expiration"] = expiration
    if rule.get("filter") is not None:
        converted["Filter"] = _filter(rule["filter"].get("predicate"))
    elif rule.get("prefix") is not None:
        converted["Prefix"] = rule["prefix"]
    converted["Status"] = rule["status"]
    if rule.get("transitions"):
        converted["Transitions"] = [
            _present(Days=each.get("days"), Date=each.get("date"), StorageClass=each["storageClass"])
            for each in rule["transitions"]
        ]
    if rule.get("noncurrentVersionTransitions"):
        converted["NoncurrentVersionTransitions"] = [
            _present(NoncurrentDays=each.get("days"), StorageClass=each["storageClass"])
            for each in rule["noncurrentVersionTransitions"]
        ]
    noncurrent = rule.get("noncurrentVersionExpirationInDays")
    if noncurrent is not None and noncurrent > 0:
        converted["NoncurrentVersionExpiration"] = {"NoncurrentDays": noncurrent}
    abort = rule.get("abortIncompleteMultipartUpload")
    if abort:
        converted["AbortIncompleteMultipartUpload"] = {
            "DaysAfterInitiation": abort["daysAfterInitiation"]
        }
    return converted


def _expiration(rule: Mapping[str, Any]) -> dict[str, Any]:
    days = rule.get("expirationInDays")
    return _present(
        Days=days if days is not None and days > 0 else None,
        Date=rule.get("expirationDate"),
        ExpiredObjectDeleteMarker=rule.get("expiredObjectDeleteMarker") or None,
    )


def _filter(predicate: Mapping[str, Any] | None) -> dict[str, Any]:
    if predicate is None:
        return {"Prefix": ""}
    if predicate["type"] != "LifecycleAndOperator":
        return _leaf(predicate)
    combined: dict[str, Any] = {}
    for operand in predicate["operands"]:
        leaf = _leaf(operand)
        if "Tag" in leaf:
            combined.setdefault("Tags", []).append(leaf["Tag"])
        else:
            combined |= leaf
    return {"And": combined}


def _leaf(predicate: Mapping[str, Any]) -> dict[str, Any]:
    match predicate["type"]:
        case "LifecyclePrefixPredicate":
            return {"Prefix": predicate["prefix"]}
        case "LifecycleTagPredicate":
            tag = predicate["tag"]
            return {"Tag": {"Key": tag["key"], "Value": tag["value"]}}
        case "LifecycleObjectSizeGreaterThanPredicate":
            return {"ObjectSizeGreaterThan": predicate["objectSizeGreaterThan"]}
        case "LifecycleObjectSizeLessThanPredicate":
            return {"ObjectSizeLessThan": predicate["objectSizeLessThan"]}
        case unknown:
            raise ValueError(f"unknown lifecycle predicate {unknown}")


def _present(**pairs: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {key: value for key, value in pairs.items() if value is not None}
