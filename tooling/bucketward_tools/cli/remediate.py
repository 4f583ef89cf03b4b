"""``bucketward remediate``: show the plan, ask, then do it with the code that runs in Lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bucketward.errors import BadInput

from .connection import AccountOption, EndpointOption, ProfileOption
from .options import BucketArgument, YesOption
from .plan import RegionOption, StackOption
from .scan import ParametersOption

if TYPE_CHECKING:
    from bucketward_tools.scan.outlook import Outlook, Planned


def remediate(
    bucket: BucketArgument,
    *,
    control: Annotated[str, typer.Option(help="The control, e.g. bucket_encryption.")],
    yes: YesOption = False,
    parameter: ParametersOption = None,
    stack: StackOption = None,
    account: AccountOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Bring one bucket back to what a control asks: show the plan, ask, write, verify.

    The bucket is read again before it is written: if it changed since the plan was shown, nothing
    is done. With --stack the revert is kept in the journal, and `bucketward undo` takes it back.

    Exit status: 0 done and verified, or compliant already; 1 refused, declined, or it did not
    hold; 2 the bucket could not be read, or an option is wrong.
    """
    from bucketward_tools.catalogue import control as find

    from . import given
    from .plan import chosen_for_plans, looked_at
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
    raise typer.Exit(_apply(outlook, planned))


def _apply(outlook: Outlook, planned: Planned) -> int:
    from bucketward._remediate import remediate as bring_back
    from bucketward.errors import BucketwardError
    from bucketward_tools.scan.planning import agreed

    from .screen import say

    row, known = planned.plan.row, planned.known
    assert planned.remediation is not None  # noqa: S101 - there are calls
    assert known is not None  # noqa: S101
    try:
        outcome = bring_back(
            agreed(planned.remediation, planned.plan.calls),
            row.bucket,
            planned.plan.states[0].account,
            outlook.place.region or None,
            known.parameters,
            known=known,
        )
    except BucketwardError as error:
        say(f"bucketward: {error}", aside=True)
        return 1
    for call in outcome.calls:
        say(f"called {call.operation.name}")
    say(
        f"{row.control}: {outcome.note}{'; ' + outcome.remarks if outcome.remarks else ''}", "green"
    )
    return 0 if outcome.calls or "compliant" in outcome.note else 1
