"""How safe a bucket's settings are, one comparable figure a fact.

Written apart from safety_settings.py: from what S3 would do with objects, origins, accounts.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from strategies_settings import ACCOUNT, FOREIGN, PARTNER

if TYPE_CHECKING:
    from bucketward import Bucket

KEYS = ("data/x", "tmp/x")
TAGS = ({}, {"class": "logs"})
AGES = (0, 1, 7, 30, 90, 399, 1000)


def safety(bucket: Bucket) -> dict[str, object]:
    return {**_kept(bucket), **_shared(bucket), **_settings(bucket)}


def _kept(bucket: Bucket) -> dict[str, object]:
    """Say which objects the lifecycle leaves alone, by key, tags, age and newer versions."""
    rules = (bucket.aspects["lifecycle"] or {}).get("Rules", [])
    kept: dict[str, object] = {}
    for key, tags, age in product(KEYS, TAGS, AGES):
        applied = [r for r in rules if r["Status"] == "Enabled" and _applies(r, key, tags)]
        what = f"{key} {tags} {age} days old"
        kept[f"{what}, current"] = not any(
            "Date" in _member(rule, "Expiration")
            or _member(rule, "Expiration").get("Days", 9999) <= age
            for rule in applied
        )
        for newer in (0, 2, 5):
            kept[f"{what}, {newer} newer"] = not any(
                noncurrent.get("NoncurrentDays", 9999) <= age
                and noncurrent.get("NewerNoncurrentVersions", 0) <= newer
                for noncurrent in (_member(r, "NoncurrentVersionExpiration") for r in applied)
            )
    return kept


def _member(rule: dict[str, Any], name: str) -> dict[str, Any]:
    return rule.get(name) or {}


def _applies(rule: dict[str, Any], key: str, tags: dict[str, str]) -> bool:
    scope = _member(rule, "Filter")
    tag = scope.get("Tag")
    prefix = scope.get("Prefix", rule.get("Prefix", ""))
    return key.startswith(prefix) and (not tag or tags.get(tag["Key"]) == tag["Value"])


def _shared(bucket: Bucket) -> dict[str, object]:
    """Say to whom nothing is sent, and which origins may not use which method."""
    aspects = bucket.aspects
    replicated = str(
        [
            rule["Destination"].get("Account")
            for rule in (aspects["replication"] or {}).get("Rules", [])
            if rule["Status"] == "Enabled"
        ]
    )
    notified = str(aspects["notification"])
    used = {
        (origin, method)
        for rule in (aspects["cors"] or {}).get("CORSRules", [])
        for origin, method in product(rule["AllowedOrigins"], rule["AllowedMethods"])
    }
    origins = ("*", "https://*", "https://mallory.example", "https://app.acme.com")
    return {
        f"no replicas for {FOREIGN}": FOREIGN not in replicated,
        **{f"no events for {each}": each not in notified for each in (FOREIGN, PARTNER, ACCOUNT)},
        **{f"{o} may not {m}": (o, m) not in used for o, m in product(origins, ("GET", "PUT"))},
    }


def _settings(bucket: Bucket) -> dict[str, object]:
    aspects = bucket.aspects
    lock = aspects["object_lock"] or {}
    default = lock.get("Rule", {}).get("DefaultRetention", {})
    return {
        "no website": aspects["website"] is None,
        "the owner pays": aspects["request_payment"]["Payer"] == "BucketOwner",
        "EventBridge": "EventBridgeConfiguration" in (aspects["notification"] or {}),
        "Object Lock": bool(lock),
        "retention": default.get("Days", 0) + default.get("Years", 0) * 365,
        "nobody can unlock": default.get("Mode") == "COMPLIANCE",
        **{f"tag {tag['Key']}": True for tag in (aspects["tagging"] or {}).get("TagSet", [])},
    }
