"""Object Lock of a bucket, as rule, remediation and safety check see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .aspects import OBJECT_LOCK
from .lifecycle import in_days

if TYPE_CHECKING:
    from .bucket import Bucket

MODES = ("GOVERNANCE", "COMPLIANCE")
"""From the one that a permission can bypass to the one that nobody can."""

MOST_DAYS = 36500
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long a new object can't be deleted where its upload does not say."""

    mode: str
    days: int

    @classmethod
    def of(cls, bucket: Bucket) -> Retention | None:
        default = _default(bucket)
        days = default.get("Days") or (default.get("Years") or 0) * _YEAR
        return cls(default["Mode"], days) if default.get("Mode") and days else None

    @property
    def rank(self) -> int:
        """The mode's place, or -1 for one that is not known."""
        return MODES.index(self.mode) if self.mode in MODES else -1

    def __str__(self) -> str:
        return f"{in_days(self.days)} in {self.mode} mode"

    def into(self, bucket: Bucket) -> dict[str, Any]:
        """Return the bucket's document with this retention and all else as it is."""
        document = bucket[OBJECT_LOCK] or {}
        kept = {
            key: value
            for key, value in _default(bucket).items()
            if key not in {"Mode", "Days", "Years"}
        }
        default = {**kept, "Mode": self.mode, "Days": self.days}
        rule = {**(document.get("Rule") or {}), "DefaultRetention": default}
        return {**document, "ObjectLockEnabled": "Enabled", "Rule": rule}


def _default(bucket: Bucket) -> dict[str, Any]:
    rule = (bucket[OBJECT_LOCK] or {}).get("Rule") or {}
    return rule.get("DefaultRetention") or {}


def is_on(bucket: Bucket) -> bool:
    return bool((bucket[OBJECT_LOCK] or {}).get("ObjectLockEnabled") == "Enabled")


def fault(bucket: Bucket, mode: str, minimum_days: int) -> str | None:
    """Say what is missing, or None; "" accepts both modes, 0 days need no default retention."""
    if not is_on(bucket):
        return "Object Lock is off."
    if not mode and not minimum_days:
        return None
    retention = Retention.of(bucket)
    if retention is None:
        return "Object Lock is on, but has no default retention."
    if retention.rank < Retention(mode or MODES[0], 0).rank:
        return f"The default retention is in {retention.mode} mode, not {mode or MODES[0]}."
    if retention.days < minimum_days:
        return f"The default retention is {in_days(retention.days)}, less than {minimum_days}."
    return None
