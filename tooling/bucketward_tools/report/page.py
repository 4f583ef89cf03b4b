"""The HTML report: one file that opens from disk and asks nobody for anything.

The data is one JSON line for the report, then two for each bucket: what the matrix shows, and the
details, which the page parses when they are looked at. All text from AWS stays data: Jinja2
escapes what is in the markup, `_line` what is in the script, and the page's own script sets
`textContent` only. The Content-Security-Policy lets in the page's own script and style by hash.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bucketward.errors import BadInput
from bucketward_tools.scan.row import ERROR

from .standards import answered, own_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bucketward_tools.scan.row import Judged

    from .about import About

_ASSETS = Path(__file__).with_name("assets")
_SCRIPTS = ("dom.js", "reverts.js", "page.js")
_CODES = {"COMPLIANT": "c", "NON_COMPLIANT": "n", "NOT_APPLICABLE": "a", ERROR: "e"}
_SENTENCES = 50_000
"""Annotations kept to be written once; most are the same for many buckets."""


def write(found: Iterable[Judged], out: TextIO, about: About) -> None:
    """Write the page as the buckets come; nothing is kept but the sentences."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise BadInput(
            "The HTML report needs Jinja2; install it with: pip install 'bucketward[local]'."
        ) from error
    environment = Environment(
        loader=FileSystemLoader(_ASSETS), autoescape=True, undefined=StrictUndefined
    )
    first, others = _peeked(iter(found))
    style, script = _asset("page.css"), "".join(map(_asset, _SCRIPTS))
    stream = environment.get_template("page.html").generate(
        about=about,
        accounts=", ".join(about.accounts),
        begun=f"{about.begun:%Y-%m-%d %H:%M} UTC",
        version=own_version(),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        lines=_lines(first, others, about),
    )
    out.writelines(stream)


def _peeked(found: Iterator[Judged]) -> tuple[list[Judged], Iterator[Judged]]:
    """Begin the scan, so that a failure comes before the page, and the account's id is known."""
    first = next(found, None)
    return ([] if first is None else [first]), found


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


def _lines(first: Iterable[Judged], others: Iterable[Judged], about: About) -> Iterator[str]:
    controls = [
        {
            "stem": each.stem,
            "title": each.control.title,
            "severity": each.severity,
            "answers": answered(each.stem),
        }
        for each in about.chosen
    ]
    told = about.journal
    reverts = told if isinstance(told, str) else [each.to_dict() for each in told]
    yield _line({"controls": controls, "reverts": reverts})
    columns = {each.stem: index for index, each in enumerate(about.chosen)}
    sentences: dict[str, int] = {}
    for part in (first, others):
        for judged in part:
            yield from _bucket(judged, columns, sentences)


def _bucket(judged: Judged, columns: Mapping[str, int], sentences: dict[str, int]) -> Iterator[str]:
    """Write a name's rows: of each its control, its code and its sentence, or where that is."""
    by_name: dict[str, list[Any]] = {}
    for row in judged.rows:
        said: str | int = row.annotation
        if said in sentences:
            said = sentences[str(said)]
        elif len(sentences) < _SENTENCES:
            sentences[row.annotation] = len(sentences)
        verdict = [columns[row.control], _CODES[row.compliance], said]
        by_name.setdefault(row.bucket, []).append(verdict)
    for name, verdicts in by_name.items():
        yield _line([name, judged.region, judged.noun, verdicts])
        yield _line({"documents": judged.documents, "plans": _plans(judged.plans)})


def _plans(plans: Mapping[str, Any]) -> dict[str, Any]:
    from bucketward.aspects import ASPECTS
    from bucketward_tools.cli.screen import difference

    def shown(step: dict[str, Any]) -> dict[str, Any]:
        aspect = ASPECTS[step["aspect"]]
        diff = difference(aspect, step["before"], step["after"], ("now", "then"))
        return {"call": step["call"], "diff": diff}

    return {
        control: plan if isinstance(plan, str) else [shown(step) for step in plan]
        for control, plan in plans.items()
    }


def _line(value: object) -> str:
    """Write JSON that ends no script element, whatever it holds."""
    text = json.dumps(value, separators=(",", ":"), default=str)
    for each in "<>&":
        text = text.replace(each, f"\\u{ord(each):04x}")
    return text
