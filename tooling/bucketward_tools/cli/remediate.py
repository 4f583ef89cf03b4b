"""``bucketward remediate``: show the plan, ask, then do it with the code that runs in Lambda."""

import typer

from bucketward.errors import BadInput

from .options import BucketArgument, ControlOption, EndpointOption, ProfileOption, YesOption
from .scan_options import (
    AccountOption,
    OwnRegionOption,
    OwnStackOption,
    ParametersOption,
)


def remediate(
    bucket: BucketArgument,
    *,
    control: ControlOption,
    yes: YesOption = False,
    parameter: ParametersOption = None,
    stack: OwnStackOption = None,
    account: AccountOption = None,
    profile: ProfileOption = None,
    region: OwnRegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Bring one bucket back to what a control asks. Shows the plan, asks, writes, verifies.

    The bucket is read again before it is written: if it changed since the plan was shown, nothing
    is done. With --stack the revert is kept in the journal, and `bucketward undo` takes it back.

    Exit status: 0 done and verified, or compliant already; 1 refused, declined, or it did not
    hold; 2 the bucket could not be read, or an option is wrong.
    """
    from bucketward_tools.catalogue import control as find

    from . import given
    from .carrying_out import carry_out
    from .looking import chosen_for_plans, looked_at
    from .screen import confirm, say
    from .showing import show, status

    given.bucket(bucket)
    stem = find(control.replace("-", "_")).stem
    chosen = chosen_for_plans([stem], None, parameter, stack)
    missing: list[str] = []
    connection = (profile, region, endpoint_url)
    outlook = next(looked_at(bucket, chosen, connection, stack, account, missing), None)
    if outlook is None:
        raise BadInput(" ".join(missing))
    say(f"Bucket {bucket}", "bright_white")
    if not outlook.planned:
        row = outlook.rows[0]
        say(f"  {stem}: {row.compliance}, nothing is called", "green")
        say(f"    {row.annotation}")
        return
    [planned] = outlook.planned
    show(planned.plan)
    if not planned.plan.calls:
        raise typer.Exit(status(outlook) or 1)
    if stack is None:
        say("Without --stack this is in no journal, and `bucketward undo` will not know of it.")
    number = len(planned.plan.calls)
    confirm(f"Make {'this call' if number == 1 else f'these {number} calls'}?", yes=yes)
    raise typer.Exit(carry_out(outlook, planned))
