"""What a metric filter of CloudWatch Logs counts: patterns that compare members of JSON.

Equality, ``&&``, ``||`` and parentheses; anything else is not emulated. Source: CloudWatch Logs
user guide, "Filter pattern syntax for metric filters".
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"\s*(\(|\)|&&|\|\||\$(?:\.\w+)+ *= *(?:\"[^\"]*\"|[\w.*-]+))")


def counts(pattern: str, record: Mapping[str, Any]) -> bool:
    """Whether a pattern matches a record; ``&&`` binds closer than ``||``."""
    text = pattern.strip()
    if not (text.startswith("{") and text.endswith("}")):
        raise NotEmulated(f"A metric filter has the pattern {pattern}.")
    tokens, rest = [], text[1:-1].rstrip()
    while rest:
        token = _TOKEN.match(rest)
        if token is None:
            raise NotEmulated(f"A metric filter has the pattern {pattern}.")
        tokens.append(token[1])
        rest = rest[token.end() :]
    found = _either(tokens, record)
    if tokens:
        raise NotEmulated(f"A metric filter has the pattern {pattern}.")
    return found


def _either(tokens: list[str], record: Mapping[str, Any]) -> bool:
    found = _both(tokens, record)
    while tokens[:1] == ["||"]:
        del tokens[0]
        found |= _both(tokens, record)
    return found


def _both(tokens: list[str], record: Mapping[str, Any]) -> bool:
    found = _one(tokens, record)
    while tokens[:1] == ["&&"]:
        del tokens[0]
        found &= _one(tokens, record)
    return found


def _one(tokens: list[str], record: Mapping[str, Any]) -> bool:
    token = tokens.pop(0) if tokens else ""
    if token.startswith("("):
        found = _either(tokens, record)
        if tokens[:1] != [")"]:
            raise NotEmulated("A metric filter's pattern has a parenthesis that is not closed.")
        del tokens[0]
        return found
    path, _, wanted = token.partition("=")
    if not path.startswith("$"):
        raise NotEmulated(f"A metric filter's pattern has {token or 'nothing'} for a comparison.")
    value: Any = record
    for name in path.strip().split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    wanted = wanted.strip().strip('"')
    return fnmatchcase(str(value), wanted.replace("[", "[[]").replace("?", "[?]"))
