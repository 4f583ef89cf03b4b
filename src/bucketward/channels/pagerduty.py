"""PagerDuty's Events API v2: an incident triggers an alert, its end resolves it.

Sources: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and PagerDuty's own
https://github.com/PagerDuty/api-schema: a summary of 1,024 characters, a key of 255, 512 KB in all.
The secret is the integration's key, or {"routing_key": ..., "url": "https://events.eu.pagerduty.com"}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Tickets
from bucketward.channels.sending import Post
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target

_URL = "https://events.pagerduty.com"
_SUMMARY = 1024
_SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info"}


def trigger(incident: Incident, target: Target) -> Sequence[Post]:
    head = incident.head
    return _enqueue(
        incident,
        target,
        "trigger",
        client="Bucketward",
        links=[{"href": url, "text": label} for label, url in message.links(incident)],
        payload={
            "summary": cut(incident.title, _SUMMARY),
            "source": incident.resource,
            "severity": _SEVERITIES.get(incident.severity, "warning"),
            "timestamp": head["time"],
            "component": str(head.get("aspect") or head.get("control") or "bucketward"),
            "group": str(head["account"]),
            "class": str(head["id"]),
            "custom_details": dict(message.facts(incident))
            | dict(message.commands(incident))
            | {"Changed": list(message.changes(head)), "What to do": head.get("response", "")},
        },
    )


def resolve(incident: Incident, target: Target) -> Sequence[Post]:
    return _enqueue(incident, target, "resolve")


def _enqueue(
    incident: Incident,
    target: Target,
    action: str,
    **more: Any,  # noqa: ANN401
) -> Sequence[Post]:
    body = {
        "routing_key": target.text("routing_key"),
        "event_action": action,
        "dedup_key": incident.key,
        **more,
    }
    return [Post.of(f"{target.url(otherwise=_URL)}/v2/enqueue", body)]


CHANNEL = Channel(
    "pagerduty",
    "PagerDuty",
    "PagerDuty",
    "PagerDutySecretArn",
    Tickets(trigger, resolve),
    minimum="high",
)
