"""``bucketward plan``: what the remediations would do now; nothing is written."""

from typing import Annotated

import typer

from bucketward.errors import BadInput

from .completion import bucket_names
from .options import EndpointOption, Form, FormOption, ProfileOption
from .scan_options import (
    AccountOption,
    ControlsOption,
    FrameworkOption,
    OwnRegionOption,
    OwnStackOption,
    ParametersOption,
)


def plan(
    bucket: Annotated[
        str | None,
        typer.Argument(
            metavar="BUCKET", help="The bucket, or e.g. 'acme-*'.", autocompletion=bucket_names
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All buckets of the account.")] = False,
    control: ControlsOption = None,
    framework: FrameworkOption = None,
    parameter: ParametersOption = None,
    stack: OwnStackOption = None,
    account: AccountOption = None,
    profile: ProfileOption = None,
    region: OwnRegionOption = None,
    endpoint_url: EndpointOption = None,
    form: FormOption = Form.TEXT,
) -> None:
    """Show what the remediations would do to a bucket now, and why. Nothing is written.

    Each call is a diff of the aspect that it would change, as it is now and as it would be. What
    a remediation refuses to do is a sentence. Earlier settings are those of AWS Config's history;
    where that may not be read, the plan does without, and says so.

    Exit status: 0 all that is not compliant has a plan; 1 something has none; 2 something could
    not be read, does not exist, or an option is wrong.
    """
    if (bucket is None) != every:
        raise BadInput("Name one bucket, or pass --all for every bucket of the account.")
    from .looking import chosen_for_plans, looked_at
    from .screen import say
    from .showing import as_json, as_text

    chosen = chosen_for_plans(control, framework, parameter, stack)
    missing: list[str] = []
    found = looked_at(bucket, chosen, (profile, region, endpoint_url), stack, account, missing)
    code = 0
    for each in (as_json if form is Form.JSON else as_text)(found):
        code = max(code, each)
    for sentence in missing:
        say(f"bucketward: {sentence}", aside=True)
    raise typer.Exit(2 if missing else code)
