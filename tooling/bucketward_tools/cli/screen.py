"""What people see: every text from outside inert, columns, diffs, and a question before a write."""

from __future__ import annotations

import difflib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bucketward.aspects import Aspect, Document

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def inert(value: object) -> str:
    r"""Return a text on one line in which nothing moves a cursor, colours or reorders.

    >>> inert("a\x1b[31m\u202eb")
    'a\\x1b[31m\\u202eb'
    """
    text = str(value)
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def say(text: object = "", colour: str | None = None, *, aside: bool = False) -> None:
    """Print one line; ``aside`` is on stderr, for what is not the result."""
    plain = inert(text)
    line = typer.style(plain, fg=colour) if colour else plain
    # NO_COLOR is https://no-color.org; where it is not set, typer looks for a terminal.
    typer.echo(line, err=aside, color=False if os.environ.get("NO_COLOR") else None)


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2))


def table(rows: Sequence[Mapping[str, object]], nothing: str) -> None:
    """Print rows in columns under their names, or a sentence where there is none."""
    if not rows:
        say(nothing)
        return
    columns = list(rows[0])
    cells = [columns, *([inert(row[name]) for name in columns] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(line.rstrip(), None if number else "bright_black")


def when(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def difference(
    aspect: Aspect, before: Document | None, after: Document | None, names: tuple[str, str]
) -> list[str]:
    """Return a unified diff of two documents of an aspect; "not set" has no lines."""
    old, new = (f"{aspect} {name}" for name in names)
    return list(
        difflib.unified_diff(_lines(before), _lines(after), f"{old}", f"{new}", lineterm="")
    )


def show_difference(
    aspect: Aspect, before: Document | None, after: Document | None, names: tuple[str, str]
) -> None:
    for line in difference(aspect, before, after, names) or [f"  {aspect}: {names[1]} as before"]:
        heading = line.startswith(("---", "+++"))
        say(line, "bright_white" if heading else _COLOURS.get(line[:1]))


def confirm(question: str, *, yes: bool) -> None:
    """Ask on stderr; ends the command where the answer is no, or there is nobody to give one."""
    if yes:
        return
    # typer.confirm writes a part of its prompt to stdout, where the result goes.
    typer.echo(f"{inert(question)} [y/N] ", err=True, nl=False)
    answer = sys.stdin.readline()
    if not answer:
        typer.echo(err=True)
        raise BadInput("Nothing was changed, as nobody answered; pass --yes to go on.")
    if answer.strip().lower() not in {"y", "yes"}:
        say("Nothing was changed.", aside=True)
        raise typer.Exit(1)


def _lines(document: Document | None) -> list[str]:
    if document is None:
        return []
    return json.dumps(_readable(document), indent=2, sort_keys=True).splitlines()


def _readable(document: Document) -> Any:  # noqa: ANN401 - JSON
    """Open a policy, which is JSON in a text, unless that would hide some of it."""
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return document


def _members(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) < len(listed):
        raise ValueError("a member is there twice")
    return found
