"""Text of others within the markup of chats, where it must stay text."""

from __future__ import annotations

import re

_NOTHING = "\N{ZERO WIDTH SPACE}"
_MARKUP = re.compile(r"`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|\](?=\()")


def escaped(text: str) -> str:
    """Write text so that a chat shows it: no mention, no link, no emphasis of others' making.

    Source: *Formatting text for app surfaces*,
    https://docs.slack.dev/messaging/formatting-message-text: ``&``, ``<`` and ``>`` as entities,
    which ``@here`` and links need. What else is markup gets a space of no width put before it
    (links of Teams' markdown between their brackets): Slack has no other way.
    """
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(
        lambda found: f"{_NOTHING}{found[0]}" if found[0] != "]" else f"]{_NOTHING}", entities
    )
