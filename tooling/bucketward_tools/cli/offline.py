"""Judge what a file holds: an event, a policy, a record of CloudTrail. Nothing is sent to AWS."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bucketward.errors import BadInput, shown

from .options import ControlOption, Form, FormOption
from .screen import print_json

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A JSON file, or - for standard input.")
]


def evaluate(
    event: FileArgument,
    control: ControlOption,
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A rule parameter; repeat the option for several."),
    ] = None,
    output: FormOption = Form.TEXT,
) -> None:
    """Judge an AWS Config event or item with one control's rule.

    FILE is the event of a custom rule, its invoking event, or a bare configuration item as
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
    if output is Form.JSON:
        print_json(row)
    else:
        typer.echo(f"{row['compliance']}  {row['resource_id']}  {row['annotation']}")


def policy(
    file: FileArgument,
    account: Annotated[str, typer.Option(help="The account that owns the bucket.")],
    bucket: Annotated[
        str | None, typer.Option(help="The bucket the policy is attached to.")
    ] = None,
    output: FormOption = Form.TEXT,
) -> None:
    """Say whether a bucket policy is public, cross-account, TLS only."""
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
    if output is Form.JSON:
        print_json(row)
        return
    for name, value in row.items():
        if name != "reasons":
            typer.echo(f"{name.replace('_', ' '):24} {'yes' if value else 'no'}")
    for reason in row["reasons"]:
        typer.echo(f"- {reason}")


def classify(record: FileArgument, output: FormOption = Form.TEXT) -> None:
    """List the alerts that CloudTrail records raise.

    FILE is one record, bare or in its EventBridge envelope, a list of them, an unpacked log file,
    or what `aws cloudtrail lookup-events` prints.
    """
    from bucketward.changes import classify as judge_change
    from bucketward.changes import records
    from bucketward.event import inert

    found = [alert for each in records(_read_json(record)) for alert in judge_change(each)]
    alerts = [alert.to_dict() for alert in found]
    if output is Form.JSON:
        print_json(alerts)
        return
    for alert in inert(alerts):  # names are whoever's who made the call
        typer.echo(
            f"{alert['severity']:9} {alert['id']:32} {alert['bucket'] or '-'}  {alert['actor']}"
        )
    if not alerts:
        typer.echo("no alert")


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
