"""A Microsoft Teams webhook of the Workflows app: an Adaptive Card; the secret is its URL.

Sources: https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
(28 KB a message), https://adaptivecards.io/explorer/ (version 1.4). Text is in text runs, which
have no markdown, so nothing of others is interpreted.
"""

from __future__ import annotations

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

_LARGEST = 20 * 1024
"""Bytes of a message: Teams counts more than is sent; others were refused from 21 KB on."""
_LONG, _SHORT = 600, 150
"""Characters of a text, each up to four bytes; all the short ones of an incident fit."""
_MOST = 20
_COLOURS = {"critical": "Attention", "high": "Attention", "medium": "Warning", "low": "Accent"}


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Post]:
    url = target.url()
    post = message.fitting(
        incidents,
        lambda shown, short: Post.of(url, _message(incidents, reverts, shown, short=short)),
        lambda post: len(post.content) <= _LARGEST,
    )
    return [post]


def _message(
    incidents: Sequence[Incident], reverts: Sequence[Event], shown: int, *, short: bool
) -> dict[str, Any]:
    longest = _SHORT if short else _LONG
    body = [_run(message.heading(incidents, reverts), longest, size="Large", weight="Bolder")]
    actions: list[dict[str, str]] = []
    for each in incidents[:shown]:
        body += _incident(each, longest, titled=len(incidents) + len(reverts) > 1)
        if len(incidents) == 1:
            actions += [
                {"type": "Action.OpenUrl", "title": label, "url": url}
                for label, url in message.links(each)
            ]
    rest = [*map(message.headline, incidents[shown:]), *map(message.reverted, reverts)]
    body += [_run(each, longest) for each in rest[:_MOST]]
    if len(rest) > _MOST:
        body.append(_run(f"and {len(rest) - _MOST} more", longest))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        **({"actions": actions} if actions else {}),
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _incident(incident: Incident, longest: int, *, titled: bool) -> list[dict[str, Any]]:
    colour = "Good" if incident.resolved else _COLOURS.get(incident.severity, "Default")
    title = message.headline(incident)
    blocks = [_run(title, longest, weight="Bolder", color=colour)] if titled else []
    blocks += [
        _run(text, longest, label=label)
        for label, text in (*message.facts(incident), *message.commands(incident))
    ]
    blocks += [_run(each, longest, fontType="Monospace") for each in message.changes(incident.head)]
    return [*blocks, _run(str(incident.head.get("response", "")), longest)]


def _run(text: str, longest: int, *, label: str = "", **style: str) -> dict[str, Any]:
    runs = [{"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"}] if label else []
    return {
        "type": "RichTextBlock",
        "inlines": [*runs, {"type": "TextRun", "text": cut(text, longest) or " ", **style}],
    }


CHANNEL = Channel("teams", "Microsoft Teams", "Teams", "TeamsSecretArn", Digests(write))
