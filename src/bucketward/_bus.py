"""Alerts and reverts as events on a bus of our own; channels are targets of its rules.

The detail's shape is documented in docs/events.md and has a version of its own.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import logger
from .errors import AlertLost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BUS = "BUCKETWARD_BUS"
SOURCE = "bucketward"
ALERT, REVERT = "Bucketward Alert", "Bucketward Revert"
VERSION = "1"
_ENTRIES = 10
"""Entries that PutEvents takes at a time."""


def publish(kind: str, details: Iterable[Mapping[str, Any]]) -> None:
    """Put events on the bus, or into the log alone where there is none.

    Raises `AlertLost` where EventBridge did not take one, so that what led to it is tried again.
    """
    bus = os.environ.get(BUS)
    found = [{"version": VERSION, **each} for each in details]
    for each in found:
        logger.info(kind.lower(), extra={"event": each})
    if not bus:
        return
    for start in range(0, len(found), _ENTRIES):
        entries = [
            {"EventBusName": bus, "Source": SOURCE, "DetailType": kind, "Detail": json.dumps(each)}
            for each in found[start : start + _ENTRIES]
        ]
        reply = _aws.client("events").put_events(Entries=entries)
        if reply.get("FailedEntryCount"):
            codes = {each.get("ErrorCode") for each in reply["Entries"] if each.get("ErrorCode")}
            raise AlertLost(f"The event bus did not take an alert: {', '.join(sorted(codes))}.")
