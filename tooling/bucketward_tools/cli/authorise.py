"""``bucketward authorise``: who may change what, and what that means for one change."""

from pathlib import Path
from typing import Annotated, Any

import typer

from .options import (
    STACK,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    RegionOption,
    StackOption,
    YesOption,
    group,
)

app = group("Say whose changes are accepted, see docs/authorising.md.")


@app.command("list", epilog="Example:  bucketward authorise list")
def list_(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """List the authorisations, of the file and of the deployment."""
    from bucketward.baseline.decisions import AUTHORISATION
    from bucketward.changes import Authorisation

    from . import screen
    from .deployment import Deployment

    deployment = Deployment.find(stack, profile, region, endpoint_url)
    decided = deployment.store.decisions.list(AUTHORISATION)
    every = [
        *(Authorisation.parse(dict(each.body)) for each in decided),
        *deployment.from_parameter,
    ]
    if output is Output.JSON:
        screen.print_json([each.to_dict() for each in every])
        return
    screen.table(
        [
            {
                "id": each.id,
                "actor": each.actor,
                "buckets": ", ".join(each.buckets) + (" and account" * each.account_settings),
                "aspects": ", ".join(each.aspects),
                "from": screen.when(each.start) if each.start else "-",
                "until": screen.when(each.end) if each.end else "-",
                "reason": each.reason,
            }
            for each in every
        ],
        "Nobody is authorised: every change is unauthorised.",
    )


@app.command(epilog="Example:  bucketward authorise apply authorisations.yaml")
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The reviewed YAML file.")],
    *,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Make the authorisations what the file says. Shows first what changes, and asks.

    A file without a section `authorisations` changes nothing; an empty section removes all.
    """
    from bucketward.baseline.decisions import AUTHORISATION
    from bucketward_tools.decisions import load

    from . import applying, screen
    from .deployment import Deployment

    wanted = load(file).authorisations
    if wanted is None:
        screen.say(f"{file} has no section authorisations; they were left as they are.")
        return
    decisions = Deployment.find(stack, profile, region, endpoint_url).store.decisions
    bodies = {each.id: dict[str, Any](each.to_dict()) for each in wanted}
    planned = applying.steps(decisions.list(AUTHORISATION), bodies)
    applying.apply(decisions, AUTHORISATION, planned, yes=yes)


@app.command(
    "test",
    epilog="Example:  bucketward authorise test arn:aws:iam::111122223333:role/Deploy acme policy",
)
def suppose(
    actor: Annotated[
        str, typer.Argument(metavar="ACTOR", help="The ARN of a role or user, path included.")
    ],
    bucket: Annotated[
        str, typer.Argument(metavar="BUCKET", help="The bucket, or - for the account's settings.")
    ],
    aspect: Annotated[
        str, typer.Argument(metavar="ASPECT", help="An aspect, or the event: DeleteBucketPolicy.")
    ],
    *,
    at: Annotated[
        str | None, typer.Option(help="When the change is made; now if left out.")
    ] = None,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Say whether a change would be authorised, and by which entry. If not, why.

    What the change would be is not known, so it is not said whether it would be dangerous.
    Exit status: 0 where it would be accepted, 1 where it would be opposed.
    """
    from bucketward.blame import ACCEPTED

    from . import given, screen
    from .deployment import Deployment
    from .supposing import judged, supposed

    time = given.moment(at, "--at") if at else None
    change = supposed(actor, bucket if bucket == "-" else given.bucket(bucket), aspect, time)
    decision = judged(Deployment.find(stack, profile, region, endpoint_url), change)
    if output is Output.JSON:
        entry = decision.authorisation.id if decision.authorisation else None
        row = {"standing": decision.standing.value, "reason": decision.reason}
        screen.print_json({**row, "authorisation": entry})
    else:
        accepted = decision.standing in ACCEPTED
        screen.say(f"{decision.standing.value}: {decision.reason}", "green" if accepted else "red")
    if decision.standing not in ACCEPTED:
        raise typer.Exit(1)
