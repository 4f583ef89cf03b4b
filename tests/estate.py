"""Buckets for tests: what S3 creates today, and any other configuration."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bucketward import Bucket, BucketNotFound, Known
from bucketward.access_log import LOG_DELIVERY, LOGGING_SERVICE

ACCOUNT = "111122223333"
REGION = "eu-central-1"
OWNER = {"ID": "a" * 64}
CASES = Path(__file__).parent / "cases"

NEW_BUCKET: dict[str, Any] = {
    "policy": None,
    "acl": {
        "Owner": OWNER,
        "Grants": [
            {"Grantee": {"Type": "CanonicalUser", **OWNER}, "Permission": "FULL_CONTROL"},
        ],
    },
    "public_access_block": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
    "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "encryption": {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BucketKeyEnabled": False,
            }
        ]
    },
    "versioning": None,
    "logging": None,
    "lifecycle": None,
    "replication": None,
    "cors": None,
    "website": None,
    "notification": None,
    "tagging": None,
    "request_payment": {"Payer": "BucketOwner"},
    "accelerate": None,
    "object_lock": None,
    "inventory": None,
    "analytics": None,
    "metrics": None,
    "intelligent_tiering": None,
}
"""A general purpose bucket as S3 creates it since April 2023, every aspect known."""


def bucket(name: str = "acme-data", /, region: str = REGION, **differs: Any) -> Bucket:
    unknown = differs.keys() - NEW_BUCKET.keys()
    assert not unknown, f"no such aspect: {unknown}"
    if "policy" in differs:
        differs["policy"] = policy_text(differs["policy"])
    return Bucket(name, ACCOUNT, region, aspects={**NEW_BUCKET, **differs})


def policy_text(policy: Any) -> str | None:
    """Write a policy as S3 returns it: text stays, a list is taken for the statements."""
    if isinstance(policy, list):
        policy = {"Version": "2012-10-17", "Statement": policy}
    return json.dumps(policy, separators=(",", ":")) if isinstance(policy, dict) else policy


def case_calls(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the calls a case expects, policies as text."""
    return [
        {name: policy_text(document) if name == "PutBucketPolicy" else document}
        for call in case.get("calls", [])
        for name, document in call.items()
    ]


def log_target(
    name: str, *, policy: Any = None, acl: Any = None, account: str = ACCOUNT, **differs: Any
) -> Bucket:
    """Make a bucket that may receive logs; "log delivery" stands for the usual document."""
    if policy == "log delivery":
        policy = log_delivery_policy(name)
    if acl == "log delivery":
        grantee = {"Type": "Group", "URI": LOG_DELIVERY}
        grants = [{"Grantee": grantee, "Permission": each} for each in ("WRITE", "READ_ACP")]
        acl = {"Owner": OWNER, "Grants": grants}
    made = bucket(name, policy=policy, acl=acl or NEW_BUCKET["acl"], **differs)
    return account_of(made, account)


def log_delivery_policy(name: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": LOGGING_SERVICE},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def known(
    parameters: object,
    earlier: Bucket | None = None,
    others: dict[str, Bucket] | None = None,
) -> Known:
    def other(name: str) -> Bucket:
        try:
            return (others or {})[name]
        except KeyError:
            raise BucketNotFound(f"Bucket {name} does not exist.") from None

    def owns(name: str) -> bool:
        return name in (others or {}) and other(name).account == ACCOUNT

    return Known(parameters, lambda: earlier, other, owns)


@cache
def cases(stem: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / f"{stem}.yaml").read_text())


def case_bucket(case: dict[str, Any]) -> Bucket:
    return bucket(case.get("bucket", "acme-data"), **case.get("given", {}))


def case_known(case: dict[str, Any], parameters: object) -> Known:
    earlier = bucket(**case["earlier"]) if "earlier" in case else None
    others = {name: log_target(name, **each) for name, each in case.get("others", {}).items()}
    return known(parameters, earlier, others)


def account_of(bucket: Bucket, account: str) -> Bucket:
    return replace(bucket, account=account)
