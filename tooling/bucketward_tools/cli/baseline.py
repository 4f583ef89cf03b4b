"""``bucketward baseline``: what is approved, by whom and why, and what is not as approved."""

from typing import Annotated, Any

import typer

from .completion import bucket_names
from .options import (
    STACK,
    AspectsOption,
    BucketArgument,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    RegionOption,
    StackOption,
    group,
)

app = group("Capture, show and compare what is approved of each bucket.")


@app.command(epilog="Example:  bucketward baseline capture --all")
def capture(
    buckets: Annotated[
        list[str] | None,
        typer.Argument(metavar="BUCKET", help="Names of buckets.", autocompletion=bucket_names),
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every bucket of the account in the stack's Region.")
    ] = False,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Approve buckets as they are, where nothing speaks against it. Trust on first use.

    An aspect that has an approved value keeps it. One is left out where a control against
    exposure or loss is not content with it, and where its last change was not authorised: put it
    right, or approve it with `bucketward approve`. Exit status: 0, or 2 where a bucket could not
    be captured.
    """
    from bucketward import _aws
    from bucketward.errors import BadInput

    from . import capturing, given, screen
    from .deployment import Deployment

    if bool(buckets) == every:
        raise BadInput("Name the buckets to capture, or say --all, but not both.")
    names = [given.bucket(name) for name in dict.fromkeys(buckets or ())]
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    if every:
        names = sorted(_aws.bucket_names(deployment.stack.region))
    results = []
    for done in capturing.with_progress(capturing.capture_all(deployment, names), len(names)):
        results.append(done)
        if output is Output.TABLE:
            capturing.tell(done)
    if output is Output.JSON:
        results.sort(key=lambda each: each.bucket)
        screen.print_json([each.to_dict() for each in results])
    elif not results:
        screen.say(f"There is no bucket in {deployment.stack.region}.")
    if any(each.failed for each in results):
        raise typer.Exit(2)


@app.command(epilog="Example:  bucketward baseline show acme-data")
def show(
    bucket: BucketArgument,
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Show what is approved of a bucket: by whom, when, why.

    The JSON form has the documents as well. Exit status 2 where what is stored cannot be verified.
    """
    from bucketward.baseline.canonical import digest

    from . import given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    approvals, faults = Deployment.find(
        stack, profile, region, endpoint_url
    ).store.baselines.examine(bucket)
    rows: list[dict[str, Any]] = [
        {
            "aspect": name,
            "approved by": each.approved_by,
            "when": screen.when(each.approved_at),
            "why": each.reason,
            "digest": digest(each.document),
        }
        for name, each in approvals.items()
    ]
    if output is Output.JSON:
        documents = {name: each.document for name, each in approvals.items()}
        screen.print_json(
            [{**row, "document": documents[row["aspect"]]} for row in rows]
            + [{"aspect": name, "fault": str(fault)} for name, fault in faults.items()]
        )
    elif rows or not faults:
        shortened = [{**row, "digest": row["digest"][:12]} for row in rows]
        screen.table(shortened, f"Nothing of bucket {bucket} is approved.")
    _complain(faults)


@app.command(epilog="Example:  bucketward baseline diff acme-data")
def diff(
    bucket: BucketArgument,
    *,
    aspect: AspectsOption = None,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Compare a bucket with what is approved. Shows who changed it last.

    Exit status: 0 where it is as approved, 1 where it has drifted, 2 where that cannot be said.
    """
    from bucketward.errors import BadInput

    from . import comparing, given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    wanted = given.aspects(aspect)
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    found = comparing.compare(deployment, bucket, wanted)
    if not found.approvals and not found.faults:
        raise BadInput(
            f"Nothing of bucket {bucket} is approved; begin with: bucketward baseline capture "
            f"{bucket}"
        )
    changes = {each: comparing.last_change(deployment, bucket, each) for each in found.drifted}
    if output is Output.JSON:
        screen.print_json(
            [
                {
                    "aspect": each.name,
                    "approved": found.approvals[each.name].document,
                    "live": found.live[each],
                    "changed": changes[each],
                }
                for each in found.drifted
            ]
        )
    else:
        for each in found.drifted:
            before, after = found.approvals[each.name].document, found.live[each]
            screen.show_difference(each, before, after, ("approved", "now"))
            screen.say(changes[each])
        if not found.drifted and not found.faults:
            count = len(found.approvals)
            screen.say(f"Bucket {bucket} is as approved in all {count} aspects compared.")
    _complain(found.faults)
    if found.drifted:
        raise typer.Exit(1)


@app.command(epilog="Example:  bucketward baseline history acme-data --aspect policy")
def history(
    bucket: BucketArgument,
    *,
    aspect: AspectsOption = None,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """List every approval of a bucket's aspects, the newest first. Has those withdrawn."""
    from . import comparing, given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    wanted = given.aspects(aspect)
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    rows = [row for each in wanted for row in comparing.past(deployment, bucket, each)]
    if output is Output.JSON:
        screen.print_json(rows)
    else:
        shown = [{**row, "digest": row["digest"][:12]} for row in rows]
        screen.table(shown, f"Nothing of bucket {bucket} was ever approved.")


def _complain(faults: Any) -> None:  # noqa: ANN401 - errors by aspect
    """End the command where something stored cannot be trusted, after the rest was shown."""
    from bucketward.errors import Tampered

    if faults:
        raise Tampered(" ".join(map(str, faults.values())))
