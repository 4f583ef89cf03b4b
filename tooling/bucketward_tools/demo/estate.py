"""A dozen believable buckets, set up the way that the company Acme approved them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bucketward.policy import deny_plaintext
from bucketward.public_access import FLAGS

from .scenarios import PIPELINE

if TYPE_CHECKING:
    from bucketward_tools.local import LocalAccount

KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1a2b"
LOGS = "acme-access-logs"
_PARTNER = "444455556666"
PARAMETERS = {
    "Remediation": "recommended",
    "FastRevert": "true",
    "AuthorisedRoles": f"arn:aws:iam::111122223333:role/{PIPELINE}",
    "BucketEncryptionKmsKeyArns": KEY,
    "BucketLoggingTargetBuckets": LOGS,
    "BucketPolicyTrustedAccountsTrustedAccounts": _PARTNER,
    "BucketWebsiteApprovedBuckets": "acme-website",
}
_ARN = "arn:aws:s3:::"


@dataclass(frozen=True, slots=True)
class Planned:
    """One bucket: what it is for, and what sets it apart from the others."""

    name: str
    kms: bool = False
    logs_to: str | None = LOGS
    tags: dict[str, str] = field(default_factory=dict)
    statements: tuple[dict[str, Any], ...] = ()
    expire_days: int | None = None
    cors_origin: str | None = None
    website: bool = False
    replicates_to: str | None = None


def _allow(
    principal: dict[str, str],
    actions: list[str],
    resource: str,
    condition: dict[str, Any] | None = None,
) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": _ARN + resource,
    }
    return {**statement, "Condition": condition} if condition else statement


def _service(service: str, bucket: str) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    return _allow({"Service": service}, ["s3:PutObject"], f"{bucket}/*", condition)


ESTATE = (
    Planned(
        LOGS,
        logs_to=None,
        tags={"team": "security"},
        statements=(_service("logging.s3.amazonaws.com", LOGS),),
        expire_days=400,
    ),
    Planned(
        "acme-cloudtrail",
        tags={"team": "security"},
        statements=(_service("cloudtrail.amazonaws.com", "acme-cloudtrail"),),
        expire_days=2557,
    ),
    Planned("acme-data-lake", kms=True, tags={"team": "data", "class": "restricted"}),
    Planned("acme-data-lake-raw", kms=True, tags={"team": "data"}, expire_days=90),
    Planned(
        "acme-payments",
        kms=True,
        tags={"team": "payments", "class": "pci"},
        replicates_to="acme-db-backups",
    ),
    Planned("acme-customer-exports", tags={"team": "support"}, expire_days=30),
    Planned(
        "acme-website",
        tags={"team": "web"},
        website=True,
        statements=(
            _allow(
                {"Service": "cloudfront.amazonaws.com"},
                ["s3:GetObject"],
                "acme-website/*",
                condition={
                    "StringEquals": {
                        "aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE"
                    }
                },
            ),
        ),
    ),
    Planned("acme-terraform-state", kms=True, tags={"team": "platform"}),
    Planned("acme-db-backups", kms=True, tags={"team": "platform"}, expire_days=365),
    Planned(
        "acme-partner-drop",
        tags={"team": "partners"},
        cors_origin="https://partner.example.com",
        statements=(
            _allow(
                {"AWS": f"arn:aws:iam::{_PARTNER}:root"},
                ["s3:PutObject"],
                "acme-partner-drop/in/*",
            ),
        ),
    ),
    Planned(
        "acme-build-artifacts",
        tags={"team": "platform"},
        statements=(_service("logging.s3.amazonaws.com", "acme-build-artifacts"),),
        expire_days=14,
    ),
    Planned("acme-ml-models", kms=True, tags={"team": "data"}),
)


def build(account: LocalAccount) -> None:
    """Let the pipeline create the estate, and AWS Config see it and Bucketward capture it.

    CloudTrail tells only that the buckets were made: to approve each of their settings as well
    would take as long as all the rest.
    """
    account.trail.hold()
    pipeline = account.role_arn(PIPELINE)
    account.client("s3control", pipeline).put_public_access_block(
        AccountId=account.place.account,
        PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True),
    )
    s3 = account.client("s3", actor=pipeline)
    for bucket in ESTATE:
        s3.create_bucket(
            Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        statements = [*bucket.statements, deny_plaintext(_ARN + bucket.name)]
        policy = {"Version": "2012-10-17", "Statement": statements}
        s3.put_bucket_policy(Bucket=bucket.name, Policy=json.dumps(policy))
    for bucket in ESTATE:
        _configure(s3, bucket)
    s3.put_object(Bucket="acme-customer-exports", Key="2026-02.csv", Body=b"id\n")
    account.trail.release([each for each in account.trail.held if each.event == "CreateBucket"])
    account.settle()
    account.schedule("bucket_drift")
    account.settle()


def _configure(s3: Any, bucket: Planned) -> None:  # noqa: ANN401 - boto3's
    name = bucket.name
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    tags = [{"Key": key, "Value": value} for key, value in bucket.tags.items()]
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    default = {"SSEAlgorithm": "AES256"}
    if bucket.kms:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    encryption = {
        "ApplyServerSideEncryptionByDefault": default,
        "BucketKeyEnabled": bucket.kms,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [encryption]})
    s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    if bucket.logs_to:
        target = {"TargetBucket": bucket.logs_to, "TargetPrefix": f"s3/{name}/"}
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})
    whole = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    rules = [
        {"ID": "uploads", **whole, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    ]
    if bucket.expire_days:
        rules.append({"ID": "expire", **whole, "Expiration": {"Days": bucket.expire_days}})
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if bucket.cors_origin:
        cors = {"AllowedMethods": ["PUT"], "AllowedOrigins": [bucket.cors_origin]}
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [cors]})
    if bucket.replicates_to:
        rule = {
            "ID": "copy",
            "Priority": 1,
            **whole,
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": _ARN + bucket.replicates_to},
        }
        role = "arn:aws:iam::111122223333:role/replication"
        s3.put_bucket_replication(
            Bucket=name, ReplicationConfiguration={"Role": role, "Rules": [rule]}
        )
    if bucket.website:
        s3.put_bucket_website(
            Bucket=name, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
        )
