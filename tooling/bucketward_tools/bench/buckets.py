"""The buckets that scans are measured on, and Cloud Custodian's policies for the same checks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_PLAINTEXT = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_FILTERS: dict[str, dict[str, Any]] = {
    "public-block": {"type": "check-public-block"},
    "public-acl": {"type": "global-grants"},
    "cross-account": {"type": "cross-account"},
    "tls": {"not": [{"type": "has-statement", "statements": [_PLAINTEXT]}]},
    "encryption": {"type": "bucket-encryption", "state": False},
    "logging": {"type": "bucket-logging", "op": "disabled"},
    "ownership": {"type": "ownership", "op": "ne", "value": "BucketOwnerEnforced"},
    "versioning": {"type": "value", "key": "Versioning.Status", "op": "ne", "value": "Enabled"},
    "mfa": {"type": "value", "key": "Versioning.MFADelete", "op": "ne", "value": "Enabled"},
    "lifecycle": {"type": "value", "key": "Lifecycle", "value": "absent"},
    "replication": {"type": "value", "key": "Replication", "value": "absent"},
    "notification": {"type": "value", "key": "Notification", "value": "absent"},
    "website": {"type": "value", "key": "Website", "value": "present"},
    "tags": {"type": "value", "key": "tag:team", "value": "absent"},
}
POLICIES = {
    "policies": [
        {"name": name, "resource": "s3", "filters": [each]} for name, each in _FILTERS.items()
    ]
}
CONTROLS = tuple(
    f"bucket_{each}"
    for each in (
        "public_access_block", "acl_public", "policy_trusted_accounts", "secure_transport",
        "encryption", "logging", "acls_disabled", "versioning", "mfa_delete", "lifecycle",
        "replication", "event_notifications", "website", "tagging",
    )
)  # fmt: skip
"""Those that check what these policies check."""

_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def fill(s3: Any, number: int) -> None:  # noqa: ANN401 - boto3's
    """Make buckets of which every second to seventh has this or that setting."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda index: _make(s3, index), range(number)))


def _make(s3: Any, index: int) -> None:  # noqa: ANN401 - boto3's
    name = f"bench-{index:05}"
    s3.create_bucket(Bucket=name)
    if index % 2:
        block = dict.fromkeys(_BLOCK, True)
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if index % 3 == 0:
        enabled = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=enabled)
    if index % 4 == 0:
        tags = [{"Key": "team", "Value": f"team-{index % 10}"}]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    if index % 5 == 0:
        resource = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        plain = {"Bool": {"aws:SecureTransport": "false"}}
        deny = {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": resource, "Condition": plain}  # fmt: skip
        partner = {"AWS": "arn:aws:iam::444455556666:root"}
        allow = {"Sid": "Partner", "Effect": "Allow", "Principal": partner,
                 "Action": "s3:GetObject", "Resource": resource[1]}  # fmt: skip
        policy = {"Version": "2012-10-17", "Statement": [allow, deny] if index % 10 else [deny]}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    if index % 7 == 0:
        rule = {"ID": "abort", "Status": "Enabled", "Filter": {"Prefix": ""},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}  # fmt: skip
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
