"""Read the lifecycle part of a configuration item, the one with a shape of its own.

Config writes ``-1`` for "no expiry", a predicate tree for the filter, and every field of a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .item_values import date, flag, number, present, text

if TYPE_CHECKING:
    from collections.abc import Mapping


def lifecycle(part: Mapping[str, Any]) -> dict[str, Any] | None:
    """Turn Config's lifecycle rules into those of GetBucketLifecycleConfiguration."""
    rules = [_rule(rule) for rule in part["rules"]]
    return {"Rules": rules} if rules else None


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    filtered = rule.get("filter") is not None
    abort = rule.get("abortIncompleteMultipartUpload") or {}
    return present(
        {
            "ID": text(rule.get("id")),
            "Expiration": _expiration(rule) or None,
            "Filter": _filter(rule["filter"].get("predicate")) if filtered else None,
            # The form before filters existed; a rule has one or the other.
            "Prefix": None if filtered else text(rule.get("prefix")),
            "Status": text(rule["status"]),
            "Transitions": [
                present(
                    {
                        # 0 days is a transition at once; with a date, there is no number of days.
                        "Days": None if each.get("date") else number(each.get("days")),
                        "Date": date(each.get("date")),
                        "StorageClass": text(each["storageClass"]),
                    }
                )
                for each in rule.get("transitions") or ()
            ]
            or None,
            "NoncurrentVersionTransitions": [
                present(
                    {
                        "NoncurrentDays": number(each.get("days", each.get("noncurrentDays"))),
                        "NewerNoncurrentVersions": number(each.get("newerNoncurrentVersions")),
                        "StorageClass": text(each["storageClass"]),
                    }
                )
                for each in rule.get("noncurrentVersionTransitions") or ()
            ]
            or None,
            "NoncurrentVersionExpiration": present(
                {"NoncurrentDays": number(rule.get("noncurrentVersionExpirationInDays")) or None}
            )
            or None,
            "AbortIncompleteMultipartUpload": {
                "DaysAfterInitiation": number(abort["daysAfterInitiation"])
            }
            if abort
            else None,
        }
    )


def _expiration(rule: Mapping[str, Any]) -> dict[str, Any]:
    return present(
        {
            "Days": number(rule.get("expirationInDays")) or None,
            "Date": date(rule.get("expirationDate")),
            "ExpiredObjectDeleteMarker": flag(rule.get("expiredObjectDeleteMarker")) or None,
        }
    )


def _filter(predicate: Mapping[str, Any] | None) -> dict[str, Any]:
    if predicate is None:
        return {}
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
            return {"Prefix": text(predicate["prefix"]) or ""}
        case "LifecycleTagPredicate":
            tag = predicate["tag"]
            return {"Tag": {"Key": text(tag["key"]), "Value": text(tag["value"])}}
        case "LifecycleObjectSizeGreaterThanPredicate":
            return {"ObjectSizeGreaterThan": number(predicate["objectSizeGreaterThan"])}
        case "LifecycleObjectSizeLessThanPredicate":
            return {"ObjectSizeLessThan": number(predicate["objectSizeLessThan"])}
        case unknown:
            raise ValueError(f"unknown lifecycle predicate {unknown!r}")
