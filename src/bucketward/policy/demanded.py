"""What a Deny on one condition demands of requests: TLS, a TLS version, a KMS key.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

from itertools import pairwise
from typing import Final, NamedTuple

from .operators import Operator

_TLS_VERSIONS: Final = ("1.0", "1.1", "1.2", "1.3")
_ENCRYPTION: Final = "s3:x-amz-server-side-encryption"
_KMS_KEY: Final = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_KMS: Final = frozenset({"aws:kms", "aws:kms:dsse"})
_NOT_A_KEY: Final = frozenset({"StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike"})
_HEADERLESS, _AES = 1, 2
EVERY_OTHER_PUT: Final = _HEADERLESS | _AES
"""The puts that a KMS-only bucket must deny: without the header, and with AES256."""


class Demanded(NamedTuple):
    """Whether plaintext is denied, the lowest TLS version that passes, the puts denied."""

    tls: bool
    version: str
    puts: int


def demanded_by(operator: Operator, key: str, values: tuple[str, ...]) -> Demanded | None:
    """Return what a Deny demands whose only condition this is; None for nothing known."""
    if operator.qualifier or not values:
        return None
    if key == "aws:securetransport":
        denied = operator.base == "Bool" and {value.lower() for value in values} == {"false"}
        return Demanded(True, "", 0) if denied else None  # noqa: FBT003
    if key == "s3:tlsversion":
        version = _version_below(operator.base, values)
        return Demanded(False, version, 0) if version else None  # noqa: FBT003
    puts = _puts_denied(operator.base, key, values)
    return Demanded(False, "", puts) if puts else None  # noqa: FBT003


def _version_below(base: str, values: tuple[str, ...]) -> str:
    if base not in {"NumericLessThan", "NumericLessThanEquals"}:
        return ""
    try:
        bound = max(float(value) for value in values)
    except ValueError:
        return ""
    passing = ""
    for below, version in pairwise(_TLS_VERSIONS):
        if float(below) < bound or (float(below) == bound and base.endswith("Equals")):
            passing = version
    return passing


def _puts_denied(base: str, key: str, values: tuple[str, ...]) -> int:
    if base == "Null" and set(values) == {"true"}:
        return {_ENCRYPTION: _HEADERLESS, _KMS_KEY: EVERY_OTHER_PUT}.get(key, 0)
    if key == _ENCRYPTION:
        if base == "StringNotEquals" and _KMS.issuperset(values):
            return EVERY_OTHER_PUT
        if base == "StringEquals" and "AES256" in values:
            return _AES
    if key == _KMS_KEY and base in _NOT_A_KEY and "*" not in values:
        return EVERY_OTHER_PUT
    return 0
