"""The commands; each imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from . import authorise, baseline, breaker, exempt
from .approve import approve
from .doctor import doctor
from .explain import explain
from .journal import journal
from .offline import classify, evaluate, policy
from .options import Form, FormOption
from .plan import plan
from .remediate import remediate
from .scan import scan
from .status import status
from .undo import undo

app = typer.Typer(
    help="Keep every S3 bucket of an AWS account in its approved configuration.",
    epilog="Start with:  bucketward demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer's callback
    if asked:
        from importlib.metadata import version

        typer.echo(f"bucketward {version('bucketward')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


app.command(epilog="Example:  bucketward scan --bucket 'acme-*' --framework cis --format json")(
    scan
)
app.command(epilog="Example:  bucketward plan acme-data --control bucket_versioning")(plan)
app.command(epilog="Example:  bucketward remediate acme-data --control bucket_versioning")(
    remediate
)
app.command(epilog="Example:  bucketward status --format json")(status)
app.command(epilog="Example:  bucketward explain acme-data --control bucket_drift")(explain)
app.command(epilog="Example:  bucketward doctor --region eu-central-1")(doctor)
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
app.command(epilog="Example:  bucketward evaluate event.json --control bucket_encryption")(evaluate)
app.command(
    epilog="Example:  bucketward policy policy.json --account 111122223333 --bucket acme-data"
)(policy)
app.command(epilog="Example:  bucketward classify record.json --format json")(classify)


@app.command(epilog="Example:  bucketward controls --framework cis")
def controls(
    framework: Annotated[
        str | None,
        typer.Option(help="Only those of a preset or framework, e.g. cis, fsbp, cis-5.0."),
    ] = None,
    output: FormOption = Form.TEXT,
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
    if output is Form.JSON:
        from .screen import print_json

        print_json(rows)
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
        str,
        typer.Argument(
            metavar="CONTROL", help="The control's name in lower case, e.g. bucket_cors."
        ),
    ],
    folder: Annotated[Path, typer.Option(help="The clone of Bucketward.")] = Path(),
) -> None:
    """Write the three files of a new control. Its tests fail until you fill them in."""
    from bucketward_tools.scaffold import scaffold

    for path in scaffold(folder, stem):
        typer.echo(f"wrote {path}")
    typer.echo("Fill in the check, then run: make generate test")
    typer.echo("Where CIS, Security Hub or AWS ask for it, name it in frameworks/ as well")


@app.command(epilog="Example:  bucketward demo encryption")
def demo(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help="One story by its name, or all.",
            show_default="a tour of seven",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the HTML report of the account at its end."),
    ] = None,
) -> None:
    """Cause drift in an account in this process, watch it put back.

    The template is the one that you deploy. Nothing leaves this machine. Exit status 0 only if
    every bucket ended as it was approved.
    """
    from bucketward_tools.demo import run

    raise typer.Exit(run(scenario, report))
