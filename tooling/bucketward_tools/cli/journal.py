"""``bucketward journal``: every revert, with the values before and after it."""

from typing import Annotated

import typer

from .completion import bucket_names, control_names
from .options import (
    STACK,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    RegionOption,
    StackOption,
)


def journal(
    bucket: Annotated[
        str | None,
        typer.Argument(
            metavar="BUCKET", help="Only this bucket's reverts.", autocompletion=bucket_names
        ),
    ] = None,
    *,
    control: Annotated[
        str | None,
        typer.Option(
            help="Only those by this control, e.g. bucket_drift.", autocompletion=control_names
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="A date, a time, or a span: 24h, 7d.")
    ] = None,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """List the reverts: what was put back, whose change, the outcome.

    The newest is first. The JSON form has the documents before and after, and the calls; of a
    revert that failed, what was written all the same. The outcome is not known while it is under
    way, and where it was killed. Without a bucket the whole table is read.
    """
    from . import given, screen
    from .deployment import Deployment

    stem = given.control(control) if control else None
    begin = given.since(since, "--since") if since else None
    if bucket is not None:
        given.bucket(bucket)
    store = Deployment.find(stack, profile, region, endpoint_url).store
    entries = list(store.records.journal(bucket, stem, begin))
    if output is Output.JSON:
        screen.print_json(
            [
                {
                    "id": each.id,
                    "time": each.time.isoformat(),
                    "account": each.account,
                    "bucket": each.bucket,
                    "control": each.control,
                    "before": dict(each.before),
                    "after": dict(each.after),
                    "calls": list(each.calls),
                    "actor": each.actor,
                    "reason": each.reason,
                    "outcome": each.outcome or None,
                    "undone_by": each.undone_by or None,
                }
                for each in entries
            ]
        )
        return
    screen.table(
        [
            {
                "time": screen.when(each.time),
                "control": each.control,
                "aspects": ", ".join(name.replace("_", " ") for name in each.after),
                "change by": each.actor,
                "reason": each.reason,
                "outcome": each.outcome or "not known",
                "undone by": each.undone_by or "-",
                "id": each.id,
            }
            for each in entries
        ],
        "Nothing was reverted.",
    )
