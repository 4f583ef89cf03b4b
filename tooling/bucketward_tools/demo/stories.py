"""The drifts that the demo plays: who does what to which bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_FOREIGN_KEY = "arn:aws:kms:eu-central-1:999999999999:key/mrk-9e8d"


@dataclass(frozen=True, slots=True)
class Story:
    """One drift: ``change`` gets an S3 client that acts as ``actor``."""

    id: str
    title: str
    actor: str
    bucket: str
    control: str
    change: Callable[[Any, str], object]


def _remove_block(s3: Any, bucket: str) -> None:  # noqa: ANN401 - boto3's
    s3.delete_public_access_block(Bucket=bucket)


def _foreign_key(s3: Any, bucket: str) -> None:  # noqa: ANN401 - boto3's
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _FOREIGN_KEY}
    rule = {
        "ApplyServerSideEncryptionByDefault": default,
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def _suspend(s3: Any, bucket: str) -> None:  # noqa: ANN401 - boto3's
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _redirect(s3: Any, bucket: str) -> None:  # noqa: ANN401 - boto3's
    target = {"TargetBucket": "acme-build-artifacts", "TargetPrefix": "tmp/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target})


STORIES = (
    Story(
        "public-access-block",
        "Support opens a bucket to share a file",
        "assumed-role/Support/dana",
        "acme-customer-exports",
        "bucket_public_access_block",
        _remove_block,
    ),
    Story(
        "encryption",
        "New objects go under a key of another account",
        "assumed-role/DataEngineer/eve",
        "acme-data-lake",
        "bucket_encryption",
        _foreign_key,
    ),
    Story(
        "versioning",
        "Versioning is suspended before a clean-up",
        "user/mallory",
        "acme-terraform-state",
        "bucket_versioning",
        _suspend,
    ),
    Story(
        "logging",
        "The access log is sent where nobody looks",
        "assumed-role/Contractor/oscar",
        "acme-payments",
        "bucket_logging",
        _redirect,
    ),
)
