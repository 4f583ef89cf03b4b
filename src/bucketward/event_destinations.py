"""Where a bucket's event notifications go, as rule, remediation and safety check see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aspects import NOTIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .bucket import Bucket

EVENT_BRIDGE = "EventBridgeConfiguration"
"""Present, with nothing in it, where all events go to EventBridge in the bucket's account."""

LISTS = {
    "TopicConfigurations": "TopicArn",
    "QueueConfigurations": "QueueArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
}
SOMEWHERE = (EVENT_BRIDGE, *LISTS)


def destinations(bucket: Bucket) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the ARN of each topic, queue and function, with its configuration."""
    document = bucket[NOTIFICATION] or {}
    for name, member in LISTS.items():
        for each in document.get(name, ()):
            yield each[member], each


def to_event_bridge(bucket: Bucket) -> bool:
    return EVENT_BRIDGE in (bucket[NOTIFICATION] or {})


def account_of(arn: str) -> str:
    """Return the account in an ARN; "" where there is none, which nobody trusts."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" else ""  # noqa: PLR2004


def trusted(arn: str, own: str, accounts: tuple[str, ...]) -> bool:
    return account_of(arn) in {own, *accounts}


def without_foreign(bucket: Bucket, accounts: tuple[str, ...]) -> dict[str, Any]:
    """Return the document without untrusted destinations; every other part is as it is."""
    document = dict(bucket[NOTIFICATION] or {})
    for name, member in LISTS.items():
        if name not in document:
            continue
        kept = [each for each in document[name] if trusted(each[member], bucket.account, accounts)]
        if kept:
            document[name] = kept
        else:
            del document[name]
    return document
