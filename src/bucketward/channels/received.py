"""Events of the alert bus as they arrive; whoever may put events there may write anything."""

from __future__ import annotations

import json
from typing import Any

from bucketward.channels.incident import RANKS
from bucketward.errors import BadInput, shown
from bucketward.event import VERSION, Event, inert

_TEXTS = ("id", "title", "severity", "account", "reason", "time")
_OF_ALERTS = ("dedupKey",)
_OF_REVERTS = ("control", "actor", "note")


def received(body: str) -> Event:
    """Read a message's body: an alert, or a revert, which alone has ``aspects``.

    Raises `BadInput` for what is neither, of a version that is not known, or about an account
    that did not send it.
    """
    try:
        envelope = json.loads(body)
        event = inert(envelope["detail"])
        kind = envelope["detail-type"]
        sender = str(envelope["account"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(f"The message {shown(body)} is no event of Bucketward.") from None
    revert = kind == "Bucketward Revert"
    needed = (*_TEXTS, *(_OF_REVERTS if revert else _OF_ALERTS))
    if not isinstance(event, dict) or not all(isinstance(event.get(each), str) for each in needed):
        raise BadInput(f"The {shown(kind)} lacks one of {', '.join(needed)}.")
    if event["account"] != sender:
        # Several accounts may send to one bus, and none of them may speak for another: a revert
        # would end the other's incidents. EventBridge itself says whose event it is.
        raise BadInput(f"The {shown(kind)} of account {shown(sender)} is about another account.")
    if event.get("version") != VERSION:
        raise BadInput(f"The {shown(kind)} has version {shown(event.get('version'))}.")
    if event["severity"] not in RANKS:
        raise BadInput(f"The {shown(kind)} has the severity {shown(event['severity'])}.")
    return _shaped(event, revert=revert)


def _shaped(event: Event, *, revert: bool) -> Event:
    """Give the members that are no texts the type that they have, empty where they do not."""
    shape: dict[str, type[Any]] = {"links": dict, "commands": dict, "actor": dict, "changes": list}
    if revert:
        shape = {"links": dict, "commands": dict, "changes": list, "aspects": list}
    shaped = dict(event)
    if not revert:
        shaped.pop("aspects", None)
    for name, kind in shape.items():
        if not isinstance(event.get(name), kind):
            shaped[name] = kind()
    if not isinstance(event.get("bucket"), str):
        shaped["bucket"] = None  # it is about the account
    shaped["commands"] = {"approve": None, "undo": None} | shaped["commands"]
    shaped["changes"] = [each for each in shaped["changes"] if _difference(each)]
    return shaped


def _difference(each: object) -> bool:
    return isinstance(each, dict) and {"aspect", "path", "before", "after"} <= each.keys()
