"""Lifecycle rules of a bucket, as rules, remediations and safety checks see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .aspects import LIFECYCLE
from .selection import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bucket import Bucket

LifecycleRule = dict[str, Any]

ABORT_ID = "bucketward-abort-incomplete-uploads"
"""The id of the one rule that Bucketward adds."""

EXPIRATIONS = ("Expiration", "NoncurrentVersionExpiration")
ACTIONS = (
    *EXPIRATIONS,
    "Transitions",
    "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)
MOST_RULES = 1000


def rules(bucket: Bucket) -> list[LifecycleRule]:
    return list((bucket[LIFECYCLE] or {}).get("Rules", ()))


def by_id(found: Iterable[LifecycleRule]) -> dict[str, LifecycleRule]:
    return {rule["ID"]: rule for rule in found if rule.get("ID")}


def enabled(rule: LifecycleRule) -> bool:
    return rule.get("Status") == "Enabled"


def scope(rule: LifecycleRule) -> tuple[Any, ...]:
    """Say which objects a rule is for, the same for each way to write it: () is all of them."""
    given = rule.get("Filter") or {}
    given = {**given, **(given.get("And") or {})}
    prefix = given.get("Prefix") or rule.get("Prefix")
    tags = [*given.get("Tags", ()), *([given["Tag"]] if given.get("Tag") else ())]
    sizes = [(key, given[key]) for key in _SIZES if given.get(key) is not None]
    return (
        *([("Prefix", prefix)] if prefix else ()),
        *sorted(("Tag", tag.get("Key"), tag.get("Value")) for tag in tags),
        *sizes,
    )


_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


def prefix(rule: LifecycleRule) -> str:
    """Return the prefix that a rule is limited to, "" for none."""
    return next((str(value) for kind, value, *_ in scope(rule) if kind == "Prefix"), "")


def abort_days(bucket: Bucket) -> int | None:
    """Return after how many days every incomplete upload is aborted, None for never.

    Only enabled rules for the whole bucket count; S3 allows no tag or size filter beside them.
    """
    days = [
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in rules(bucket)
        if enabled(rule) and not scope(rule) and rule.get("AbortIncompleteMultipartUpload")
    ]
    return min(days, default=None)


def too_soon(rule: LifecycleRule, days: int) -> str | None:
    """Say how a rule deletes current or noncurrent objects that are younger than ``days``.

    A date is always too soon: from then on S3 expires every object, whatever its age.
    """
    if not enabled(rule):
        return None
    expiration = rule.get("Expiration") or {}
    if expiration.get("Date"):
        return f"expires objects of any age from {expiration['Date'][:10]} on"
    age = expiration.get("Days")
    if age is not None and age < days:
        return f"expires objects after {in_days(age)}"
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent is not None and noncurrent.get("NoncurrentDays", 0) < days:
        return f"deletes noncurrent versions after {in_days(noncurrent.get('NoncurrentDays', 0))}"
    return None


def in_days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def sooner(before: LifecycleRule | None, after: LifecycleRule) -> bool:
    """Whether a rule would delete objects that it does not delete, or not yet, as it is now."""
    if not enabled(after):
        return False
    now = before or {}
    if not enabled(now) or scope(now) != scope(after):
        now = {}
    return _current_sooner(now, after) or _noncurrent_sooner(now, after)


def deletes_more(now: Iterable[LifecycleRule], then: LifecycleRule) -> bool:
    """Whether a rule deletes something that no other of the same or no scope deletes as soon."""
    for action in EXPIRATIONS:
        other = set(EXPIRATIONS) - {action}
        only = {key: each for key, each in then.items() if key not in other}
        if sooner(None, only) and all(sooner(_within(rule, only), only) for rule in now):
            return True
    return False


def _within(rule: LifecycleRule, other: LifecycleRule) -> LifecycleRule:
    """Return the part of a rule for all objects that is for those of another rule."""
    if scope(rule):
        return rule
    scopes = ("Filter", "Prefix")
    rest = {key: each for key, each in rule.items() if key not in scopes}
    return {**rest, **{key: each for key, each in other.items() if key in scopes}}


def _current_sooner(now: LifecycleRule, then: LifecycleRule) -> bool:
    was, will = now.get("Expiration") or {}, then.get("Expiration") or {}
    if will.get("Date"):
        return bool(was.get("Date") != will["Date"])
    if will.get("Days") is None:
        return False
    # Against a date, what is sooner depends on today, so it is taken to be.
    return bool(was.get("Days") is None or will["Days"] < was["Days"])


def _noncurrent_sooner(now: LifecycleRule, then: LifecycleRule) -> bool:
    was = now.get("NoncurrentVersionExpiration")
    will = then.get("NoncurrentVersionExpiration")
    if will is None:
        return False
    if was is None:
        return True
    return any(will.get(each, 0) < was.get(each, 0) for each in _NONCURRENT)


_NONCURRENT = ("NoncurrentDays", "NewerNoncurrentVersions")


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long a bucket must keep its objects, and which of them it need not."""

    days: int
    temporary: tuple[str, ...] = ()

    @classmethod
    def of(cls, bucket: Bucket, parameters: Any) -> Kept:  # noqa: ANN401 - the control's own
        if chosen(bucket, parameters.log_buckets, parameters.log_tag):
            return cls(parameters.log_bucket_days)
        return cls(parameters.minimum_days, parameters.temporary_prefixes)

    def fault(self, rule: LifecycleRule) -> str | None:
        if self.temporary and prefix(rule).startswith(self.temporary):
            return None
        return too_soon(rule, self.days)
