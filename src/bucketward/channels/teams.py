"""A Microsoft Teams webhook of the Workflows app: an Adaptive Card; the secret is its URL.

Sources: https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
(28 KB a message), https://adaptivecards.io/explorer/ (version 1.4). Text is in text runs, which
have no markdown, so nothing of others is interpreted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Digests
from bucketward.channels.sending import Post
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target
    from bucketward.event import Event

_LARGEST = 24 * 1024
_TEXT = 600
_COLOURS = {"critical": "Attention", "high": "Attention", "medium": "Warning", "low": "Accent"}


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Post]:
    shown = min(len(incidents), message.SHOWN)
    while True:
        body = _message(incidents, shown, reverts)
        if shown == 0 or len(json.dumps(body)) <= _LARGEST:
            return [Post.of(target.url(), body)]
        shown -= 1


def _message(incidents: Sequence[Incident], shown: int, reverts: Sequence[Event]) -> dict[str, Any]:
    body = [_run(message.heading(incidents, reverts), size="Large", weight="Bolder")]
    actions: list[dict[str, str]] = []
    for each in incidents[:shown]:
        body += _incident(each, titled=len(incidents) + len(reverts) > 1)
        if len(incidents) == 1:
            actions += [
                {"type": "Action.OpenUrl", "title": label, "url": url}
                for label, url in message.links(each)
            ]
    rest = [*map(message.headline, incidents[shown:]), *map(message.reverted, reverts)]
    body += [_run(each) for each in rest[:_MOST]]
    if len(rest) > _MOST:
        body.append(_run(f"and {len(rest) - _MOST} more"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        **({"actions": actions} if actions else {}),
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


_MOST = 20


def _incident(incident: Incident, *, titled: bool) -> list[dict[str, Any]]:
    colour = "Good" if incident.resolved else _COLOURS.get(incident.severity, "Default")
    blocks = [_run(message.headline(incident), weight="Bolder", color=colour)] if titled else []
    blocks += [
        _run(text, label=label)
        for label, text in (*message.facts(incident), *message.commands(incident))
    ]
    blocks += [_run(each, fontType="Monospace") for each in message.changes(incident.head)]
    return [*blocks, _run(str(incident.head.get("response", "")))]


def _run(text: str, *, label: str = "", **style: str) -> dict[str, Any]:
    runs = [{"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"}] if label else []
    return {
        "type": "RichTextBlock",
        "inlines": [*runs, {"type": "TextRun", "text": cut(text, _TEXT) or " ", **style}],
    }


CHANNEL = Channel("teams", "Microsoft Teams", "Teams", "TeamsSecretArn", Digests(write))
