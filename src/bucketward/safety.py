"""Tell whether a change would leave a bucket less safe than it is (law 5: never weaker).

One order an aspect: ``None`` where the document after is at least as safe as the one before,
else the sentence that says what would be lost. An aspect without an order is not weighed here;
its remediation must show by its own laws that it only takes away what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import safety_access, safety_settings
from .aspects import (
    ACL,
    ENCRYPTION,
    LOGGING,
    OWNERSHIP,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    VERSIONING,
)
from .bucket import Bucket
from .encryption import ALGORITHMS, DefaultEncryption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .resource import Resource


def weakening(before: Resource, after: Resource, aspects: Iterable[Any]) -> str | None:
    """Say how the change would weaken one of the aspects of a bucket or facts of an account."""
    if not isinstance(before, Bucket) or not isinstance(after, Bucket):
        from .account import account_weakening

        return account_weakening(before, after, aspects)
    for aspect in aspects:
        order = _ORDERS.get(aspect.name)
        lost = order(before, after) if order else None
        if lost:
            return lost
    return None


def _public_access_block(before: Bucket, after: Bucket) -> str | None:
    now, then = before[PUBLIC_ACCESS_BLOCK] or {}, after[PUBLIC_ACCESS_BLOCK] or {}
    lost = [flag for flag, on in now.items() if on and not then.get(flag)]
    return f"{', '.join(lost)} would be turned off" if lost else None


def _encryption(before: Bucket, after: Bucket) -> str | None:
    now, then = DefaultEncryption.of(before), DefaultEncryption.of(after)
    if now and now != then and now.algorithm not in ALGORITHMS:
        return f"how safe {now} is cannot be told, so it is not replaced"
    if now and _strength(then) < _strength(now):
        return f"default encryption would go from {now} to {then or 'none'}"
    blocked = blocked_types(before) - blocked_types(after)
    return f"{', '.join(sorted(blocked))} uploads would be allowed again" if blocked else None


def _strength(encryption: DefaultEncryption | None) -> int:
    """Rank by algorithm alone: of two keys, the accepted one is the better, whatever its kind."""
    if encryption is None or encryption.algorithm not in ALGORITHMS:
        return -1
    return ALGORITHMS.index(encryption.algorithm)


def blocked_types(bucket: Bucket) -> set[str]:
    """Return the encryption types that uploads may not use."""
    rules = (bucket[ENCRYPTION] or {}).get("Rules", ())
    blocks = (rule.get("BlockedEncryptionTypes") or {} for rule in rules)
    types = (block.get("EncryptionType") or () for block in blocks)
    return {each for group in types for each in group} - {"NONE"}


def _versioning(before: Bucket, after: Bucket) -> str | None:
    now, then = before[VERSIONING] or {}, after[VERSIONING] or {}
    if now.get("Status") == "Enabled" != then.get("Status"):
        return "versioning would be turned off"
    if now.get("MFADelete") == "Enabled" != then.get("MFADelete"):
        return "MFA delete would be turned off"
    return None


def _logging(before: Bucket, after: Bucket) -> str | None:
    if before[LOGGING] and not after[LOGGING]:
        return "access logging would be turned off"
    return None


_ORDERS: dict[str, Callable[[Bucket, Bucket], str | None]] = {
    PUBLIC_ACCESS_BLOCK.name: _public_access_block,
    ENCRYPTION.name: _encryption,
    VERSIONING.name: _versioning,
    LOGGING.name: _logging,
    **safety_settings.ORDERS,
    POLICY.name: safety_access.policy,
    ACL.name: safety_access.acl,
    OWNERSHIP.name: safety_access.ownership,
}
