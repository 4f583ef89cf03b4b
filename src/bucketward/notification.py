"""Read the event with which AWS Config invokes a custom rule.

The envelope, the three message types and the configuration item are described in
https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .configuration_item import DELETED, STATUSES
from .errors import BadInput, shown
from .item_values import timestamp

if TYPE_CHECKING:
    from datetime import datetime

CHANGE = "ConfigurationItemChangeNotification"
OVERSIZED = "OversizedConfigurationItemChangeNotification"
SCHEDULED = "ScheduledNotification"


@dataclass(frozen=True, slots=True)
class Notification:
    """What AWS Config says of one resource.

    ``item`` is the configuration item; for an oversized one that has not been fetched yet it is
    the summary, and ``complete`` is False.
    """

    item: Mapping[str, Any]
    complete: bool = True
    diff: Mapping[str, Any] | None = None
    left_scope: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resource_id(self) -> str:
        return str(self.item.get("resourceId") or self.item.get("resourceName") or "")

    @property
    def gone(self) -> bool:
        """Whether the resource is deleted or no longer in scope."""
        return self.left_scope or self.item["configurationItemStatus"] in DELETED

    @property
    def captured(self) -> datetime:
        """When AWS Config looked at the resource; it keeps the verdict with the newest time."""
        return timestamp(self.item["configurationItemCaptureTime"])

    @classmethod
    def parse(cls, event: object) -> Notification:
        """Read a Config event, an invoking event or a bare configuration item.

        Raises `BadInput` with a sentence that says which field is wrong.
        """
        if not isinstance(event, Mapping):
            raise BadInput("The event is not a JSON object.")
        if "invokingEvent" in event:
            inner = cls.parse_invoking(_object(event["invokingEvent"], "invokingEvent"))
            return cls(
                item=inner.item,
                complete=inner.complete,
                diff=inner.diff,
                # Replayed and hand-made events lack it; a service's own event always has it.
                left_scope=event.get("eventLeftScope") is True,
                parameters=event_parameters(event),
            )
        if "messageType" in event:
            return cls.parse_invoking(event)
        if "resourceType" in event:
            return cls(item=_item(event))
        raise BadInput(
            "The event holds neither an invokingEvent nor a messageType nor a resourceType, so it "
            "is not an AWS Config event; pass a Config event or a configuration item."
        )

    @classmethod
    def parse_invoking(cls, invoking: Mapping[str, Any]) -> Notification:
        match invoking.get("messageType"):
            case "ConfigurationItemChangeNotification":
                diff = invoking.get("configurationItemDiff")
                return cls(
                    item=_item(_object(invoking.get("configurationItem"), "configurationItem")),
                    diff=diff if isinstance(diff, Mapping) else None,
                )
            case "OversizedConfigurationItemChangeNotification":
                summary = invoking.get("configurationItemSummary")
                return cls(item=_item(_object(summary, "configurationItemSummary")), complete=False)
            case other:
                raise BadInput(
                    f"The message type is {shown(other)}; this rule runs on {CHANGE} and "
                    f"{OVERSIZED}."
                )


def event_parameters(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return _object(event.get("ruleParameters") or {}, "ruleParameters")


def scheduled(event: object) -> Mapping[str, Any] | None:
    """Return the invoking event of a schedule, None for any other event."""
    if not isinstance(event, Mapping) or "invokingEvent" not in event:
        return None
    invoking = _object(event["invokingEvent"], "invokingEvent")
    if invoking.get("messageType") != SCHEDULED:
        return None
    try:
        timestamp(invoking.get("notificationCreationTime"))
    except (TypeError, ValueError) as error:
        raise BadInput(f"The event has no valid notificationCreationTime: {error}.") from error
    return invoking


def _object(value: object, name: str) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"The event's {name} is not JSON: {error}.") from error
    if not isinstance(value, Mapping):
        raise BadInput(f"The event's {name} is missing or not a JSON object.")
    return value


def _item(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check the fields without which no verdict can be reported."""
    for name in ("resourceType", "resourceId", "configurationItemStatus"):
        if not isinstance(item.get(name), str) or not item[name]:
            raise BadInput(f"The configuration item has no {name}.")
    if item["configurationItemStatus"] not in STATUSES:
        status = shown(item["configurationItemStatus"])
        raise BadInput(f"The configuration item's configurationItemStatus is {status}.")
    try:
        timestamp(item.get("configurationItemCaptureTime"))
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"The configuration item has no valid configurationItemCaptureTime: {error}."
        ) from error
    return item
