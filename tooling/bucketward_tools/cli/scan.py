"""``bucketward scan``: judge every bucket of a live account, read-only."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bucketward.errors import BadInput

from .connection import AccountOption, EndpointOption, ProfileOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

    from bucketward_tools.report.about import About
    from bucketward_tools.scan.account import Scan
    from bucketward_tools.scan.buckets import Found
    from bucketward_tools.scan.row import Judged

    from .progress import Progress

    Writer = Callable[[Iterable[Judged], TextIO, About], None]


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
    typer.Option("--format", help="table and html for people, the others for programs."),
]
BucketsOption = Annotated[
    list[str] | None,
    typer.Option("--bucket", metavar="PATTERN", help="Only this bucket, or e.g. 'acme-*'."),
]
ControlsOption = Annotated[
    list[str] | None,
    typer.Option("--control", metavar="STEM", help="Only this control, or e.g. 'bucket_policy_*'."),
]
FrameworkOption = Annotated[
    str | None,
    typer.Option(help="Only what it asks for, with its parameters, e.g. cis, fsbp, cis-5.0."),
]
ParametersOption = Annotated[
    list[str] | None,
    typer.Option(metavar="CONTROL.NAME=VALUE", help="A control's parameter."),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False),
]


def scan(
    *,
    bucket: BucketsOption = None,
    control: ControlsOption = None,
    framework: FrameworkOption = None,
    severity: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="Only controls of this severity or a higher one."),
    ] = None,
    parameter: ParametersOption = None,
    region: Annotated[
        list[str] | None, typer.Option(metavar="REGION", help="Only buckets of this Region.")
    ] = None,
    role_arn: Annotated[
        list[str] | None,
        typer.Option(metavar="ARN", help="Scan the account of this role instead of one's own."),
    ] = None,
    failing: Annotated[
        bool, typer.Option("--failing", help="Leave out the rows that are fine.")
    ] = False,
    stack: Annotated[
        str | None,
        typer.Option(help="Bucketward's stack: heed its exemptions, compare with its baselines."),
    ] = None,
    account: AccountOption = None,
    profile: ProfileOption = None,
    endpoint_url: EndpointOption = None,
    report: ReportOption = Report.TABLE,
    output: OutputOption = None,
) -> None:
    """Judge the buckets of a live account; nothing is written, deployed or needed of AWS Config.

    One row for each bucket and control: bucket, control, compliance, severity, annotation. All
    controls that S3 alone can answer, or those asked for; options that take a list are repeated.
    Controls of the account have its id in "bucket", those of access points the access point's
    name. What could not be read is a row with compliance ERROR.

    Exit status: 0 all is compliant or not applicable; 1 something is not; 2 something could not
    be judged, or does not exist, or an option is wrong.
    """
    from bucketward_tools.scan.account import Scan, exemptions
    from bucketward_tools.scan.choice import choose

    from .connection import begin

    if stack and role_arn:
        raise BadInput("--stack is of one account; scan those of --role-arn without it.")
    chosen = choose(
        control or (),
        framework=framework,
        severity=severity,
        parameters=parameter or (),
        buckets_only=bool(bucket),
        stored=stack is not None,
        planning=report is Report.HTML,
    )
    own = begin(profile, region[0] if region else None, endpoint_url)
    if stack is not None:
        from .stored import use

        use(stack, own)
    asked = Scan(
        chosen=chosen,
        patterns=bucket or (),
        regions=region or (),
        own=own,
        planning=report is Report.HTML,
        exempting=exemptions(chosen) if stack else {},
    )
    raise typer.Exit(
        _run(asked, role_arn or [], account, _writer(report, output), framework, failing, output)
    )


def _run(  # noqa: PLR0917 - what the options came to
    asked: Scan,
    roles: list[str],
    account: str | None,
    write: Writer,
    framework: str | None,
    failing: bool,  # noqa: FBT001
    output: Path | None,
) -> int:
    from bucketward.clock import now
    from bucketward_tools.report.about import About
    from bucketward_tools.report.rows import failing as only_failing

    from .destination import destination
    from .progress import Progress

    about = About(asked.chosen, now(), framework)
    to_file = output is not None and str(output) != "-"
    with Progress(bar=to_file or not sys.stdout.isatty()) as progress:
        found = about.counted(_accounts(asked, roles, account, about, progress))
        watched = progress.watched(found)
        with destination(output) as out:
            write(only_failing(watched) if failing else watched, out, about)
    for sentence in about.missing:
        _say(sentence)
    _say(f"{about.summary} {progress.seconds:,.1f} s, {progress.rate:,.0f} buckets a second.")
    return about.exit_code


def _accounts(
    asked: Scan, roles: list[str], account: str | None, about: About, progress: Progress
) -> Iterator[Judged]:
    """Scan one account after another; one that does not let us in does not end the scan."""
    from bucketward import _aws

    from .connection import account_id
    from .refusal import sentence

    def tell(found: Found) -> None:
        about.missing.extend(found.missing)
        about.widths.append(max((len(each.name) for each in found.places), default=0))
        progress.expect(len(found.places))

    for role in roles or [None]:
        try:
            if role is not None:
                _aws.act_as(role)
            about.accounts.append(account_id(account if not roles else None))
            yield from asked.account(about.accounts[-1], tell)
        except (_aws.ClientError, _aws.BotoCoreError) as error:
            if len(roles) <= 1:
                raise
            about.missing.append(f"{role} was not scanned: {sentence(error) or error}")


def _writer(report: Report, output: Path | None) -> Writer:
    from functools import partial

    from bucketward_tools.report import rows

    match report:
        case Report.JSON:
            return rows.as_json
        case Report.CSV:
            return rows.as_csv
        case Report.OCSF:
            from bucketward_tools.report.ocsf import write
        case Report.SARIF:
            from bucketward_tools.report.sarif import write
        case Report.HTML:
            from bucketward_tools.report.page import write
        case _:
            from .destination import coloured

            return partial(rows.table, coloured=coloured(output))
    return write


def _say(sentence: str) -> None:
    from .screen import say

    say(f"bucketward: {sentence}", aside=True)
