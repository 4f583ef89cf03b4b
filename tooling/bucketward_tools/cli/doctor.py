"""``bucketward doctor``: what is missing, before or after `sam deploy`, and what mends it."""

import shlex
from dataclasses import replace

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

_COLOURS = {"ok": "green", "missing": "red", "unknown": "yellow"}


def doctor(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Look whether account, stack and permissions are as needed.

    Before a deployment: AWS Config's recorder and delivery channel, a trail, the number of rules,
    the Regions that have buckets. After it: the stack and its parts as well, its version against
    this command's, and what you may not do of what docs/operations.md lists. With each thing that
    is missing come the commands that mend it; nothing is written.

    Exit status: 0 nothing is missing; 1 something is; 2 something could not be looked at.
    """
    from . import screen
    from .checks import findings
    from .connection import account_id, begin
    from .deployment import Deployment, named
    from .finding import MISSING, UNKNOWN, Place

    named(stack)
    here = begin(profile, region, endpoint_url, otherwise=None)
    account = account_id(None)
    deployment, why = Deployment.existing(stack)
    place = Place(account, here, stack, deployment, why)
    words, found = f" --profile {shlex.quote(profile)}" if profile else "", []
    for finding in findings(place):
        each = replace(finding, mend=tuple(command + words for command in finding.mend))
        found.append(each)
        if output is Output.TABLE:
            screen.say(f"{each.status:8} {each.check:17} {each.found}", _COLOURS[each.status])
            for command in each.mend:
                screen.say(f"{'':26} {command}")
    if output is Output.JSON:
        screen.print_json([each.to_dict() for each in found])
    statuses = {each.status for each in found}
    raise typer.Exit(2 if UNKNOWN in statuses else int(MISSING in statuses))
