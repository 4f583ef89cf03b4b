"""Make the table of decisions say what a reviewed file says: shown first, then written.

Each write names what it replaces, so a decision that somebody changed meanwhile is not overwritten.
What is new is written first and what is gone is removed last: a run that dies in between leaves
what either the old file or the new one allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bucketward.errors import Conflict

from .screen import confirm, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bucketward.baseline.decisions import Decision, Decisions

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One write: ``old`` is what is there, None for a new one; ``new`` is None for a removal."""

    id: str
    old: Decision | None
    new: Body | None

    @property
    def kind(self) -> str:
        if self.old is None:
            return "add"
        return "change" if self.new is not None else "remove"


def steps(
    present: Iterable[Decision],
    wanted: Mapping[str, Body],
    kept: Callable[[Decision], bool] = lambda decision: False,  # noqa: ARG005
) -> list[Step]:
    """Return what leads from what is there to what is wanted; ``kept`` are never removed."""
    there = {each.id: each for each in present}
    added = [Step(name, None, body) for name, body in wanted.items() if name not in there]
    changed = [
        Step(name, there[name], body)
        for name, body in wanted.items()
        if name in there and dict(there[name].body) != body
    ]
    gone = [each for name, each in there.items() if name not in wanted and not kept(each)]
    return added + changed + [Step(each.id, each, None) for each in gone]


def apply(decisions: Decisions, kind: str, planned: list[Step], *, yes: bool) -> None:
    """Show the steps, ask, and take them; raises `Conflict`, saying how far it came."""
    if not planned:
        say(f"Every {kind} is as the file says; nothing was changed.")
        return
    for step in planned:
        _show(step)
    counts = [
        f"{verb} {number}"
        for verb in ("add", "change", "remove")
        if (number := sum(step.kind == verb for step in planned))
    ]
    confirm(f"{', '.join(counts)}?".capitalize(), yes=yes)
    for done, step in enumerate(planned):
        try:
            _take(decisions, kind, step)
        except Conflict as error:
            raise Conflict(
                f"{error} {done} of {len(planned)} changes were made; apply the file again."
            ) from error
    say(f"Done: {', '.join(counts)}.")


def _take(decisions: Decisions, kind: str, step: Step) -> None:
    if step.new is not None:
        decisions.put(kind, step.id, step.new, step.old)
    else:
        decisions.delete(kind, step.id, step.old)


def _show(step: Step) -> None:
    old, new = dict(step.old.body) if step.old else {}, step.new or {}
    sign, colour = {"add": ("+", "green"), "change": ("~", "yellow"), "remove": ("-", "red")}[
        step.kind
    ]
    say(f"{sign} {step.id}", colour)
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        if step.kind == "change" and before != after:
            say(f"    {name}: {_text(before)} -> {_text(after)}")
        elif step.kind != "change" and name != "id":
            say(f"    {name}: {_text(after if step.new is not None else before)}")


def _text(value: object) -> str:
    if value is None:
        return "(none)"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
