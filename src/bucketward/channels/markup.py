"""Text of others within the markup of chats, where it must stay text."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"[*_~`|\[\]]")


def escaped(text: str) -> str:
    """Write text so that Slack shows it: no mention, no link, no emphasis of others' making.

    Source: *Formatting text for app surfaces*, https://docs.slack.dev/messaging/formatting-message-text:
    ``&``, ``<`` and ``>`` as entities. The rest of the markup gets a character without a width
    before it, which Slack has no other way to say; ``@here`` and ``#channel`` need the brackets.
    """
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(lambda found: f"\N{ZERO WIDTH SPACE}{found[0]}", entities)
