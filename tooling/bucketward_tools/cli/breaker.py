"""``bucketward breaker``: reverts that stopped, because somebody kept changing the bucket back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .options import (
    STACK,
    BucketArgument,
    ControlArgument,
    EndpointOption,
    Output,
    OutputOption,
    ProfileOption,
    ReasonOption,
    RegionOption,
    StackOption,
    group,
)

if TYPE_CHECKING:
    from .deployment import Deployment

app = group("See which reverts stopped in a revert war, and let them go on.")


@app.command("list", epilog="Example:  bucketward breaker list")
def list_(
    *,
    output: OutputOption = Output.TABLE,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """List the open breakers: bucket, control, how many, against whom."""
    from . import screen
    from .deployment import Deployment

    rows = list(open_breakers(Deployment.find(stack, profile, region, endpoint_url)))
    if output is Output.JSON:
        screen.print_json(rows)
    else:
        screen.table(rows, "No breaker is open.")


@app.command(
    epilog="Example:  bucketward breaker close acme-data bucket_drift --reason 'Agreed, CHG-9'"
)
def close(
    bucket: BucketArgument,
    control: ControlArgument,
    *,
    reason: ReasonOption,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Let a control revert a bucket again. First agree with the other side."""
    from bucketward.baseline import breaker
    from bucketward.clock import now
    from bucketward.errors import BadInput

    from . import given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    stem, why = given.control(control), given.reason(reason)
    deployment, at = Deployment.find(stack, profile, region, endpoint_url), now()
    if len(breaker.counted(deployment.store, bucket, stem, at)) < breaker.LIMIT:
        raise BadInput(f"The breaker of bucket {bucket} and {stem} is not open.")
    breaker.close(deployment.store.decisions, bucket, stem, at, deployment.caller, why)
    screen.say(f"Closed: {stem} reverts bucket {bucket} again.")


def open_breakers(deployment: "Deployment", of: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each open breaker, of one bucket where that is given."""
    from bucketward.baseline import breaker
    from bucketward.clock import now

    from . import screen

    store, at = deployment.store, now()
    reverts = store.records.journal(of, since=at - breaker.WINDOW)
    for bucket, control in sorted({(each.bucket, each.control) for each in reverts}):
        entries = breaker.counted(store, bucket, control, at)
        if len(entries) >= breaker.LIMIT:
            # It closes by itself when fewer than the limit are within the window.
            closes = entries[breaker.LIMIT - 1].time + breaker.WINDOW
            against = sorted({each.actor for each in entries})
            yield {
                "bucket": bucket,
                "control": control,
                "reverts": len(entries),
                "against": ", ".join(against),
                "closes by itself": screen.when(closes),
            }
