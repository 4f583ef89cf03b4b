"""Fill the «holes» of a YAML text, which keeps its comments, its tags and its layout.

`Key: «hole»` takes a structure: a string stays on the line, a dict or list follows, indented, and
where it is empty the line goes. `«hole»` alone on a line takes the lines of a structure at this
indentation, and `text «hole» text` a string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HOLE = re.compile(r"«(\w+)»")
_WHOLE = re.compile(r"(?P<indent> *)(?P<key>[^«\s]+: )?«(?P<hole>\w+)»")
_INDENT = "  "


class Tag(str):
    """A value that is written as it stands: ``!Ref AlarmTopic``."""

    __slots__ = ()


class Lines(list[str]):
    """Lines that are YAML already, such as the filled text of one control."""

    __slots__ = ()


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return the text with every hole filled; raises `BadInput` for a hole without a value."""
    unknown = set(_HOLE.findall(text)) - values.keys()
    if unknown:
        raise BadInput(f"No value for the holes {', '.join(sorted(unknown))}.")
    return "".join(f"{line}\n" for line in _filled(text, values))


def _filled(text: str, values: Mapping[str, Any]) -> Iterator[str]:
    for line in text.splitlines():
        whole = _WHOLE.fullmatch(line)
        if not whole:
            yield _HOLE.sub(lambda hole: values[hole[1]], line)
            continue
        value, indent, key = values[whole["hole"]], whole["indent"], whole["key"]
        if value in (None, "", [], {}):
            continue
        if key and isinstance(value, str):
            yield f"{indent}{key}{scalar(value)}"
            continue
        if key:
            yield f"{indent}{key.rstrip()}"
            indent += _INDENT
        yield from (f"{indent}{each}" if each else "" for each in lines(value))


def lines(value: Any) -> Iterator[str]:  # noqa: ANN401 - any structure of YAML
    """Write a dict, list or scalar as lines of block YAML."""
    match value:
        case Lines():
            yield from value
        case dict() if value:
            for key, each in value.items():
                if each and isinstance(each, dict | list):
                    yield f"{key}:"
                    yield from (_INDENT + line for line in lines(each))
                else:
                    yield f"{key}: {scalar(each)}"
        case list() if value:
            for each in value:
                first, *rest = lines(each)
                yield f"- {first}"
                yield from (_INDENT + line for line in rest)
        case _:
            yield scalar(value)


def scalar(value: Any) -> str:  # noqa: ANN401 - any scalar of YAML
    """Write a scalar on one line, quoted where YAML asks for it."""
    if isinstance(value, Tag):
        return value
    written = yaml.safe_dump(value, allow_unicode=True, width=float("inf"))
    return written.removesuffix("\n").removesuffix("\n...")
