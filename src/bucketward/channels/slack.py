"""A Slack incoming webhook; the secret is its URL.

Sources: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and the Block Kit
reference: 50 blocks a message, 150 characters of a header, 3,000 of a section's text, 10 fields of
2,000 each; ``verbatim``: https://docs.slack.dev/reference/block-kit/composition-objects/text-object.
All blocks together are refused from about 12,000 characters on, which is not documented:
https://github.com/slackapi/bolt-js/issues/2509, and from 11,300 in issue 2867.
"""

from __future__ import annotations

import json
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

_HEADER, _SECTION, _LINE, _FIELD, _FIELDS, _ALL = 150, 2900, 600, 1900, 10, 10_000
_SHORT_SECTION, _SHORT_FIELD = 2000, 300


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Post]:
    heading = message.heading(incidents, reverts)
    blocks = message.fitting(
        incidents,
        lambda shown, short: _blocks(heading, incidents, reverts, shown, short=short),
        lambda blocks: len(json.dumps(blocks, ensure_ascii=False)) <= _ALL,
    )
    return [Post.of(target.url(), {"text": cut(escaped(heading), _SECTION), "blocks": blocks})]


def _blocks(
    heading: str,
    incidents: Sequence[Incident],
    reverts: Sequence[Event],
    shown: int,
    *,
    short: bool,
) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(heading, _HEADER)}}
    ]
    for each in incidents[:shown]:
        blocks += _incident(each, titled=len(incidents) + len(reverts) > 1, short=short)
    rest = [*map(message.headline, incidents[shown:]), *map(message.reverted, reverts)]
    if rest:
        blocks.append(_section("\n".join(f"• {escaped(each)}" for each in rest)))
    return blocks


def _incident(incident: Incident, *, titled: bool, short: bool) -> list[dict[str, Any]]:
    section, field = (_SHORT_SECTION, _SHORT_FIELD) if short else (_SECTION, _FIELD)
    facts = list(message.facts(incident))
    long = [each for each in facts if len(each[1]) > _FIELD or each[0] in {"Authorised", "Reason"}]
    beside = [each for each in facts if each not in long][:_FIELDS]
    lines = [f"*{label}:* {cut(escaped(text), _LINE)}" for label, text in long]
    lines += [escaped(str(incident.head.get("response", "")))]
    lines += [f"{label}: `{text}`" for label, text in message.commands(incident)]
    lines += [f"<{url}|{label}>" for label, url in message.links(incident)]
    # What changed comes last, as it is others' text, which may not push the rest out.
    lines += [f"> {escaped(each)}" for each in message.changes(incident.head)]
    fields = [_text(cut(f"*{label}*\n{escaped(text)}", field)) for label, text in beside]
    title = [_section(f"*{escaped(message.headline(incident))}*", field)] if titled else []
    told = _section("\n".join(filter(None, lines)), section)
    return [*title, {"type": "section", "fields": fields}, told]


def _section(text: str, longest: int = _SECTION) -> dict[str, Any]:
    return {"type": "section", "text": _text(cut(text, longest))}


def _text(text: str) -> dict[str, Any]:
    """Write markup in which Slack makes no links of its own, such as of an address in a name."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


CHANNEL = Channel("slack", "Slack", "Slack", "SlackSecretArn", Digests(write))
