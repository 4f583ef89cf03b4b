"""Buckets, accounts and access points for tests: as AWS makes them, and any other way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bucketward import Bucket, BucketNotFound, Known
from bucketward.access_log import LOG_DELIVERY, LOGGING_SERVICE
from bucketward.account import Account
from bucketward.baseline.known import Baseline
from bucketward.baseline.seen import SeenChange
from bucketward.blame import Blame, blame

if TYPE_CHECKING:
    from bucketward.aspects import Aspect
    from bucketward.resource import Resource
    from bucketward_tools.catalogue import Control

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


ALL_ON = NEW_BUCKET["public_access_block"]
MANAGEMENT_EVENTS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
"""What CloudTrail gives a trail that is made without selectors."""


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
    baseline: Baseline | None = None,
) -> Known:
    def other(name: str) -> Bucket:
        try:
            return (others or {})[name]
        except KeyError:
            raise BucketNotFound(f"Bucket {name} does not exist.") from None

    def owns(name: str) -> bool:
        return name in (others or {}) and other(name).account == ACCOUNT

    return Known(parameters, lambda: earlier, other, owns, lambda: baseline or Baseline())


@cache
def cases(stem: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / f"{stem}.yaml").read_text())


def case_resource(control: Control, case: dict[str, Any]) -> Resource:
    """Make what the case gives: a bucket, or the account or an access point with these facts."""
    given, subject = case.get("given", {}), control.rule.subject
    if subject is Bucket:
        return bucket(case.get("bucket", "acme-data"), **given)
    if subject is Account:
        return account(**given)
    (part,) = control.rule.reads
    return subject("acme-point", ACCOUNT, REGION, aspects={part.name: ALL_ON} | given)


NEW_ACCOUNT: dict[str, Any] = {
    "account_public_access_block": None,
    "trails": [],
    "metric_filters": [],
    "alarms": [],
    "subscriptions": {},
    "recorders": [],
    "detectors": [],
    "analyzers": [],
    "macie": None,
    "security_hub": None,
}
"""An account as AWS makes it, every fact known."""
_EVERY_RESOURCE = {
    "allSupported": True,
    "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
}
_USUAL: dict[str, dict[str, Any]] = {
    "trails": {
        "HomeRegion": REGION,
        "IsMultiRegionTrail": True,
        "IsLogging": True,
        "AdvancedEventSelectors": [],
    },
    "metric_filters": {},
    "alarms": {"ActionsEnabled": True},
    "recorders": {
        "name": "default",
        "recordingGroup": _EVERY_RESOURCE,
        "recording": True,
        "lastStatus": "SUCCESS",
    },
    "detectors": {"DetectorId": "d" * 32, "Status": "ENABLED", "Features": []},
    "analyzers": {"type": "ACCOUNT", "status": "ACTIVE"},
}


def account(**differs: Any) -> Account:
    """Make an account; of each trail, recorder and so on only what is not usual need be said."""
    unknown = differs.keys() - NEW_ACCOUNT.keys()
    assert not unknown, f"no such fact: {unknown}"
    facts = {
        name: [_usual(name, each) for each in given] if name in _USUAL else given
        for name, given in differs.items()
    }
    return Account(ACCOUNT, ACCOUNT, REGION, aspects={**NEW_ACCOUNT, **facts})


def _usual(fact: str, given: dict[str, Any]) -> dict[str, Any]:
    if fact != "trails":
        return {**_USUAL[fact], **given}
    if "TrailARN" in given and ACCOUNT not in given["TrailARN"]:
        return {"HomeRegion": REGION, "IsMultiRegionTrail": True, **given}  # not to be looked into
    selectors = [] if given.get("AdvancedEventSelectors") else [MANAGEMENT_EVENTS]
    trail = {"EventSelectors": selectors, **_USUAL["trails"], **given}
    arn = f"arn:aws:cloudtrail:{trail['HomeRegion']}:{ACCOUNT}:trail/{trail['Name']}"
    return {"TrailARN": arn, **trail}


def case_known(case: dict[str, Any], parameters: object) -> Known:
    earlier = bucket(**case["earlier"]) if "earlier" in case else None
    others = {name: log_target(name, **each) for name, each in case.get("others", {}).items()}
    return known(parameters, earlier, others, case_baseline(case))


def case_baseline(case: dict[str, Any]) -> Baseline:
    """Make the baseline that a case gives: what is approved, and the newest change by aspect."""
    documents = bucket(**case["approved"]).aspects if "approved" in case else {}
    changes = {
        name: SeenChange(
            event_id=name,
            time=datetime(2026, 3, 2, 9, tzinfo=UTC),
            bucket="acme-data",
            aspect=name,
            event_name="Put",
            actor=f"arn:aws:iam::{ACCOUNT}:role/Mallory",
            standing=standing,
        )
        for name, standing in case.get("changes", {}).items()
    }

    def blame_of(aspect: Aspect) -> Blame:
        known = [changes[aspect.name]] if aspect.name in changes else []
        return blame(known, datetime(2026, 3, 1, tzinfo=UTC))

    return Baseline(documents, blame_of)


def account_of(bucket: Bucket, account: str) -> Bucket:
    return replace(bucket, account=account)
