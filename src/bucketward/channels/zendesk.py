"""Zendesk's Ticketing API: a ticket, solved when it is over.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/: create and update,
and Idempotency-Key, by which a ticket that is sent again is made once. The secret is {"url":
"https://<subdomain>.zendesk.com", "email": ..., "token": ...}.
Text in double braces may be a placeholder that Zendesk fills in (*Zendesk Support placeholders
reference*); text of others is to stay as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Tickets
from bucketward.channels.sending import Post, basic
from bucketward.difference import cut
from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target

_SUBJECT, _COMMENT = 150, 60_000
_PRIORITIES = {"critical": "urgent", "high": "high", "medium": "normal", "low": "low"}


def create(incident: Incident, target: Target) -> Sequence[Post]:
    ticket = {
        "subject": cut(_literal(incident.title), _SUBJECT),
        "comment": {"body": cut(_literal(message.plain(incident)), _COMMENT), "public": False},
        "priority": _PRIORITIES.get(incident.severity, "normal"),
        "type": "incident",
        "external_id": incident.key,
        "tags": ["bucketward", str(incident.head["id"])],
    }
    # The same incident may come again after an hour, and is another ticket then.
    once = f"{incident.key}-{incident.head['time']}"
    headers = _headers(target) | {"Idempotency-Key": once}
    return [Post.of(f"{target.url()}/api/v2/tickets.json", {"ticket": ticket}, **headers)]


def solve(incident: Incident, target: Target) -> Sequence[Post]:
    if not incident.reference:
        return []
    comment = {"body": f"Bucketward: {message.done(incident)}", "public": False}
    body = {"ticket": {"status": "solved", "comment": comment}}
    url = f"{target.url()}/api/v2/tickets/{incident.reference}.json"
    return [Post.of(url, body, "PUT", **_headers(target))]


def _literal(text: str) -> str:
    """Part braces by a space of no width, so that they begin no placeholder."""
    return re.sub(r"\{(?=[{%])", "{\N{ZERO WIDTH SPACE}", text)


def reference(answer: Any) -> str:  # noqa: ANN401 - JSON of the other side
    """Return the ticket's id, which goes into a URL: a number."""
    found = str(answer.get("ticket", {}).get("id", "")) if isinstance(answer, dict) else ""
    if not found.isdecimal():
        raise BadInput("Zendesk's answer has no id, so the ticket cannot be solved.")
    return found


def _headers(target: Target) -> dict[str, str]:
    return {"Authorization": basic(f"{target.member('email')}/token", target.member("token"))}


CHANNEL = Channel(
    "zendesk",
    "Zendesk",
    "Zendesk",
    "ZendeskSecretArn",
    Tickets(create, solve, reference),
    minimum="high",
)
