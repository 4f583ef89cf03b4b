"""An SNS topic for e-mail and SMS: a long and a short text of the same.

Sources: *Publish* in the SNS API reference (a subject is ASCII, at most 100 characters; the
message at most 256 KB; ``MessageStructure`` json has one text a protocol), *Publishing SMS
messages* in the SNS developer guide (1,600 characters a publish).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bucketward.channels import message
from bucketward.channels.channel import Channel, Digests
from bucketward.channels.incident import RANKS
from bucketward.channels.sending import Call
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target
    from bucketward.event import Event

_SUBJECT, _SMS = 99, 300
_MAIL, _PART, _LINE = 60_000, 6000, 200
"""Characters of a mail, of an incident in it, and of one that only has a line; up to four bytes
each, so that a burst of the longest texts is a message still."""


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Call]:
    heading = message.heading(incidents, reverts)
    texts = [cut(message.plain(each), _PART) for each in incidents[: message.SHOWN]]
    texts += [cut(message.headline(each), _LINE) for each in incidents[message.SHOWN :]]
    texts += [message.reverted(each) for each in reverts]
    mail = cut(f"\n\n{'-' * 40}\n\n".join(texts), _MAIL)
    sms = cut(_short(heading, incidents), _SMS)
    worst = max((each.severity for each in incidents), key=lambda s: RANKS.get(s, 0), default="low")
    return [
        Call(
            "sns",
            "publish",
            {
                "TopicArn": target.address,
                "Subject": _ascii(heading)[:_SUBJECT],
                "MessageStructure": "json",
                "Message": json.dumps({"default": mail, "sms": sms}, ensure_ascii=False),
                # So that a subscription can take the worst only.
                "MessageAttributes": {"severity": {"DataType": "String", "StringValue": worst}},
            },
        )
    ]


def _short(heading: str, incidents: Sequence[Incident]) -> str:
    if len(incidents) != 1:
        return heading
    actor = incidents[0].head.get("actor") or {}
    return f"{heading} by {actor.get('text') or 'unknown'}; {message.done(incidents[0])}"


def _ascii(text: str) -> str:
    return "".join(each if " " <= each <= "~" else "?" for each in text)


CHANNEL = Channel(
    "topic", "E-mail and SMS", "Topic", "AlertEmail", Digests(write), secret=False, minimum="medium"
)
