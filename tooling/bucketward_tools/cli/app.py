"""The commands; each imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bucketward.errors import BadInput, shown

from . import authorise, baseline, breaker, exempt
from .approve import approve
from .journal import journal
from .plan import plan
from .remediate import remediate
from .scan import scan
from .undo import undo

app = typer.Typer(
    help="Keep every S3 bucket of an AWS account in its approved configuration.",
    epilog="Start with:  bucketward demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.command(epilog="Example:  bucketward scan --bucket 'acme-*' --framework cis --format json")(
    scan
)
app.command(epilog="Example:  bucketward plan acme-data --control bucket_versioning")(plan)
app.command(epilog="Example:  bucketward remediate acme-data --control bucket_versioning")(
    remediate
)
app.add_typer(baseline.app, name="baseline")
app.command(epilog="Example:  bucketward approve acme-data --aspect policy --reason CHG-1042")(
    approve
)
app.add_typer(authorise.app, name="authorise")
app.add_typer(exempt.app, name="exempt")
app.command(epilog="Example:  bucketward journal acme-data --since 7d")(journal)
app.command(
    epilog="Example:  bucketward undo 20260102T030405.000000Z-1f2e3d4c-acme-data --reason CHG-7"
)(undo)
app.add_typer(breaker.app, name="breaker")


class Format(StrEnum):
    """How to print a result."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="text for people, json for programs.")
]
ControlOption = Annotated[
    str, typer.Option("--control", help="The control, e.g. bucket_encryption.")
]
FileArgument = Annotated[Path, typer.Argument(help="A JSON file, or - for standard input.")]


