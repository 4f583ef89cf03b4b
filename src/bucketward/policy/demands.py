"""What a policy demands of every request, by Deny: TLS, a minimum TLS version, KMS keys.

https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

from typing import Final, NamedTuple

from bucketward.policy.actions import PUT_OBJECT
from bucketward.policy.operators import Condition
from bucketward.policy.resources import BUCKET, OBJECTS, WHOLE, buckets_named, reach_of
from bucketward.policy.statements import Statement

_TLS_VERSIONS: Final = ("1.0", "1.1", "1.2", "1.3")
_ENCRYPTION: Final = "s3:x-amz-server-side-encryption"
_KMS_KEY: Final = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_KMS: Final = frozenset({"aws:kms", "aws:kms:dsse"})
_HEADERLESS, _AES = 1, 2
"""The puts that a KMS-only bucket must deny: without the header, and with AES256."""
_NOT_KMS: Final = _HEADERLESS | _AES


class Demands(NamedTuple):
    """What holds for each request on the bucket and all its objects."""

    tls: bool = False
    min_tls: str | None = None
    kms_only_puts: bool = False


NO_DEMANDS: Final = Demands()


def demands(statements: list[Statement], bucket: str | None) -> Demands:
    """Unite what the Denies for everyone cover."""
    denies = [
        deny
        for deny in statements
        if not deny.allows
        and deny.conditions
        and deny.is_for_everyone
        and len(deny.conditions) == 1
        and not deny.not_action
    ]
    if not denies:
        return NO_DEMANDS
    found = [_of_bucket(denies, name) for name in buckets_named(statements, bucket)]
    versions = [demand.min_tls or "" for demand in found]
    return Demands(
        tls=all(demand.tls for demand in found),
        min_tls=min(versions) or None,
        kms_only_puts=all(demand.kms_only_puts for demand in found),
    )


def _of_bucket(denies: list[Statement], bucket: str) -> Demands:
    plaintext = 0
    puts = 0
    versions = {BUCKET: "", OBJECTS: ""}
    for deny in denies:
        reach = reach_of(deny, bucket)
        (condition,) = deny.conditions
        if deny.every_action:
            if _is_plaintext(condition):
                plaintext |= reach
            elif (version := _version_below(condition)) is not None:
                for part in (BUCKET, OBJECTS):
                    if reach & part:
                        versions[part] = max(versions[part], version)
        if reach & OBJECTS and deny.grants & PUT_OBJECT:
            puts |= _puts_denied(condition)
    return Demands(plaintext == WHOLE, min(versions.values()) or None, puts == _NOT_KMS)


def _is_plaintext(condition: Condition) -> bool:
    return (
        condition.key == "aws:securetransport"
        and condition.operator.base == "Bool"
        and not condition.operator.qualifier
        and {value.lower() for value in condition.values} == {"false"}
    )


def _version_below(condition: Condition) -> str | None:
    """Return the lowest TLS version that passes a Deny on `s3:TlsVersion`."""
    operator = condition.operator
    if condition.key != "s3:tlsversion" or operator.qualifier:
        return None
    if operator.base not in {"NumericLessThan", "NumericLessThanEquals"}:
        return None
    try:
        bound = max(float(value) for value in condition.values)
    except ValueError:
        return None
    for version in reversed(_TLS_VERSIONS[1:]):
        below = float(_TLS_VERSIONS[_TLS_VERSIONS.index(version) - 1])
        if below < bound or (below == bound and operator.base == "NumericLessThanEquals"):
            return version
    return None


def _puts_denied(condition: Condition) -> int:
    """Return which puts without a KMS key the Deny refuses."""
    operator, values = condition.operator, condition.values
    if operator.qualifier:
        return 0
    if operator.base == "Null" and set(values) == {"true"}:
        return {_ENCRYPTION: _HEADERLESS, _KMS_KEY: _NOT_KMS}.get(condition.key, 0)
    if condition.key == _ENCRYPTION:
        if operator.base == "StringNotEquals" and values and _KMS.issuperset(values):
            return _NOT_KMS
        if operator.base == "StringEquals" and "AES256" in values:
            return _AES
    if condition.key == _KMS_KEY and values and "*" not in values:
        negated = {"StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike"}
        return _NOT_KMS if operator.base in negated else 0
    return 0
