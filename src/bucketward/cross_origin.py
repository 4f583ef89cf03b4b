"""Cross-origin rules (CORS) of a bucket, as rule and remediation see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aspects import CORS
from .errors import shown
from .selection import matches

if TYPE_CHECKING:
    from .bucket import Bucket

WRITES = ("PUT", "POST", "DELETE")
_LABELS = 2
"""Parts of a domain that one owner holds, at least: example.com."""


def rules(bucket: Bucket) -> list[dict[str, Any]]:
    return list((bucket[CORS] or {}).get("CORSRules", ()))


def any_origin(origin: str) -> bool:
    """Whether an origin's wildcard stands for hosts of any owner: ``*``, ``https://*.com``.

    ``https://*.example.com`` and ``https://example.com:*`` are those of one owner; what stands
    for ``*`` in ``*example.com`` may be ``https://evil``.
    """
    before, wildcard, after = origin.partition("*")
    if not wildcard:
        return False
    if "*" in after:
        return True  # S3 accepts one wildcard
    scheme = after.startswith("://")
    port = not after and before.endswith(":") and before.count(":") > 1
    if scheme or port:
        return False
    domain = after.partition(":")[0]
    return not (domain.startswith(".") and len(domain.strip(".").split(".")) >= _LABELS)


def fault(rule: dict[str, Any], allowed: tuple[str, ...]) -> str | None:
    """Say what is wrong with one rule, or None; nothing ``allowed`` accepts each named origin."""
    origins = rule.get("AllowedOrigins") or ()
    writes = [each for each in rule.get("AllowedMethods") or () if each in WRITES]
    for origin in origins:
        if writes and any_origin(origin):
            return f"lets any origin ({shown(origin)}) use {', '.join(writes)}"
    for origin in origins:
        if allowed and not matches(origin, allowed):
            return f"allows origin {shown(origin)}, which is not accepted"
    return None
