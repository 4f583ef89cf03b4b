"""Tell what happened in the local account, step by step, in 80 columns."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from bucketward import Bucket
from bucketward.aspects import operations
from bucketward_tools.catalogue import controls
from bucketward_tools.local import events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from rich.console import Console

    from bucketward_tools.local import LocalAccount

WIDTH = 80
_MARGIN = 20  # clock and label
_DIFF_MARGIN = 12  # an ARN is long
_COLOURS = {"COMPLIANT": "green", "NON_COMPLIANT": "red", "NOT_APPLICABLE": "dim"}
_WRITES = {name: op for name, op in operations().items() if not name.startswith(("Get", "List"))}


class Transcript:
    """Prints the account's events as they concern one story."""

    def __init__(self, console: Console, account: LocalAccount) -> None:
        self._console, self._account = console, account

    def heading(self, number: int, title: str) -> None:
        self._console.print()
        self._console.print(f"{number}. {title}", style="bold", highlight=False)
        self._console.print("─" * WIDTH, style="dim")

    def tell(self, happened: list[events.Event], control: str, bucket: str) -> None:
        """Print the events that belong to the control and bucket, each once."""
        rule = self._account.rule_name(control)
        for event in happened:
            match event:
                case events.ApiCall(operation=op, bucket=on) if on == bucket and op in _WRITES:
                    self.line(event.time, "CALL", f"{op} on {bucket}")
                    self.by(event.actor)
                case events.ItemRecorded(bucket=on) if on == bucket:
                    self.line(event.time, "ITEM", "AWS Config records the bucket. Changed:")
                    self._changed(event.diff)
                case events.Evaluated(rule=by, bucket=on) if (by, on) == (rule, bucket):
                    self._verdict(event)
                case events.RemediationStarted(rule=by, bucket=on) if (by, on) == (rule, bucket):
                    how = "AWS Config starts" if event.automatic else "An operator starts"
                    self.line(event.time, "RUNBOOK", f"{how} {event.document}")
                    self.more(f"for {control}, attempt {event.attempt}")
                case events.Invoked(trigger="ssm.amazonaws.com", result=dict(result)):
                    self.reverted(event.time, result)
                case events.RemediationEnded(rule=by, bucket=on) if (by, on) == (rule, bucket):
                    self.line(event.time, "RUNBOOK", f"ended: {event.status}")
                    if event.failure:
                        self.more(event.failure)

    def table(self, buckets: tuple[str, ...]) -> list[str]:
        """Print the compliance of the controls of buckets; return what is neither good nor void."""
        from rich.table import Table

        table = Table(title="What AWS Config shows", title_justify="left", box=None, pad_edge=False)
        table.add_column("control")
        for column in ("compliant", "not applicable", "non-compliant"):
            table.add_column(column, justify="right")
        bad = []
        for stem, control in controls().items():
            if control.rule.subject is not Bucket or not self._deployed(stem):
                continue
            found = [self._account.compliance(stem, bucket) for bucket in buckets]
            good, void = found.count("COMPLIANT"), found.count("NOT_APPLICABLE")
            others = len(found) - good - void
            style = "red" if others else ""
            table.add_row(stem, *(str(n or "-") for n in (good, void, others)), style=style)
            bad += [
                f"{bucket}: {stem} is {verdict}"
                for bucket, verdict in zip(buckets, found, strict=True)
                if verdict not in {"COMPLIANT", "NOT_APPLICABLE"}
            ]
        self._console.print()
        self._console.print(table)
        return bad

    def _deployed(self, stem: str) -> bool:
        try:
            self._account.rule_name(stem)
        except KeyError:
            return False
        return True

    def _verdict(self, event: events.Evaluated) -> None:
        label = event.compliance
        self.line(event.time, "VERDICT", label, style=_COLOURS[label])
        self.more(event.annotation)

    def reverted(self, time: datetime, result: Mapping[str, Any]) -> None:
        for aspect in result["after"]:
            before, after = result["before"][aspect], result["after"][aspect]
            self.line(time, "DIFF", aspect.replace("_", " "))
            shown = statements if aspect == "policy" else difference
            for sign, text in shown(before, after):
                style = {"-": "red", "+": "green", " ": "dim"}[sign]
                self.more(f"{sign} {text}", style=style, margin=_DIFF_MARGIN)
        if result["calls"]:
            self.line(time, "VERIFY", "read again: the bucket is as written, nothing is left to do")

    def _changed(self, diff: Mapping[str, Any] | None) -> None:
        for path in (diff or {}).get("changedProperties", {}):
            self.more(str(path).removeprefix("SupplementaryConfiguration."))

    def line(self, time: datetime, label: str, text: str, style: str = "") -> None:
        self._console.print(f"{time:%H:%M:%S}  {label:9} ", end="", style="dim", highlight=False)
        self._console.print(text, style=style, highlight=False, markup=False)

    def by(self, arn: str) -> None:
        self.more(f"by {_who(arn)}")

    def more(self, text: str, style: str = "", margin: int = _MARGIN) -> None:
        for line in textwrap.wrap(
            text, WIDTH - margin, subsequent_indent="  ", break_on_hyphens=False
        ):
            self._console.print(" " * margin + line, style=style, highlight=False, markup=False)


def _who(arn: str) -> str:
    """Name the caller in few words: a function by its role, a person with the session."""
    name = arn.rsplit(":", maxsplit=1)[-1]
    _, _, session = name.rpartition("/")
    return name.split("/")[1] if session.endswith("Function") else name


def difference(before: Any, after: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - documents
    """Yield ``("-" | "+" | " ", "name: value")`` for each value of two documents."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    last = [path.rpartition(".")[2] for path in paths]
    if not old:
        yield "-", "(not set)"
    for path in paths:
        # The last part of the path will do where it is the only one of its name.
        name = path.rpartition(".")[2]
        name = name if last.count(name) == 1 else path
        if old.get(path) == new.get(path):
            yield " ", f"{name}: {old[path]}"
            continue
        if path in old:
            yield "-", f"{name}: {old[path]}"
        if path in new:
            yield "+", f"{name}: {new[path]}"
    if not new:
        yield "+", "(not set)"


def statements(before: str | None, after: str | None) -> Iterator[tuple[str, str]]:
    """Yield the statements of two policies, one a line, those that both have last."""
    old, new = (
        [json.dumps(each) for each in json.loads(text)["Statement"]] if text else []
        for text in (before, after)
    )
    if not old:
        yield "-", "(not set)"
    yield from (("-", each) for each in old if each not in new)
    yield from (("+", each) for each in new if each not in old)
    yield from ((" ", each) for each in new if each in old)
    if not new:
        yield "+", "(not set)"


def _leaves(document: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - documents
    match document:
        case dict() if not document and path:
            yield path, "{}"
        case dict():
            for key, value in document.items():
                yield from _leaves(value, f"{path}.{key}" if path else key)
        case list():
            for index, value in enumerate(document):
                yield from _leaves(value, f"{path}[{index}]" if len(document) > 1 else path)
        case None:
            return
        case _:
            yield path, str(document).lower() if isinstance(document, bool) else str(document)
