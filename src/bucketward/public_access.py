"""The four flags of Block Public Access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aspects import PUBLIC_ACCESS_BLOCK

if TYPE_CHECKING:
    from .bucket import Bucket

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def missing_flags(bucket: Bucket) -> tuple[str, ...]:
    """Return the flags that are off; PutPublicAccessBlock takes an absent flag for off."""
    block = bucket[PUBLIC_ACCESS_BLOCK] or {}
    return tuple(flag for flag in FLAGS if block.get(flag) is not True)


def is_on(bucket: Bucket, flag: str) -> bool:
    """Whether the bucket's own block has the flag on."""
    return (bucket[PUBLIC_ACCESS_BLOCK] or {}).get(flag) is True
