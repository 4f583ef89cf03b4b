"""Print plans: for people as diffs, for programs as a JSON list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bucketward.aspects import ASPECTS
from bucketward_tools.scan.row import ERROR

from .screen import say, show_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward_tools.scan.outlook import Outlook
    from bucketward_tools.scan.planning import Plan


def as_text(found: Iterable[Outlook]) -> Iterator[int]:
    """Print each bucket's plans; yields the exit status that each bucket asks for."""
    any_bucket = False
    for each in found:
        any_bucket = True
        say(f"Bucket {each.place.name}", "bright_white")
        for planned in each.planned:
            show(planned.plan)
        if not each.planned:
            say(f"  compliant with {len(each.rows)} controls; nothing would be called", "green")
        yield status(each)
    if not any_bucket:
        say("There is no bucket to plan for.")


def as_json(found: Iterable[Outlook]) -> Iterator[int]:
    """Print a list with an object for each verdict that is not compliant, as they are known."""
    opened = False
    for each in found:
        for planned in each.planned:
            print(",\n" if opened else "[\n", json.dumps(planned.plan.to_dict()), sep="", end="")
            opened = True
        yield status(each)
    print("\n]" if opened else "[]")


def show(plan: Plan) -> None:
    row = plan.row
    say(f"  {row.control}: {row.compliance} ({row.severity})", "red")
    say(f"    {row.annotation}")
    if plan.refusal and row.compliance != ERROR:
        say(f"    Nothing would be done: {plan.refusal}", "yellow")
    for step in plan.steps():
        say(f"    would call {step['call']}")
        aspect = ASPECTS[step["aspect"]]
        show_difference(aspect, step["before"], step["after"], ("now", "then"))
    if plan.note:
        say(f"    {plan.note[:1].upper()}{plan.note[1:]}", "yellow")


def status(outlook: Outlook) -> int:
    """0: all has a plan; 1: something has none; 2: something could not be read."""
    if any(row.compliance == ERROR for row in outlook.rows):
        return 2
    return 1 if any(each.plan.refusal for each in outlook.planned) else 0
