"""``bucketward breaker``: reverts that stopped, because somebody kept changing the bucket back."""

from typing import Annotated, Any

import typer

from .options import (
    STACK,
    BucketArgument,
    Output,
    OutputOption,
    ProfileOption,
    ReasonOption,
    RegionOption,
    StackOption,
    group,
)

app = group("See which reverts stopped in a revert war, and let them go on.")


@app.command("list", epilog="Example:  bucketward breaker list")
def list_(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """List the open breakers: bucket, control, how many reverts, and against whom."""
    from bucketward.baseline import breaker
    from bucketward.clock import now

    from . import screen
    from .deployment import Deployment

    store, at = Deployment.find(stack, profile, region).store, now()
    seen = {
        (each.bucket, each.control) for each in store.records.journal(since=at - breaker.WINDOW)
    }
    rows: list[dict[str, Any]] = []
    for bucket, control in sorted(seen):
        entries = breaker.counted(store, bucket, control, at)
        if len(entries) >= breaker.LIMIT:
            # It closes by itself when fewer than the limit are within the window.
            closes = entries[breaker.LIMIT - 1].time + breaker.WINDOW
            against = sorted({each.actor for each in entries})
            rows.append(
                {
                    "bucket": bucket,
                    "control": control,
                    "reverts": len(entries),
                    "against": ", ".join(against),
                    "closes by itself": screen.when(closes),
                }
            )
    if output is Output.JSON:
        screen.print_json(rows)
    else:
        screen.table(rows, "No breaker is open.")


@app.command(
    epilog="Example:  bucketward breaker close acme-data bucket_drift --reason 'Agreed, CHG-9'"
)
def close(
    bucket: BucketArgument,
    control: Annotated[str, typer.Argument(help="The control, e.g. bucket_drift.")],
    *,
    reason: ReasonOption,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Let a control revert a bucket again, once you have agreed with the other side."""
    from bucketward.baseline import breaker
    from bucketward.clock import now
    from bucketward.errors import BadInput

    from . import given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    stem, why = given.control(control), given.reason(reason)
    deployment, at = Deployment.find(stack, profile, region), now()
    if len(breaker.counted(deployment.store, bucket, stem, at)) < breaker.LIMIT:
        raise BadInput(f"The breaker of bucket {bucket} and {stem} is not open.")
    breaker.close(deployment.store.decisions, bucket, stem, at, deployment.caller, why)
    screen.say(f"Closed: {stem} reverts bucket {bucket} again.")
