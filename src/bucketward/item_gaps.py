"""What a configuration item leaves open of the aspects that rules read live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aspects import NOTIFICATION, REPLICATION
from .event_destinations import EVENT_BRIDGE

if TYPE_CHECKING:
    from .bucket import Bucket
    from .resource import Part


def possible(bucket: Bucket, aspect: Part) -> list[Any]:
    """Return the documents of an aspect of which S3 must hold one, none where it could be any.

    Of replication AWS Config records each rule's status, destination and account, of notifications
    all but the delivery to EventBridge.
    """
    if aspect not in bucket:
        return []
    if aspect == REPLICATION:
        return [bucket[REPLICATION]]
    if aspect == NOTIFICATION:
        recorded = bucket[NOTIFICATION]
        return [recorded, {**(recorded or {}), EVENT_BRIDGE: {}}]
    return []
