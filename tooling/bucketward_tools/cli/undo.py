"""``bucketward undo``: put back what a revert took away, and see that it stays."""

from typing import Annotated

import typer

from .options import (
    STACK,
    EndpointOption,
    ProfileOption,
    ReasonOption,
    RegionOption,
    StackOption,
    YesOption,
)


def undo(
    entry: Annotated[str, typer.Argument(metavar="ID", help="The revert's id, see journal.")],
    *,
    reason: ReasonOption,
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="When the exemption ends: a date, a time, or a span; 7d, for bucket_drift 1h.",
        ),
    ] = None,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Undo a revert: restore the values before it, and let them be.

    Shows the diff and asks first; values that are less safe are restored as well. The control, and
    each other that would revert the bucket for it, is exempt until the given time; where the
    baseline covers what is restored, it is approved in your name. Refused where the bucket is no
    longer as the revert left it. If it fails half-way, nothing is fought over; run it again.
    """
    from . import given, screen, undoing
    from .deployment import Deployment

    why = given.reason(reason)
    until = given.ahead(expires, "--expires") if expires else None
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    found = undoing.plan(deployment, entry)
    revert = found.entry
    screen.say(
        f"{revert.control} reverted bucket {revert.bucket} at {screen.when(revert.time)}, after a "
        f"change by {revert.actor}."
    )
    for aspect in found.aspects:
        screen.show_difference(
            aspect, found.live[aspect], revert.before[aspect.name], ("now", "before the revert")
        )
    for each in found.left:
        screen.say(str(each), "yellow")
    exemptions = undoing.exemptions(deployment, found, why, until)
    for exemption in exemptions:
        screen.say(f"{exemption.control}: {exemption.sentence}")
    screen.confirm(f"Undo it, as {deployment.caller}?", yes=yes)
    approved = undoing.perform(deployment, found, why, exemptions)
    screen.say(f"Undone: bucket {revert.bucket} is as it was before the revert.")
    if approved:
        screen.say(f"Approved in your name: {', '.join(approved)}.")
