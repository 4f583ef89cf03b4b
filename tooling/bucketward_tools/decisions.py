"""Read the reviewed file of what people decided: authorisations and exemptions.

The file decides who may change buckets, so nothing in it is guessed: a key that is there twice, a
YAML alias or tag, a name that does not exist are errors, each with its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from bucketward import entry
from bucketward.baseline.exemption import Exemption
from bucketward.changes import Authorisation
from bucketward.errors import BadInput, shown

from .catalogue import controls

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LARGEST = 512 * 1024
"""Characters; some two thousand entries."""

_SECTIONS = ("authorisations", "exemptions")
Decided = TypeVar("Decided", Authorisation, Exemption)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the file says; None for a section that it does not have, unlike an empty one."""

    authorisations: tuple[Authorisation, ...] | None = None
    exemptions: tuple[Exemption, ...] | None = None


def load(path: Path, *, now: datetime | None = None) -> Decisions:
    """Read the file; ``now`` is when its exemptions were made that do not say so themselves."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}); name a YAML file in UTF-8.") from error
    return parse(text, name=path.name, now=now)


def parse(text: str, *, name: str = "the file", now: datetime | None = None) -> Decisions:
    """Read the file's text; raises `BadInput` with the name and the line of what is wrong."""
    if len(text) > LARGEST:
        raise BadInput(f"{name} is longer than {LARGEST} characters; split it.")
    content, lines = _read(text, name)
    if not isinstance(content, dict) or not content:
        raise BadInput(f"{name} decides nothing; begin it with `authorisations:` and a list.")
    for section in content:
        if section not in _SECTIONS:
            hint = entry.suggestion(str(section), _SECTIONS)
            raise BadInput(f"{name}: {shown(section)} is no section of it; {hint}")
    created = now or datetime.now(UTC)
    return Decisions(
        _section("authorisations", content, lines, name, Authorisation.parse),
        _section(
            "exemptions", content, lines, name, lambda given: _exemption(given, created=created)
        ),
    )


def _section(
    section: str,
    content: dict[str, Any],
    lines: dict[str, list[int]],
    name: str,
    read: Callable[[object], Decided],
) -> tuple[Decided, ...] | None:
    if section not in content:
        return None
    entries = content[section]
    if not isinstance(entries, list):
        raise BadInput(f"{name}: {section} is no list; write each entry as `- id: ...` below it.")
    found: dict[str, tuple[int, Decided]] = {}
    for given, line in zip(entries, lines[section], strict=True):
        try:
            decided = read(given)
        except BadInput as error:
            raise BadInput(f"{name} line {line}: {error}") from error
        if decided.id in found:
            first = found[decided.id][0]
            raise BadInput(
                f"{name} line {line}: id {shown(decided.id)} is that of line {first} as well; "
                "give each entry its own."
            )
        found[decided.id] = (line, decided)
    return tuple(decided for _, decided in found.values())


def _exemption(given: object, *, created: datetime) -> Exemption:
    exemption = Exemption.parse(given, created=created)
    if exemption.control not in controls():
        raise entry.bad(
            entry.titled("Exemption", exemption.id),
            "control",
            f"{shown(exemption.control)} does not exist; "
            f"{entry.suggestion(exemption.control, controls())}",
        )
    return exemption


class _Loader(yaml.SafeLoader):
    """Plain YAML: no aliases, which can make a short file huge, and no tags."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _fault("an alias or anchor; put text that has * or & in it into quotes", event)
        if getattr(event, "tag", None):
            raise _fault("a tag; put text that has ! in it into quotes", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                raise _fault("a key that is no plain text", key)
            if key.value in seen:
                raise _fault(f"{shown(key.value)} twice in one entry; leave one out", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            raise _fault(
                f"{shown(node.value)}, which is no date or number: {error}", node
            ) from error


class _Fault(yaml.YAMLError):
    """What YAML allows and a reviewed file must not hold."""


def _fault(problem: str, at: yaml.Event | yaml.Node) -> _Fault:
    mark = at.start_mark
    return _Fault(f"line {mark.line + 1}: it holds {problem}" if mark else problem)


def _read(text: str, name: str) -> tuple[Any, dict[str, list[int]]]:
    """Give the content, and the line of each entry by section."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        content = loader.construct_document(node) if node else None
    except _Fault as error:
        raise BadInput(f"{name} {error}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name} line {mark.line + 1}" if mark else name
        problem = error.problem or error.context
        if "alias" in (error.context or ""):
            problem = "a pattern that begins with * must be in quotes"
        raise BadInput(f"{where}: {problem}.") from error
    except RecursionError as error:
        raise BadInput(
            f"{name} is nested too deep; write entries as the page shows them."
        ) from error
    except yaml.YAMLError as error:
        what = str(error).partition("\n")[0]
        raise BadInput(f"{name} is no YAML that can be read: {what}.") from error
    lines = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.SequenceNode):
                lines[key.value] = [each.start_mark.line + 1 for each in value.value]
    return content, lines
