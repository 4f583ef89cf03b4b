"""Alerts and reverts as events on a bus of our own; channels are targets of its rules.

`event` writes their details, docs/events.md describes them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import count, logger
from .errors import AlertLost
from .metrics import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BUS = "BUCKETWARD_BUS"
SOURCE = "bucketward"
ALERT, REVERT = "Bucketward Alert", "Bucketward Revert"
_ENTRIES, _BYTES = 10, 240_000
"""Entries, and bytes of them together, that PutEvents takes at a time, with room."""


def publish(kind: str, details: Iterable[Mapping[str, Any]]) -> None:
    """Put events on the bus, or into the log alone where there is none.

    Raises `AlertLost` where EventBridge did not take one, so that what led to it is tried again.
    """
    bus = os.environ.get(BUS)
    found = list(details)
    for each in found:
        logger.info(kind.lower(), extra={"event": each})
        if kind == ALERT:
            # Before it is sent: an alarm on an alert goes off where the bus is lost as well.
            count(ALERTS, each["id"])
    if not bus:
        return
    for entries in _requests(bus, kind, found):
        reply = _aws.client("events").put_events(Entries=entries)
        if reply.get("FailedEntryCount"):
            codes = {each.get("ErrorCode") for each in reply["Entries"] if each.get("ErrorCode")}
            raise AlertLost(f"The event bus did not take an alert: {', '.join(sorted(codes))}.")


def _requests(
    bus: str, kind: str, details: Iterable[Mapping[str, Any]]
) -> Iterator[list[dict[str, str]]]:
    entries: list[dict[str, str]] = []
    size = 0
    for each in details:
        detail = json.dumps(each)
        if entries and (len(entries) == _ENTRIES or size + len(detail) > _BYTES):
            yield entries
            entries, size = [], 0
        entries.append(
            {"EventBusName": bus, "Source": SOURCE, "DetailType": kind, "Detail": detail}
        )
        size += len(detail)
    if entries:
        yield entries
