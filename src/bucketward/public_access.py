"""The four flags of Block Public Access, of a bucket, an access point or the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aspects import PUBLIC_ACCESS_BLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .bucket import Bucket

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def flags_off(block: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the flags that are off; an absent flag is, and so are all where there is no block."""
    return tuple(flag for flag in FLAGS if (block or {}).get(flag) is not True)


def missing_flags(bucket: Bucket) -> tuple[str, ...]:
    """Return the flags that are off; PutPublicAccessBlock takes an absent flag for off."""
    return flags_off(bucket[PUBLIC_ACCESS_BLOCK])


def is_on(bucket: Bucket, flag: str) -> bool:
    """Whether the bucket's own block has the flag on."""
    return (bucket[PUBLIC_ACCESS_BLOCK] or {}).get(flag) is True
