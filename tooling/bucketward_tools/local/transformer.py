"""What a target gets instead of the event: Input, InputPath and InputTransformer.

A stand-in. Source: *Amazon EventBridge input transformation* in the EventBridge user guide.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .wiring_sources import EventRule

_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]|\[\"([^\"]+)\"\]")
_PLACE = re.compile(r"<([^<>\s]+)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def body(rule: EventRule, target: Mapping[str, Any], event: Mapping[str, Any], now: str) -> str:
    """Return the text that the target gets: JSON, as far as the template makes it so."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(target["InputPath"], event))
    if "InputTransformer" not in target:
        return json.dumps(event)
    transformer = target["InputTransformer"]
    values = {name: _at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}
    values |= {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": now,
        "aws.events.event": {k: v for k, v in event.items() if k != "detail"},
        "aws.events.event.json": dict(event),
    }
    template = str(transformer["InputTemplate"])
    return _outside(template, values)


def _outside(template: str, values: Mapping[str, Any]) -> str:
    """Fill what is outside of quotes with JSON, and what is inside with text."""
    parts, end = [], 0
    for quoted in _QUOTED.finditer(template):
        parts.append(_filled(template[end : quoted.start()], values, quoted=False))
        parts.append(_filled(quoted[0], values, quoted=True))
        end = quoted.end()
    parts.append(_filled(template[end:], values, quoted=False))
    return "".join(parts)


def _filled(text: str, values: Mapping[str, Any], *, quoted: bool) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise NotEmulated(f"An input template uses <{name}>, which no path defines.")
        found = values[name]
        if not quoted:
            return json.dumps(found) if found is not None else ""
        if found is None:
            return ""
        written = found if isinstance(found, str) else json.dumps(found)
        return json.dumps(written)[1:-1] if isinstance(found, str) else written.replace('"', '\\"')

    return _PLACE.sub(value, text)


def _at(path: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Follow a path such as ``$.detail.items[0]``; None where it leads nowhere."""
    rest, found = path.removeprefix("$"), event
    if not path.startswith("$") or _STEP.sub("", rest):
        raise NotEmulated(f"An input path reads {path}.")
    for step in _STEP.finditer(rest):
        name = step[1] or step[3] or step[4]
        try:
            found = found[name] if name else found[int(step[2])]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return found
