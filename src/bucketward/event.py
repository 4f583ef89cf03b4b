"""The events on the alert bus, as docs/events.md and docs/events.schema.json describe them.

Pure. Names, reasons and values come from whoever made the change, so every text is cut and loses
what a terminal, a mail or a chat could take as a command to itself: control characters, changes
of writing direction, half surrogate pairs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .aspects import ASPECTS
from .baseline.instant import stamp
from .configuration_item import BUCKET
from .difference import cut, differences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .aspects import Document
    from .baseline.journal import JournalEntry
    from .changes.actor import Actor
    from .changes.alert import Alert
    from .verdict import Severity

VERSION = "1"
"""Goes up where a consumer could break: a member goes, or means something else."""

REVERT_SEVERITY = "medium"
"""Of an event that tells of a revert: good news, but somebody's change is gone."""

LARGEST = 64 * 1024
"""Bytes of an event's detail; EventBridge takes 256 KB, with all that is sent along."""

_TEXT = 1000
_DIFFERENCES = 40
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")
_EVENT_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

_AUTHORISED = {
    "authorised": True,
    "authorised-but-dangerous": True,
    "self": True,
    "unauthorised": False,
    "failed-attempt": False,
}
"""What the standings mean; of the others nobody knows. Texts, as a remediation writes events, too,
and its start shall not pay for `changes`."""

Event = dict[str, Any]
Changes = dict[str, tuple["Document | None", "Document | None"]]
"""Documents before and after, by aspect; an aspect of which one is unknown is left out."""


def alert_event(  # noqa: PLR0913 - what is known of an alert, most of it optional
    alert: Alert,
    *,
    account: str,
    region: str,
    time: datetime,
    reason: str,
    severity: Severity | None = None,
    bucket: str | None = None,
    aspect: str | None = None,
    control: str | None = None,
    standing: str = "unknown",
    action: str = "none",
    event_name: str | None = None,
    event_id: str | None = None,
    actor: Actor | None = None,
    changes: Changes | None = None,
) -> Event:
    """Write the detail of an event that tells of an alert."""
    told = {
        "version": VERSION,
        "id": alert.id,
        "title": alert.title,
        "severity": (severity or alert.severity).value,
        "meaning": alert.meaning,
        "response": alert.response,
        "attack": [each.to_dict() for each in alert.attack],
        "account": account,
        "region": region,
        "bucket": bucket or None,
        "aspect": aspect,
        "control": control,
        "standing": standing,
        "authorised": _AUTHORISED.get(standing),
        "reason": reason,
        "action": action,
        "time": stamp(time),
        "eventName": event_name,
        "eventId": event_id,
        "actor": _actor(actor),
        "changes": _differences(changes or {}),
        "commands": {"approve": _approve(bucket, [aspect]), "undo": None},
        "links": _links(region, bucket, event_id),
    }
    who = (actor.principal or str(actor)) if actor else ""
    told["dedupKey"] = dedup_key(alert.id, account, bucket, aspect or control, who)
    return fitted(told)


def revert_event(entry: JournalEntry, *, region: str, note: str) -> Event:
    """Write the detail of an event that tells of a revert, which resolves the bucket's alerts."""
    aspects = sorted(entry.after)
    whose = f"bucket {entry.bucket}" if entry.bucket else f"account {entry.account}"
    undone = entry.bucket and _NAME.fullmatch(entry.id)
    return fitted(
        {
            "version": VERSION,
            "id": entry.id,
            "title": f"{entry.control} put {whose} back",
            "severity": REVERT_SEVERITY,
            "account": entry.account,
            "region": region,
            "bucket": entry.bucket or None,
            "control": entry.control,
            "aspects": aspects,
            "calls": list(entry.calls),
            "actor": entry.actor,
            "reason": entry.reason,
            "note": note,
            "time": stamp(entry.time),
            "changes": _differences(
                {name: (entry.before.get(name), entry.after[name]) for name in aspects}
            ),
            "commands": {
                "approve": _approve(entry.bucket, aspects),
                "undo": f"bucketward undo {entry.id}" if undone else None,
            },
            "links": _links(region, entry.bucket, None),
        }
    )


def dedup_key(
    alert: str, account: str, bucket: str | None, aspect: str | None, actor: str | None
) -> str:
    """Return what is the same for the same alert on the same aspect of a bucket by one actor."""
    parts = json.dumps([alert, account, bucket or "", aspect or "", actor or ""])
    return f"bucketward-{sha256(parts.encode()).hexdigest()[:32]}"


def inert(value: Any, limit: int = _TEXT) -> Any:  # noqa: ANN401 - JSON
    """Make every text in a value harmless to show: one line, cut, nothing that cannot be seen."""
    match value:
        case str():
            shown = "".join(
                " " if each in "\n\r\t" else "\N{REPLACEMENT CHARACTER}" if _unseen(each) else each
                for each in value[: 2 * limit]
            )
            return cut(shown, limit)
        case dict():
            return {str(inert(key)): inert(each) for key, each in value.items()}
        case list():
            return [inert(each) for each in value]
        case _:
            return value


def fitted(told: Event) -> Event:
    """Make an event inert and small: the last differences go where there are too many."""
    small: Event = inert(told)
    while len(json.dumps(small).encode()) > LARGEST and small.get("changes"):
        small["changes"] = small["changes"][: len(small["changes"]) // 2]
    return small


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def _actor(actor: Actor | None) -> dict[str, str | None]:
    if actor is None:
        return {"text": "unknown"}
    return {
        "text": str(actor),
        "type": actor.kind,
        "principal": actor.principal,
        "session": actor.session,
        "sourceIdentity": actor.source_identity,
        "via": actor.via,
        "address": actor.address,
        "account": actor.account,
    }


def _differences(changes: Changes) -> list[dict[str, str | None]]:
    found = [
        {"aspect": aspect, **each}
        for aspect, (before, after) in sorted(changes.items())
        for each in differences(before, after)
    ]
    return found[:_DIFFERENCES]


def _approve(bucket: str | None, aspects: Sequence[str | None]) -> str | None:
    """Return the command that approves; none where pasting it could do anything else."""
    known = [each for each in aspects if each in ASPECTS]
    if not bucket or not known or not _NAME.fullmatch(bucket):
        return None
    return " ".join(["bucketward approve", bucket, *(f"--aspect {each}" for each in known)])


def partition_of(region: str) -> str:
    """Return the partition of a Region, by its name."""
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    # The sovereign and the secret partitions have consoles and names of their own.
    return "" if region.startswith(("eusc-", "us-iso", "eu-iso")) else "aws"


def _links(region: str, bucket: str | None, event_id: str | None) -> dict[str, str | None]:
    host = _CONSOLES.get(partition_of(region))
    if not host or not re.fullmatch(r"[a-z0-9-]{3,30}", region):
        return {"config": None, "cloudtrail": None}
    config = cloudtrail = None
    if bucket and _NAME.fullmatch(bucket):
        name = quote(bucket, safe="")
        config = (
            f"https://{host}/config/home?region={region}#/resources/timeline"
            f"?resourceId={name}&resourceName={name}&resourceType={quote(BUCKET, safe='')}"
        )
    if event_id and _EVENT_ID.fullmatch(event_id):
        cloudtrail = f"https://{host}/cloudtrailv2/home?region={region}#/events/{event_id}"
    return {"config": config, "cloudtrail": cloudtrail}
