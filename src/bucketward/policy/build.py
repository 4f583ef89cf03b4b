"""Statements that Bucketward adds to a policy, each with a Sid of its own.

The ARN is taken as given, so its partition is right in China and GovCloud too.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

from typing import Final

from .document import Json
from .errors import PolicyEditError

DENY_PLAINTEXT_SID: Final = "BucketwardDenyPlaintext"
DENY_OLD_TLS_SID: Final = "BucketwardDenyOldTls"
_TLS_VERSIONS: Final = frozenset({"1.1", "1.2", "1.3"})
_PARTS: Final = 6


def deny_plaintext(bucket_arn: str) -> dict[str, Json]:
    """Return the statement that denies everyone every request without TLS."""
    return _deny(bucket_arn, DENY_PLAINTEXT_SID, {"Bool": {"aws:SecureTransport": "false"}})


def deny_tls_below(bucket_arn: str, version: str) -> dict[str, Json]:
    """Return the statement that denies everyone a TLS version below "1.1", "1.2" or "1.3".

    It leaves plaintext alone, where there is no TLS version to compare: add `deny_plaintext`.
    """
    if version not in _TLS_VERSIONS:
        raise PolicyEditError(f"TLS version {version!r} is none of 1.1, 1.2 and 1.3.")
    return _deny(bucket_arn, DENY_OLD_TLS_SID, {"NumericLessThan": {"s3:TlsVersion": version}})


def _deny(bucket_arn: str, sid: str, condition: dict[str, Json]) -> dict[str, Json]:
    parts = bucket_arn.split(":")
    fixed = parts[:1] == ["arn"] and parts[2:5] == ["s3", "", ""] and len(parts) == _PARTS
    if not (fixed and parts[1] and parts[5]) or any(c in bucket_arn for c in "*?/${}"):
        raise PolicyEditError(f"{bucket_arn!r} is not the ARN of one bucket.")
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, bucket_arn + "/*"],
        "Condition": condition,
    }
