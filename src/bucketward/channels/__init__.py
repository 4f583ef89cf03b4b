"""Who is told: how incidents look in each channel. Pure; `bucketward._notify` sends.

A channel is a module here with a `Channel`. `Digests` get one message a batch; `Tickets` get one
entry an incident, which is closed when the incident is over.
"""

from bucketward.channels.channel import Channel, Digests, Tickets
from bucketward.channels.incident import Incident, grouped
from bucketward.channels.sending import Call, Post, Sending, Target

__all__ = [
    "Call",
    "Channel",
    "Digests",
    "Incident",
    "Post",
    "Sending",
    "Target",
    "Tickets",
    "channels",
    "grouped",
]


def channels() -> dict[str, Channel]:
    """Return every channel by its name, in the order of the documentation."""
    from bucketward.channels import (
        chat,
        https,
        pagerduty,
        security_hub,
        servicenow,
        slack,
        teams,
        topic,
        zendesk,
    )

    modules = (topic, chat, slack, teams, pagerduty, servicenow, zendesk, security_hub, https)
    return {module.CHANNEL.name: module.CHANNEL for module in modules}