@app.command(epilog="Example:  bucketward evaluate event.json --control bucket_encryption")
def evaluate(
    event: FileArgument,
    control: ControlOption,
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A rule parameter; repeat the option for several."),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Judge an AWS Config event or configuration item with one control's rule.

    EVENT is the event of a custom rule, its invoking event, or a bare configuration item as
    notifications or `aws configservice get-resource-config-history` show it. Nothing is sent to
    AWS. Exit status: 0 where there is a verdict, whichever it is; 2 where there is none.
    """
    from bucketward.account import ACCOUNT_BLOCK_TYPE
    from bucketward.notification import Notification
    from bucketward_tools.catalogue import control as find

    rule = find(control).rule
    if rule.of_account and ACCOUNT_BLOCK_TYPE not in rule.types:
        raise BadInput(
            f"{control} judges the account as it is, which no event holds and which is not read "
            "offline; its verdict is in AWS Config."
        )
    given = dict(_pair(each) for each in parameter or [])
    notification = Notification.parse(_read_json(event))
    if not notification.complete and not notification.gone:
        raise BadInput(
            f"The item of {notification.resource_id} is oversized, so the event holds a summary "
            "only; get the item with `aws configservice get-resource-config-history`."
        )
    notification = replace(notification, parameters={**notification.parameters, **given})
    verdict = rule.judge_notification(notification)
    row = {
        "control": control,
        "resource_id": notification.resource_id,
        "compliance": verdict.compliance.value,
        "annotation": verdict.annotation,
    }
    if output is Format.JSON:
        _print_json(row)
    else:
        typer.echo(f"{row['compliance']}  {row['resource_id']}  {row['annotation']}")


@app.command(
    epilog="Example:  bucketward policy policy.json --account 111122223333 --bucket acme-data"
)
def policy(
    file: FileArgument,
    account: Annotated[str, typer.Option(help="The account that owns the bucket.")],
    bucket: Annotated[
        str | None, typer.Option(help="The bucket the policy is attached to.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Judge a bucket policy: public, cross-account, TLS only, and why."""
    from bucketward.policy import judge
    from bucketward.policy.principals import is_account_id

    if not is_account_id(account):
        raise BadInput(f"The account {shown(account)} is not an account id of twelve digits.")
    judgement = judge(_read(file), account=account, bucket=bucket)
    names = ["public", "public_read", "public_write", "cross_account", "tls_enforced"]
    names.append("allows_acl_modification")
    row: dict[str, Any] = {"valid": judgement.valid}
    if judgement.valid:
        row |= {name: getattr(judgement, name) for name in names}
    row["reasons"] = list(judgement.reasons)
    if output is Format.JSON:
        _print_json(row)
        return
    for name, value in row.items():
        if name != "reasons":
            typer.echo(f"{name.replace('_', ' '):24} {'yes' if value else 'no'}")
    for reason in row["reasons"]:
        typer.echo(f"- {reason}")


@app.command(epilog="Example:  bucketward classify record.json --format json")
def classify(record: FileArgument, output: FormatOption = Format.TEXT) -> None:
    """List the alerts that CloudTrail records raise.

    RECORD is one record, bare or in its EventBridge envelope, a list of them, an unpacked log file,
    or what `aws cloudtrail lookup-events` prints.
    """
    from bucketward.changes import classify as judge_change
    from bucketward.changes import records
    from bucketward.event import inert

    found = [alert for each in records(_read_json(record)) for alert in judge_change(each)]
    alerts = [alert.to_dict() for alert in found]
    if output is Format.JSON:
        _print_json(alerts)
        return
    for alert in inert(alerts):  # names are whoever's who made the call
        typer.echo(
            f"{alert['severity']:9} {alert['id']:32} {alert['bucket'] or '-'}  {alert['actor']}"
        )
    if not alerts:
        typer.echo("no alert")


@app.command(epilog="Example:  bucketward controls --framework cis")
def controls(
    framework: Annotated[
        str | None,
        typer.Option(help="Only those of a preset or framework, e.g. cis, fsbp, cis-5.0."),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List the controls.

    With --framework, those that it asks for and by which requirements, which the JSON form has
    under "requirements".
    """
    from bucketward_tools.catalogue import controls as every

    rows: list[dict[str, Any]] = [
        {
            "control": stem,
            "title": each.title,
            "severity": each.rule.severity.value,
            "remediation": each.remediation.automatic.value if each.remediation else "none",
        }
        for stem, each in every().items()
    ]
    if framework is not None:
        from bucketward_tools.frameworks import frameworks

        asked_for = frameworks()
        chosen = asked_for.selected(framework, every())
        rows = [
            {**row, "requirements": chosen[row["control"]]}
            for row in rows
            if row["control"] in chosen
        ]
    if output is Format.JSON:
        _print_json(rows)
        return
    for row in rows:
        asked = ", ".join(row.get("requirements", ()))
        title = f"{row['title']} ({asked})" if asked else row["title"]
        typer.echo(f"{row['control']:30} {row['severity']:9} {title}.")
    if framework is not None and (none := asked_for.unanswered(framework)):
        typer.echo(f"No control checks {', '.join(none)}; docs/frameworks.md says why.")


@app.command(epilog="Example:  bucketward new bucket_cors")
def new(
    stem: Annotated[
        str, typer.Argument(help="The control's name in lower case, e.g. bucket_cors.")
    ],
    folder: Annotated[Path, typer.Option(help="The clone of Bucketward.")] = Path(),
) -> None:
    """Write the three files of a new control; its tests run, and fail until you fill them in."""
    from bucketward_tools.scaffold import scaffold

    for path in scaffold(folder, stem):
        typer.echo(f"wrote {path}")
    typer.echo("Fill in the check, then run: make generate test")
    typer.echo("Where CIS, Security Hub or AWS ask for it, name it in frameworks/ as well")


@app.command(epilog="Example:  bucketward demo encryption")
def demo(
    scenario: Annotated[
        str | None, typer.Argument(help="One story by its name, or all.", show_default="all")
    ] = None,
) -> None:
    """Deploy the template into an AWS account in this process, cause drift, watch it put back.

    Nothing leaves this machine. Exit status 0 only if every bucket ended as it was approved.
    """
    from bucketward_tools.demo import run

    raise typer.Exit(run(scenario))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise BadInput(f"The parameter {text!r} is not of the form NAME=VALUE.")
    return name, value


def _read(file: Path) -> str:
    try:
        data = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        return data.decode()
    except OSError as error:
        raise BadInput(f"Cannot read {file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{file} is not UTF-8 text: {error.reason} at byte {error.start}."
        ) from error


def _read_json(file: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(_read(file))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{file} is not JSON: {error}.") from error


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2))
