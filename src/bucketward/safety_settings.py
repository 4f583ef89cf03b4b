"""The orders of a bucket's settings: what a change of each must not take away (law 5).

Each says what would be lost, or None. What lets more people or places get at the bucket's data,
deletes data sooner, or costs others money counts as a loss; a dropped destination does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import cross_origin, event_destinations, lifecycle, object_lock, replication
from .aspects import (
    CORS,
    LIFECYCLE,
    NOTIFICATION,
    OBJECT_LOCK,
    REPLICATION,
    REQUEST_PAYMENT,
    TAGGING,
    WEBSITE,
)
from .errors import shown
from .selection import tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from .bucket import Bucket


def _lifecycle(before: Bucket, after: Bucket) -> str | None:
    now = lifecycle.rules(before)
    known = lifecycle.by_id(now)
    for rule in lifecycle.rules(after):
        if rule not in now and lifecycle.sooner(known.get(rule.get("ID", "")), rule):
            return f"lifecycle rule {shown(rule.get('ID'))} would delete objects sooner"
    return None


def _replication(before: Bucket, after: Bucket) -> str | None:
    """Compare rules with the same id and destination; where else objects go is not weighed."""
    kept = replication.by_id(replication.rules(after))
    for name, rule in replication.by_id(replication.rules(before)).items():
        then = kept.get(name)
        if then is None or replication.target(then) != replication.target(rule):
            continue
        if replication.enabled(rule) and not replication.enabled(then):
            return f"replication rule {shown(name)} would be disabled"
        lost = _lost({**rule, "Status": None}, {**then, "Status": None})
        if lost:
            return f"replication rule {shown(name)} would lose its {lost}"
    return None


def _lost(before: dict[str, Any], after: dict[str, Any], path: str = "") -> str | None:
    """Return the first member that is gone or has another value."""
    for key, value in before.items():
        then = after.get(key)
        if isinstance(value, dict) and isinstance(then, dict):
            lost = _lost(value, then, f"{path}{key}.")
            if lost:
                return lost
        elif value != then:
            return f"{path}{key}"
    return None


def _cors(before: Bucket, after: Bucket) -> str | None:
    now = cross_origin.rules(before)
    new = [rule for rule in cross_origin.rules(after) if rule not in now]
    return f"origins {shown(new[0].get('AllowedOrigins'))} would be allowed" if new else None


def _website(before: Bucket, after: Bucket) -> str | None:
    if after[WEBSITE] and not before[WEBSITE]:
        return "website hosting would be turned on"
    return None


def _notification(before: Bucket, after: Bucket) -> str | None:
    if event_destinations.to_event_bridge(before) and not event_destinations.to_event_bridge(after):
        return "delivery to EventBridge would be turned off"
    now = {arn for arn, _ in event_destinations.destinations(before)}
    for arn, _ in event_destinations.destinations(after):
        if arn not in now:
            return f"events would go to {shown(arn)}"
    return None


def _request_payment(before: Bucket, after: Bucket) -> str | None:
    now, then = before[REQUEST_PAYMENT] or {}, after[REQUEST_PAYMENT] or {}
    if then.get("Payer") == "Requester" != now.get("Payer"):
        return "requesters would pay"
    return None


def _tagging(before: Bucket, after: Bucket) -> str | None:
    """Values may change; a key that is gone may take access, cost or backup rules with it."""
    lost = tags(before).keys() - tags(after).keys()
    return f"tag {shown(min(lost))} would be removed" if lost else None


def _object_lock(before: Bucket, after: Bucket) -> str | None:
    if object_lock.is_on(before) and not object_lock.is_on(after):
        return "Object Lock would be turned off"
    now, then = object_lock.Retention.of(before), object_lock.Retention.of(after)
    if now is None:
        return None
    if then is None:
        return "the default retention would be removed"
    if now.rank < 0 and now != then:
        return f"how strict retention mode {shown(now.mode)} is cannot be told"
    if then.rank < now.rank or then.days < now.days:
        return f"the default retention would go from {now} to {then}"
    return None


ORDERS: dict[str, Callable[[Bucket, Bucket], str | None]] = {
    LIFECYCLE.name: _lifecycle,
    REPLICATION.name: _replication,
    CORS.name: _cors,
    WEBSITE.name: _website,
    NOTIFICATION.name: _notification,
    REQUEST_PAYMENT.name: _request_payment,
    TAGGING.name: _tagging,
    OBJECT_LOCK.name: _object_lock,
}
