"""The default encryption of a bucket, as rule, remediation and safety check see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .aspects import ENCRYPTION

if TYPE_CHECKING:
    from .bucket import Bucket

ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
"""Server-side encryption algorithms, from weakest to strongest."""

KEY_ARN = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+"
"""A key by its ARN; an alias would name another key in another account."""

KMS = frozenset(ALGORITHMS[1:])


@dataclass(frozen=True, slots=True)
class DefaultEncryption:
    """Which algorithm and key S3 uses where an upload names none; ``kms_key`` "" is ``aws/s3``."""

    algorithm: str
    kms_key: str = ""

    @classmethod
    def of(cls, bucket: Bucket) -> DefaultEncryption | None:
        """Return the bucket's default, or None where it has no rule.

        S3 accepts exactly one rule; the first one that names an algorithm counts.
        """
        for rule in (bucket[ENCRYPTION] or {}).get("Rules", ()):
            default: dict[str, Any] = rule.get("ApplyServerSideEncryptionByDefault") or {}
            if default.get("SSEAlgorithm"):
                return cls(default["SSEAlgorithm"], default.get("KMSMasterKeyID") or "")
        return None

    def fault(self, algorithms: tuple[str, ...], kms_keys: tuple[str, ...]) -> str | None:
        """Say what is wrong with it, or None; no ``kms_keys`` accepts every key."""
        if self.algorithm not in algorithms:
            return f"encrypts with {self.algorithm}, which is not accepted"
        if self.algorithm in KMS and kms_keys and self.kms_key not in kms_keys:
            return f"encrypts with the KMS key {self.kms_key or 'aws/s3'}, which is not accepted"
        return None

    def into(self, bucket: Bucket) -> dict[str, Any]:
        """Return the bucket's encryption document with this default and all else as it is."""
        rules = list((bucket[ENCRYPTION] or {}).get("Rules", ()))
        default = {"SSEAlgorithm": self.algorithm}
        if self.kms_key:
            default["KMSMasterKeyID"] = self.kms_key
        first = {**(rules[0] if rules else {}), "ApplyServerSideEncryptionByDefault": default}
        return {"Rules": [first, *rules[1:]]}

    def __str__(self) -> str:
        return f"{self.algorithm} under {self.kms_key}" if self.kms_key else self.algorithm


SSE_C = "SSE-C"
"""Encryption with a key that the uploader brings and S3 does not keep."""


def blocks_sse_c(bucket: Bucket) -> bool:
    return any(SSE_C in _blocked(rule) for rule in (bucket[ENCRYPTION] or {}).get("Rules", ()))


def blocking_sse_c(bucket: Bucket) -> dict[str, Any]:
    """Return the bucket's encryption document with SSE-C blocked and all else as it is.

    A bucket without a document encrypts with SSE-S3, which then has to be said.
    """
    document = bucket[ENCRYPTION] or {}
    first, *rest = document.get("Rules") or [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": ALGORITHMS[0]}}
    ]
    types = [each for each in _blocked(first) if each != "NONE"]
    blocked = {**(first.get("BlockedEncryptionTypes") or {}), "EncryptionType": [*types, SSE_C]}
    return {**document, "Rules": [{**first, "BlockedEncryptionTypes": blocked}, *rest]}


def _blocked(rule: dict[str, Any]) -> list[str]:
    return list((rule.get("BlockedEncryptionTypes") or {}).get("EncryptionType") or ())
