"""The object monitor's Lambda handler: events on objects, see `bucketward._objects`."""

from typing import Any

from bucketward._objects import handle


def monitor(event: dict[str, Any], context: object) -> dict[str, Any]:
    return handle(event, context)
