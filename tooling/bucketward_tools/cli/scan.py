"""``bucketward scan``: judge every bucket of a live account, read-only."""

from typing import Annotated

import typer

from bucketward.errors import BadInput

from .options import EndpointOption, ProfileOption
from .scan_options import (
    AccountOption,
    BucketsOption,
    ControlsOption,
    FileOption,
    FrameworkOption,
    ParametersOption,
    Report,
    ReportOption,
)


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
    output_file: FileOption = None,
) -> None:
    """Judge the buckets of a live account. Nothing is written, nor needed of AWS Config.

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
    from .scanning import run

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
        from .deployment import Deployment
        from .stored import as_deployed, use

        deployment = Deployment.find(stack, region=own)
        use(deployment)
        chosen = as_deployed(deployment, chosen)
    asked = Scan(
        chosen=chosen,
        patterns=bucket or (),
        regions=region or (),
        own=own,
        planning=report is Report.HTML,
        exempting=exemptions(chosen) if stack else {},
    )
    raise typer.Exit(
        run(
            asked,
            role_arn or [],
            account,
            framework,
            (report, output_file),
            failing=failing,
            stored=stack is not None,
        )
    )
