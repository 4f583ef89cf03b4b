"""``bucketward plan``: what the remediations would do now; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bucketward.errors import BadInput

from .connection import AccountOption, EndpointOption, ProfileOption
from .scan import ControlsOption, FrameworkOption, ParametersOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bucketward_tools.scan.choice import Chosen
    from bucketward_tools.scan.outlook import Outlook

from enum import StrEnum


class Form(StrEnum):
    """How to print a plan."""

    TEXT = "text"
    JSON = "json"


FormOption = Annotated[Form, typer.Option("--format", help="text for people, json for programs.")]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="The Region to begin in; each bucket is found.")
]
StackOption = Annotated[
    str | None,
    typer.Option(help="Bucketward's stack: heed its exemptions, restore its baselines."),
]


def plan(
    bucket: Annotated[
        str | None, typer.Argument(metavar="BUCKET", help="The bucket, or e.g. 'acme-*'.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All buckets of the account.")] = False,
    control: ControlsOption = None,
    framework: FrameworkOption = None,
    parameter: ParametersOption = None,
    stack: StackOption = None,
    account: AccountOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    form: FormOption = Form.TEXT,
) -> None:
    """Show what the remediations would do to a bucket now, and why; nothing is written.

    Each call is a diff of the aspect that it would change, as it is now and as it would be. What
    a remediation refuses to do is a sentence. Earlier settings are those of AWS Config's history;
    where that may not be read, the plan does without, and says so.

    Exit status: 0 all that is not compliant has a plan; 1 something has none; 2 something could
    not be read, does not exist, or an option is wrong.
    """
    if (bucket is None) != every:
        raise BadInput("Name one bucket, or pass --all for every bucket of the account.")
    chosen = chosen_for_plans(control, framework, parameter, stack)
    missing: list[str] = []
    found = looked_at(bucket, chosen, (profile, region, endpoint_url), stack, account, missing)
    code = 0
    from .showing import as_json, as_text

    for each in (as_json if form is Form.JSON else as_text)(found):
        code = max(code, each)
    from .screen import say

    for sentence in missing:
        say(f"bucketward: {sentence}", aside=True)
    raise typer.Exit(2 if missing else code)


def chosen_for_plans(
    control: Sequence[str] | None,
    framework: str | None,
    parameter: Sequence[str] | None,
    stack: str | None,
) -> list[Chosen]:
    """Return the controls of buckets among those asked for; raises `BadInput` for others named."""
    from bucketward_tools.scan.choice import choose

    chosen = choose(
        control or (),
        framework=framework,
        parameters=parameter or (),
        buckets_only=not control,
        stored=stack is not None,
        planning=True,
    )
    others = [each.stem for each in chosen if not each.of_buckets]
    if others and control:
        raise BadInput(f"{others[0]} is not about buckets, so there is no plan for one.")
    return [each for each in chosen if each.of_buckets]


def looked_at(  # noqa: PLR0917 - what the options came to
    pattern: str | None,
    chosen: Sequence[Chosen],
    connection: tuple[str | None, str | None, str | None],
    stack: str | None,
    account: str | None,
    missing: list[str],
) -> Iterator[Outlook]:
    """Judge and plan for the buckets; names that are of none are added to ``missing``."""
    from bucketward_tools.scan.buckets import find
    from bucketward_tools.scan.outlook import outlooks

    from .connection import account_id, begin

    profile, region, endpoint = connection
    own = begin(profile, region, endpoint)
    if stack is not None:
        from .stored import use

        use(stack, own)
    owner = account_id(account)
    places = find([pattern] if pattern else (), (), owner)
    missing.extend(places.missing)
    return outlooks(
        owner, chosen, places.places, lambda region: begin(profile, region or own, endpoint)
    )
