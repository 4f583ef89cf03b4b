"""The options that the operator's commands share."""

from enum import StrEnum
from typing import Annotated

import typer

from .completion import bucket_names, control_names

STACK = "bucketward"
SETTINGS = {"help_option_names": ["-h", "--help"]}


class Output(StrEnum):
    """How to print a list."""

    TABLE = "table"
    JSON = "json"


class Form(StrEnum):
    """How to print a result that is no list."""

    TEXT = "text"
    JSON = "json"


# As in the AWS CLI, --output is the format; where a result goes is --output-file.
OutputOption = Annotated[
    Output, typer.Option("--format", "--output", help="table for people, json for programs.")
]
FormOption = Annotated[
    Form, typer.Option("--format", "--output", help="text for people, json for programs.")
]
StackOption = Annotated[str, typer.Option("--stack", help="Bucketward's CloudFormation stack.")]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="A profile of your AWS configuration.")
]
EndpointOption = Annotated[
    str | None, typer.Option("--endpoint-url", help="Where AWS is, e.g. a local moto_server.")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="The Region that the stack is in.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, do what is shown.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, in a sentence or as the number of the change ticket.")
]
BucketArgument = Annotated[
    str,
    typer.Argument(metavar="BUCKET", help="The bucket's name.", autocompletion=bucket_names),
]
ControlOption = Annotated[
    str,
    typer.Option(
        "--control", help="The control, e.g. bucket_encryption.", autocompletion=control_names
    ),
]
ControlArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONTROL", help="The control, e.g. bucket_drift.", autocompletion=control_names
    ),
]
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
