"""A small estate, and one drift for each control: what the tests of the local account tell."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import (
    Evaluated,
    Invoked,
    LogLost,
    Lost,
    RemediationEnded,
)

KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-0000-4000-8000-000000000000"
MALLORYS_KEY = "arn:aws:kms:eu-central-1:999999999999:key/99999999-0000-4000-8000-000000000000"
LOGS, LAKE = "acme-logs", "acme-lake"
BUCKETS = (LOGS, LAKE)
PARAMETERS = {
    "Remediation": "all",
    "BucketLoggingTargetBuckets": LOGS,
    "BucketEncryptionKmsKeyArns": KEY,
    "BucketEncryptionAlgorithms": "aws:kms",
}


@dataclass(frozen=True)
class Drift:
    """What somebody does to the lake, and the aspect that it changes."""

    control: str
    aspect: str
    change: Callable[[Any], object]

    def __str__(self) -> str:
        return self.control


DRIFTS = (
    Drift(
        "bucket_encryption",
        "encryption",
        lambda s3: s3.put_bucket_encryption(
            Bucket=LAKE, ServerSideEncryptionConfiguration=encryption(MALLORYS_KEY)
        ),
    ),
    Drift(
        "bucket_logging",
        "logging",
        lambda s3: s3.put_bucket_logging(Bucket=LAKE, BucketLoggingStatus={}),
    ),
    Drift(
        "bucket_public_access_block",
        "public_access_block",
        lambda s3: s3.put_public_access_block(
            Bucket=LAKE,
            PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": True},
        ),
    ),
    Drift(
        "bucket_versioning",
        "versioning",
        lambda s3: s3.put_bucket_versioning(
            Bucket=LAKE, VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
)
CONTROLS = tuple(drift.control for drift in DRIFTS)


def drift(control: str) -> Drift:
    return next(each for each in DRIFTS if each.control == control)


def encryption(key: str) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {
        "ApplyServerSideEncryptionByDefault": default,
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    return {"Rules": [rule]}


def logging(target: str, prefix: str) -> dict[str, Any]:
    return {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}}


def create(account: LocalAccount, bucket: str) -> None:
    where = (
        {}
        if account.place.region == "us-east-1"
        else {"CreateBucketConfiguration": {"LocationConstraint": account.place.region}}
    )
    account.client("s3").create_bucket(Bucket=bucket, **where)


def build(account: LocalAccount, key: str = KEY) -> None:
    """Create an estate that every control is content with, and let AWS Config see it."""
    s3 = account.client("s3", account.role_arn("Terraform"))
    for bucket in BUCKETS:
        create(account, bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption(key))
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "a"}]})
    s3.put_bucket_policy(Bucket=LOGS, Policy=json.dumps(delivery_policy(account, LOGS)))
    s3.put_bucket_logging(Bucket=LAKE, BucketLoggingStatus=logging(LOGS, f"of/{LAKE}/"))
    s3.put_bucket_lifecycle_configuration(
        Bucket=LAKE,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "tmp/"},
                    "Expiration": {"Days": 30},
                }
            ]
        },
    )
    account.settle()


def delivery_policy(account: LocalAccount, bucket: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": f"{account.place.bucket_arn(bucket)}/*",
            }
        ],
    }


def of_kind(account: LocalAccount, kind: type) -> list[Any]:
    return [event for event in account.events if isinstance(event, kind)]


def verdicts(account: LocalAccount, control: str, bucket: str = LAKE) -> list[str]:
    """Every verdict that reached AWS Config, the oldest first."""
    rule = account.rule_name(control)
    found = of_kind(account, Evaluated)
    return [each.compliance for each in found if (each.rule, each.bucket) == (rule, bucket)]


def compliance(
    account: LocalAccount,
    controls: Iterable[str] = CONTROLS,
    buckets: Iterable[str] | None = None,
) -> dict[tuple[str, str], str]:
    return {
        (control, bucket): account.compliance(control, bucket)
        for control in controls
        for bucket in (account.s3.buckets if buckets is None else buckets)
    }


def visible(
    account: LocalAccount,
    controls: Iterable[str] = CONTROLS,
    buckets: Iterable[str] | None = None,
) -> set[str]:
    """Return what an operator would see go wrong: no entry of the journal that only we write."""
    wrong = {
        f"{bucket} is {state} for {control}"
        for (control, bucket), state in compliance(account, controls, buckets).items()
        if state not in {"COMPLIANT", "NOT_APPLICABLE"}
    }
    wrong |= {
        f"{each.execution_id} of {each.rule} failed"
        for each in of_kind(account, RemediationEnded)
        if each.status != "Success"
    }
    wrong |= {f"log of {each.function} lost" for each in of_kind(account, LogLost)}
    wrong |= {f"event of {each.source} lost" for each in of_kind(account, Lost)}
    wrong |= {f"{each.function} failed" for each in of_kind(account, Invoked) if each.error}
    return wrong | account.logs.alarmed()
