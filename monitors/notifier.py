"""The notifier's Lambda handler: alerts and reverts to a channel, see `bucketward._notify`."""

from typing import Any

from bucketward._notify import handle


def notifier(event: dict[str, Any], context: object) -> dict[str, Any]:
    return handle(event, context)
