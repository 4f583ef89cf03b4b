"""The plain formats: a line, a JSON object or a CSV record for each row, as soon as it is known."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, TextIO

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward_tools.scan.row import Judged

    from .about import About

_COLUMNS = ("bucket", "control", "compliance", "severity", "annotation")
_COLOURS = {"NON_COMPLIANT": "red", "ERROR": "magenta", "COMPLIANT": "green"}
_WIDEST = 63


def table(found: Iterable[Judged], out: TextIO, about: About, *, coloured: bool = False) -> None:
    """Write a line for each row, and the counts at the end."""
    from bucketward_tools.cli.screen import inert

    controls = max(len(each.stem) for each in about.chosen)
    for judged in found:
        names = min(max(about.widths, default=0), _WIDEST)
        for row in judged.rows:
            word = f"{row.compliance:14}"
            if coloured:
                word = typer.style(word, fg=_COLOURS.get(row.compliance, "bright_black"))
            line = f"{row.severity:8}  {inert(row.bucket):{names}}  {row.control:{controls}}"
            out.write(f"{word}  {line}  {inert(row.annotation)}\n")
    out.write(f"{about.summary}\n")


def as_json(found: Iterable[Judged], out: TextIO, about: About) -> None:
    """Write a list of objects, one a line."""
    del about
    write_list((row.to_dict() for each in found for row in each.rows), out)


def as_csv(found: Iterable[Judged], out: TextIO, about: About) -> None:
    """Write a header and a record for each row; what a spreadsheet would run is made text."""
    del about
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in found:
        for row in each.rows:
            cells = [getattr(row, name) for name in _COLUMNS]
            writer.writerow([f"'{each}" if each[:1] in "=+-@" else each for each in cells])


def write_list(objects: Iterable[Any], out: TextIO) -> None:
    """Write a JSON list without holding it; nothing at all before the first object is there."""
    opened = False
    for each in objects:
        out.write(",\n" if opened else "[\n")
        opened = True
        out.write(json.dumps(each))
    out.write("\n]\n" if opened else "[]\n")


def failing(found: Iterable[Judged]) -> Iterator[Judged]:
    """Leave out the rows that are fine."""
    from dataclasses import replace

    for each in found:
        yield replace(each, rows=tuple(row for row in each.rows if not row.fine))
