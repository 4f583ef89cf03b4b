"""``bucketward status``: the deployed stack at a glance."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import typer

from .options import (
    STACK,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    RegionOption,
    StackOption,
)

_SHOWN = 3
"""Buckets of a rule that a line names."""


def status(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Say whether the stack is well: its rules, monitors and parts.

    Parts that are missing, off or changed are those that the reconciler looks for. Failures are
    those of the last 24 hours; exemptions those that end within 7 days. The JSON form names the
    resources that break each rule, and "unknown" what could not be asked.

    Exit status: 0 all is well; 1 something is not, a rule that is not compliant included; 2
    something could not be asked.
    """
    from . import health, screen
    from .deployment import Deployment

    found = health.examine(Deployment.find(stack, profile, region, endpoint_url))
    if output is Output.JSON:
        beat = found["heartbeat"]
        screen.print_json({**found, "heartbeat": beat.isoformat() if beat else None})
    else:
        _show(found)
    if found["unknown"]:
        raise typer.Exit(2)
    raise typer.Exit(0 if found["well"] else 1)


def _show(found: dict[str, Any]) -> None:
    from . import screen

    version = f", version {found['version']}" if found["version"] else ""
    screen.say(
        f"Stack {found['stack']} in {found['region']} of account {found['account']}: "
        f"{found['state']}{version}, Remediation={found['remediation']}",
        "bright_white",
    )
    for name, text in _lines(found):
        screen.say(f"{name:13} {text}")
    red = [
        {
            "control": each["control"],
            "not compliant": f"{len(each['resources'])}{'+' * each['more']}",
            "resources": ", ".join(each["resources"][:_SHOWN])
            + (", ..." if len(each["resources"]) > _SHOWN else ""),
        }
        for each in found["rules"]
        if each["compliance"] == "NON_COMPLIANT"
    ]
    if red:
        screen.say()
        screen.table(red, "")
        screen.say("Why: bucketward explain BUCKET --control CONTROL")
    for name in ("breakers", "exemptions"):
        if found[name]:
            screen.say()
            wanted = (
                ("id", "bucket", "control", "expires", "reason") if name == "exemptions" else ()
            )
            screen.table([{key: row[key] for key in wanted or row} for row in found[name]], "")
    for fault in found["faults"]:
        screen.say(fault, "red")
    for each in found["unknown"]:
        screen.say(f"Not known: {each}", "yellow")
    if found["well"]:
        screen.say("All is well.", "green")


def _lines(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what there is a line of, "not known" where it could not be asked."""
    from .screen import when

    counts = Counter(each["compliance"] for each in found["rules"])
    words = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
    yield "rules", f"{len(found['rules'])}: {words}" if words else "not known"
    beat = found["heartbeat"]
    nothing = "not known" if found["failures"] is None else "none within 24 hours"
    yield "heartbeat", when(beat) if beat else nothing
    yield "failures", _numbers(found["failures"], "none within 24 hours")
    yield "dead letters", _numbers(found["dead_letters"], "none")
    yield "waiting", "not known" if found["waiting"] is None else f"{found['waiting']} messages"
    for name in ("breakers", "exemptions"):
        number = "not known" if found[name] is None else str(len(found[name]))
        yield name, number + (" open" if name == "breakers" else " to end within 7 days")


def _numbers(found: dict[str, int] | None, none: str) -> str:
    if found is None:
        return "not known"
    return ", ".join(f"{number} {name}" for name, number in found.items() if number) or none
