"""Required tags of a bucket, as rule and remediation see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import shown
from .selection import matches, tags

if TYPE_CHECKING:
    from .bucket import Bucket


def faults(bucket: Bucket, required: tuple[str, ...]) -> dict[str, str]:
    """Return what is wrong, by tag key, for entries ``key`` or ``key=pattern``.

    Entries with the same key are alternatives.
    """
    found, wrong = tags(bucket), {}
    for key, patterns in wanted(required).items():
        if key not in found:
            wrong[key] = f"tag {shown(key)} is missing"
        elif not matches(found[key], patterns):
            wrong[key] = f"tag {shown(key)} has the value {shown(found[key])}"
    return wrong


def wanted(required: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the value patterns of each key, in the order in which the keys are named."""
    patterns: dict[str, list[str]] = {}
    for entry in required:
        key, equals, pattern = entry.partition("=")
        patterns.setdefault(key, []).append(pattern if equals else "*")
    return patterns
