"""``bucketward exempt``: buckets that one control leaves alone for a while."""

from pathlib import Path
from typing import Annotated

import typer

from .completion import bucket_names
from .options import (
    STACK,
    ControlArgument,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    ReasonOption,
    RegionOption,
    StackOption,
    YesOption,
    group,
)

app = group("Let a control leave a bucket alone for a while.")


@app.command("list", epilog="Example:  bucketward exempt list")
def list_(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """List the exemptions, those that have ended as well."""
    from bucketward.clock import now

    from . import screen
    from .deployment import Deployment
    from .exempting import exemptions

    at = now()
    every = [each for each, _ in exemptions(Deployment.find(stack, profile, region, endpoint_url))]
    if output is Output.JSON:
        screen.print_json([{**each.to_dict(), "active": at < each.expires} for each in every])
        return
    screen.table(
        [
            {
                "id": each.id,
                "bucket": each.bucket,
                "control": each.control,
                "until": screen.when(each.expires) + ("" if at < each.expires else " (ended)"),
                "approver": each.approver,
                "reason": each.reason,
            }
            for each in every
        ],
        "No bucket is exempt from any control.",
    )


@app.command(
    epilog="Example:  bucketward exempt add acme-media bucket_cors --reason CHG-7 --expires 30d"
)
def add(
    bucket: Annotated[
        str,
        typer.Argument(
            metavar="BUCKET",
            help="A bucket's name, or a pattern with * and ?.",
            autocompletion=bucket_names,
        ),
    ],
    control: ControlArgument,
    *,
    reason: ReasonOption,
    expires: Annotated[
        str, typer.Option(metavar="WHEN", help="When it ends: a date, a time, or a span: 30d.")
    ],
    name: Annotated[
        str | None, typer.Option("--id", help="Its name; made up where it is left out.")
    ] = None,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Exempt a bucket, or all of a pattern, from one control.

    The exemption is in your name. The bucket need not break the control yet, nor exist. AWS Config
    shows it as NOT_APPLICABLE with the reason, and the control neither judges nor reverts it until
    the exemption ends.
    """
    from secrets import token_hex

    from bucketward.baseline.exemption import Exemption
    from bucketward.clock import now

    from . import exempting, given, screen
    from .deployment import Deployment

    stem, why, until = (
        given.control(control),
        given.reason(reason),
        given.ahead(expires, "--expires"),
    )
    made = now()
    wanted = Exemption(
        id=name or f"{made:%Y%m%d}-{token_hex(4)}",
        bucket=bucket,
        control=stem,
        reason=why,
        approver="(you)",
        expires=until,
        created=made,
    )
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    exempting.free(deployment.store.decisions, wanted.id)
    exemption = exempting.approved_by(wanted, deployment.caller)
    screen.say(f"Bucket {bucket}, control {stem}: {exemption.sentence}")
    screen.confirm(f"Exempt it, as {deployment.caller}?", yes=yes)
    deployment.store.decisions.put("exemption", exemption.id, exemption.to_dict())
    screen.say(f"Exempt, as {exemption.id}.")


@app.command(epilog="Example:  bucketward exempt remove EX-7")
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="The exemption's id, see list.")],
    *,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """End an exemption now. The control judges, and reverts, again."""
    from . import exempting, screen
    from .deployment import Deployment

    decisions = Deployment.find(stack, profile, region, endpoint_url).store.decisions
    found = exempting.find(decisions, name)
    screen.say(found.sentence)
    screen.confirm(f"Remove exemption {name}?", yes=yes)
    exempting.end(decisions, name, found)
    screen.say(f"Removed exemption {name}.")


@app.command(epilog="Example:  bucketward exempt apply authorisations.yaml")
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The reviewed YAML file.")],
    *,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Make the exemptions what the file says. Shows first what changes, and asks.

    Those that `bucketward undo` made stay until they end or you remove them. A file without a
    section `exemptions` changes nothing; an empty section removes all others.
    """
    from bucketward.clock import now
    from bucketward_tools.decisions import load

    from . import exempting, screen
    from .deployment import Deployment

    made = now()
    wanted = load(file, now=made).exemptions
    if wanted is None:
        screen.say(f"{file} has no section exemptions; they were left as they are.")
        return
    exempting.apply_all(
        Deployment.find(stack, profile, region, endpoint_url), wanted, made, yes=yes
    )
