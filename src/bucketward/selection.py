"""Which buckets a control is meant for: chosen by name or by tag, in its parameters."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .aspects import TAGGING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bucket import Bucket

NAME_PATTERN = r"[A-Za-z0-9._*?!\[\]-]{1,255}"
"""What a parameter that names buckets may hold: a shell pattern for the whole name."""

TAG = r'[^="\\]{1,128}=[^"\\]{0,256}'
"""What a parameter that names one tag may hold: ``key=value``; the key ends at the first ``=``."""


def named(bucket: Bucket, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns matches the bucket's whole name."""
    return matches(bucket.name, patterns)


def matches(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def chosen(bucket: Bucket, patterns: Iterable[str], tag: str) -> bool:
    """Whether the bucket has one of the names, or the tag ``key=value`` ("" is no tag)."""
    if named(bucket, patterns):
        return True
    key, _, value = tag.partition("=")
    return bool(tag) and tags(bucket).get(key) == value


def tags(bucket: Bucket) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in (bucket[TAGGING] or {}).get("TagSet", ())}
