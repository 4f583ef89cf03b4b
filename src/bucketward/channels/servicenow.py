"""ServiceNow's Table API: an incident, resolved when it is over.

Source: *Table API* in ServiceNow's REST API reference, POST and PATCH /api/now/table/incident; the
incident's fields hold 160 (short_description), 4,000 (description) and 100 (correlation_id)
characters. The secret is {"url": "https://<instance>.service-now.com", "user", "password"}, or
"token" for the last two; "close_code" is by default that of new instances.
"""

from __future__ import annotations

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

_SHORT, _LONG = 160, 4000
_URGENCY = {"critical": "1", "high": "1", "medium": "2", "low": "3"}
_IMPACT = {"critical": "1", "high": "2", "medium": "2", "low": "3"}
_RESOLVED = "6"
_TABLE = "/api/now/table/incident"


def create(incident: Incident, target: Target) -> Sequence[Post]:
    body = {
        "short_description": cut(incident.title, _SHORT),
        "description": cut(message.plain(incident), _LONG),
        "urgency": _URGENCY.get(incident.severity, "2"),
        "impact": _IMPACT.get(incident.severity, "2"),
        "correlation_id": incident.key,
        "correlation_display": "Bucketward",
    }
    return [Post.of(f"{target.url()}{_TABLE}", body, **_headers(target))]


def resolve(incident: Incident, target: Target) -> Sequence[Post]:
    if not incident.reference:
        return []
    body = {
        "state": _RESOLVED,
        "close_code": target.member("close_code", "Solution provided"),
        "close_notes": cut(f"Bucketward: {message.done(incident)}", _LONG),
    }
    url = f"{target.url()}{_TABLE}/{incident.reference}"
    return [Post.of(url, body, "PATCH", **_headers(target))]


def reference(answer: Any) -> str:  # noqa: ANN401 - JSON of the other side
    """Return the record's sys_id, which goes into a URL: 32 hexadecimal digits."""
    found = answer.get("result", {}).get("sys_id", "") if isinstance(answer, dict) else ""
    if not isinstance(found, str) or not found.isalnum():
        raise BadInput("ServiceNow's answer has no sys_id, so the incident cannot be resolved.")
    return found


def _headers(target: Target) -> dict[str, str]:
    token = target.member("token", "-")
    login = (
        basic(target.member("user"), target.member("password"))
        if token == "-"  # noqa: S105 - stands for none
        else f"Bearer {token}"
    )
    return {"Authorization": login, "Accept": "application/json"}


CHANNEL = Channel(
    "servicenow",
    "ServiceNow",
    "ServiceNow",
    "ServiceNowSecretArn",
    Tickets(create, resolve, reference),
    minimum="high",
)
