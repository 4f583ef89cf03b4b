"""``bucketward explain``: why a bucket is red, whose change it was, and what to do."""

import json
import shlex
from typing import Annotated, Any

import typer

from .completion import control_names
from .options import (
    STACK,
    BucketArgument,
    EndpointOption,
    Form,
    FormOption,
    ProfileOption,
    RegionOption,
    StackOption,
)


def explain(
    bucket: BucketArgument,
    *,
    control: Annotated[
        str | None,
        typer.Option(
            help="Only this control, whatever its verdict, e.g. bucket_drift.",
            autocompletion=control_names,
        ),
    ] = None,
    form: FormOption = Form.TEXT,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Explain a bucket's verdicts: what they rest on, and what to do.

    For each control that is not content with the bucket as it is now, or that AWS Config shows
    as non-compliant: the parts of the configuration that decide it, who changed them last, what
    is approved of them, exemptions, open breakers, and the commands to run next.

    Exit status: 0 all is compliant or not applicable; 1 something is not; 2 something could not
    be judged, or an option is wrong.
    """
    from . import explaining, given, screen
    from .deployment import Deployment

    given.bucket(bucket)
    stem = given.control(control) if control else None
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    named = {
        "--stack": stack if stack != STACK else None,
        "--profile": profile,
        "--region": region,
        "--endpoint-url": endpoint_url,
    }
    words = "".join(f" {name} {shlex.quote(value)}" for name, value in named.items() if value)
    found = []
    for each in explaining.explanations(deployment, bucket, stem, words):
        found.append(each)
        if form is Form.TEXT:
            _show(each)
    if form is Form.JSON:
        screen.print_json(found)
    elif not found:
        screen.say(f"Bucket {bucket} is compliant with every control, here and in AWS Config.")
    raise typer.Exit(explaining.status(found))


def _show(found: dict[str, Any]) -> None:
    from bucketward.aspects import ASPECTS
    from bucketward_tools.scan.row import ERROR

    from .screen import say, show_difference

    red = found["compliance"] in {"NON_COMPLIANT", ERROR}
    say(
        f"{found['control']}: {found['compliance']} now ({found['severity']})",
        "red" if red else "green",
    )
    say(f"  {found['annotation']}")
    theirs = found["config"]
    say(
        f"  AWS Config shows {theirs['compliance']} since {theirs['since']}."
        if theirs
        else "  AWS Config shows no verdict."
    )
    for each in found["evidence"]:
        aspect = ASPECTS[each["aspect"]]
        say(f"  {aspect}: {each['baseline']}. {each['changed']}")
        if each["as_approved"] is False and each["verified"]:
            show_difference(aspect, each["approved"], each["now"], ("approved", "now"))
        else:
            text = "not set" if each["now"] is None else json.dumps(each["now"], indent=2)
            for line in text.splitlines():
                say(f"    {line}")
    if found["breaker"]:
        say(f"  Its reverts stopped: {found['breaker']['against']} changes it back.", "yellow")
    if found["reverts"]:
        say(f"  Reverted {len(found['reverts'])} times within 7 days: see bucketward journal.")
    for step in found["next"]:
        say(f"  To {step['to']}{':' if step['command'] else '.'}")
        if step["command"]:
            say(f"    {step['command']}")
