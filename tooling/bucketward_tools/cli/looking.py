"""Look at buckets for plans: with which controls, in which account, and at which buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bucketward_tools.scan.choice import Chosen
    from bucketward_tools.scan.outlook import Outlook


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
        from .deployment import Deployment
        from .stored import as_deployed, use

        deployment = Deployment.find(stack, region=own)
        use(deployment)
        chosen = as_deployed(deployment, chosen)
    owner = account_id(account)
    places = find([pattern] if pattern else (), (), owner)
    missing.extend(places.missing)
    return outlooks(
        owner, chosen, places.places, lambda region: begin(profile, region or own, endpoint)
    )
