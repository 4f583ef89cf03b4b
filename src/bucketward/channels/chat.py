"""Slack and Microsoft Teams through Amazon Q Developer in chat applications: an SNS topic.

Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html, which has the
schema. Other messages on the topic are dropped there, so this one is sent in that form alone. One
notification an incident: the thread is the incident's, and so its end is found where it began.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Digests
from bucketward.channels.markup import escaped
from bucketward.channels.sending import Call
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target
    from bucketward.event import Event

_TITLE, _LINE, _DESCRIPTION = 200, 300, 4000


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Call]:
    told = [_notification(each) for each in incidents[: message.SHOWN]]
    rest = [*map(message.headline, incidents[message.SHOWN :]), *map(message.reverted, reverts)]
    if rest:
        first = incidents[message.SHOWN].key if incidents[message.SHOWN :] else reverts[0]["id"]
        told.append(_custom(str(first), f"Bucketward: {len(rest)} more", rest, [], "digest"))
    return [
        Call("sns", "publish", {"TopicArn": target.address, "Message": json.dumps(each)})
        for each in told
    ]


def _notification(incident: Incident) -> dict[str, Any]:
    lines = [f"*{label}:* {cut(escaped(text), _LINE)}" for label, text in message.facts(incident)]
    lines += [f"<{url}|{label}>" for label, url in message.links(incident)]
    # What changed comes last, as it is others' text, which may not push the rest out.
    lines += [f"> {escaped(each)}" for each in message.changes(incident.head)]
    steps = [str(incident.head.get("response", ""))]
    steps += [f"{label}: `{text}`" for label, text in message.commands(incident)]
    found = _custom(incident.key, message.headline(incident), [], steps, str(incident.head["id"]))
    found["content"]["description"] = cut("\n".join(lines), _DESCRIPTION)
    found["content"]["keywords"] = [incident.severity, str(incident.head["id"])]
    found["metadata"]["relatedResources"] = [escaped(incident.resource)]
    found["metadata"]["additionalContext"] = {
        "account": str(incident.head["account"]),
        "region": str(incident.head.get("region") or ""),
    }
    return found


def _custom(
    thread: str, title: str, lines: list[str], steps: list[str], kind: str
) -> dict[str, Any]:
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": cut(escaped(title), _TITLE),
            "description": cut("\n".join(map(escaped, lines)), _DESCRIPTION),
            "nextSteps": [each for each in steps if each],
        },
        "metadata": {
            "threadId": thread,
            "summary": cut(escaped(title), _TITLE),
            "eventType": kind,
        },
    }


CHANNEL = Channel(
    "chat",
    "Amazon Q Developer in chat applications (Slack, Microsoft Teams)",
    "Chat",
    "ChatTopicArn",
    Digests(write),
    secret=False,
)
