"""The options that the operator's commands share."""

from enum import StrEnum
from typing import Annotated

import typer

STACK = "bucketward"
SETTINGS = {"help_option_names": ["-h", "--help"]}


class Output(StrEnum):
    """How to print a result."""

    TABLE = "table"
    JSON = "json"


OutputOption = Annotated[
    Output, typer.Option("--format", "--output", help="table for people, json for programs.")
]
StackOption = Annotated[str, typer.Option("--stack", help="Bucketward's CloudFormation stack.")]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="A profile of your AWS configuration.")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="The Region that the stack is in.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, do what is shown.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, in a sentence or as the number of the change ticket.")
]
BucketArgument = Annotated[str, typer.Argument(metavar="BUCKET", help="The bucket's name.")]
AspectsOption = Annotated[
    list[str] | None,
    typer.Option("--aspect", help="Only this aspect, e.g. policy; repeat it for several."),
]


def group(explanation: str) -> typer.Typer:
    """Make a command that has commands."""
    return typer.Typer(
        help=explanation,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=dict(SETTINGS),
    )
