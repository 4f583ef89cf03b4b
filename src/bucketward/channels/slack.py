"""A Slack incoming webhook; the secret is its URL.

Sources: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and the Block Kit
reference: 50 blocks a message, 150 characters of a header, 3,000 of a section's text, 10 fields of
2,000 each; ``verbatim``: https://docs.slack.dev/reference/block-kit/composition-objects/text-object
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Digests
from bucketward.channels.markup import escaped
from bucketward.channels.sending import Post
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target
    from bucketward.event import Event

_HEADER, _SECTION, _FIELD, _FIELDS = 150, 2900, 1900, 10


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Post]:
    heading = message.heading(incidents, reverts)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(heading, _HEADER)}}
    ]
    for each in incidents[: message.SHOWN]:
        blocks += _incident(each, titled=len(incidents) + len(reverts) > 1)
    rest = [*map(message.headline, incidents[message.SHOWN :]), *map(message.reverted, reverts)]
    if rest:
        blocks.append(_section("\n".join(f"• {escaped(each)}" for each in rest)))
    return [Post.of(target.url(), {"text": escaped(heading), "blocks": blocks})]


def _incident(incident: Incident, *, titled: bool) -> list[dict[str, Any]]:
    facts = list(message.facts(incident))
    long = [each for each in facts if len(each[1]) > _FIELD or each[0] in {"Authorised", "Reason"}]
    short = [each for each in facts if each not in long][:_FIELDS]
    lines = [f"*{label}:* {escaped(text)}" for label, text in long]
    lines += [f"> {escaped(each)}" for each in message.changes(incident.head)]
    lines += [escaped(str(incident.head.get("response", "")))]
    lines += [f"{label}: `{text}`" for label, text in message.commands(incident)]
    lines += [f"<{url}|{label}>" for label, url in message.links(incident)]
    fields = [_text(cut(f"*{label}*\n{escaped(text)}", _FIELD)) for label, text in short]
    title = [_section(f"*{escaped(message.headline(incident))}*")] if titled else []
    return [*title, {"type": "section", "fields": fields}, _section("\n".join(filter(None, lines)))]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(cut(text, _SECTION))}


def _text(text: str) -> dict[str, Any]:
    """Write markup in which Slack makes no links of its own, such as of an address in a name."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


CHANNEL = Channel("slack", "Slack", "Slack", "SlackSecretArn", Digests(write))
