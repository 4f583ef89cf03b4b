"""The options of the commands that read a live account."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .completion import bucket_names, control_names

AccountOption = Annotated[
    str | None,
    typer.Option("--account", help="The account's id, where STS may not be asked for it."),
]


class Report(StrEnum):
    """How to write what was found."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    OCSF = "ocsf"
    SARIF = "sarif"


ReportOption = Annotated[
    Report,
    typer.Option(
        "--format", "--output", help="table and html for people, the others for programs."
    ),
]
BucketsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--bucket",
        metavar="PATTERN",
        help="Only this bucket, or e.g. 'acme-*'.",
        autocompletion=bucket_names,
    ),
]
ControlsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--control",
        metavar="STEM",
        help="Only this control, or e.g. 'bucket_policy_*'.",
        autocompletion=control_names,
    ),
]
FrameworkOption = Annotated[
    str | None,
    typer.Option(help="Only what it asks for, with its parameters, e.g. cis, fsbp, cis-5.0."),
]
ParametersOption = Annotated[
    list[str] | None,
    typer.Option(metavar="CONTROL.NAME=VALUE", help="A control's parameter."),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--output-file", "-o", metavar="FILE", help="Write to this file.", show_default=False
    ),
]
OwnRegionOption = Annotated[
    str | None, typer.Option("--region", help="The Region to begin in; each bucket is found.")
]
OwnStackOption = Annotated[
    str | None,
    typer.Option(help="Bucketward's stack: heed its exemptions, restore its baselines."),
]
