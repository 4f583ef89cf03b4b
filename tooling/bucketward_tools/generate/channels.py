"""The channels' part of template.yaml: infra/channel.yaml for each, and what they all share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.channels import channels
from bucketward.verdict import Severity

from .holes import Lines, Tag, fill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bucketward.channels import Channel

SWITCHES: dict[str, dict[str, Any]] = {
    "AlertEmail": {
        "Description": (
            "Address that is told of alerts, and of failed evaluations, remediations and"
            " deliveries; empty for nobody."
        ),
        "AllowedPattern": r"^$|^[^@\s]+@[^@\s]+$",
    },
    "AlertPhone": {
        "Description": "Phone number, such as +15550100, that gets alerts by SMS; empty: none.",
        "AllowedPattern": r"^$|^\+[1-9]\d{4,14}$",
    },
    "ChatTopicArn": {
        "Description": (
            "ARN of the SNS topic that Amazon Q Developer in chat applications reads for your Slack"
            " or Microsoft Teams channel; empty: none."
        ),
        "AllowedPattern": r"^$|^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$",
    },
    "SecurityHub": {
        "Description": (
            "Whether alerts become findings in AWS Security Hub, which must be on; empty: no."
        ),
        "AllowedValues": ["", "true"],
    },
}
"""The parameters that switch a channel on and name no secret."""

_SECRET = r"^$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$"  # noqa: S105
_SEVERITIES = [severity.value for severity in Severity]


def values(infra: Path) -> dict[str, Any]:
    """Return what fills the channels' holes in infra/app.yaml."""
    known = list(channels().values())
    text = (infra / "channel.yaml").read_text(encoding="utf-8")
    stanza = "".join(
        f"{line.removeprefix('  ')}\n"
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
    ).lstrip("\n")
    filled = [
        _headed(each) + fill(stanza, {"prefix": each.prefix, "title": each.title}) for each in known
    ]
    return {
        "channels": Lines("\n".join(filled).splitlines()),
        "channel_parameters": _parameters(known),
        "channel_parameter_names": list(_parameters(known)),
        "channel_conditions": _conditions(known),
        "channel_environment": {
            f"BUCKETWARD_CHANNEL_{each.name.upper()}": _environment(each) for each in known
        },
        "channel_queues": [_if(each, f"!Ref {each.prefix}Deliveries") for each in known]
        + [_if(each, f"!Ref {each.prefix}DeadLetters") for each in known],
        "channel_queue_arns": _arns(known, "Deliveries"),
        "channel_all_queue_arns": _arns(known, "Deliveries") + _arns(known, "DeadLetters"),
        "channel_rule_arns": _arns(known, "Alerts"),
        "channel_outputs": {
            f"{each.prefix}DeadLetters": {
                "Condition": f"Has{each.prefix}",
                "Description": f"Queue of the alerts that did not reach {each.title}.",
                "Value": Tag(f"!Ref {each.prefix}DeadLetters"),
            }
            for each in known
        },
        "channel_statements": Lines(
            line for each in known if each.secret for line in _reads_secret(each)
        ),
        "severities": {
            least: {"severities": _SEVERITIES[rank:]} for rank, least in enumerate(_SEVERITIES)
        },
    }


def _parameters(known: Iterable[Channel]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in known:
        names = ["AlertEmail", "AlertPhone"] if each.name == "topic" else [each.parameter]
        for name in names:
            declared = {"Type": "String", "Default": ""}
            given = SWITCHES.get(name) or {
                "Description": (
                    f"ARN of the Secrets Manager secret for {each.title}, see docs/channels.md;"
                    " empty: none."
                ),
                "AllowedPattern": _SECRET,
            }
            found[name] = {"Description": given["Description"], **declared, **given}
        found[f"{each.prefix}Severity"] = {
            "Description": f"The least severity of an alert that is told to {each.title}.",
            "Type": "String",
            "Default": each.minimum,
            "AllowedValues": _SEVERITIES,
        }
    return found


def _conditions(known: Iterable[Channel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in known:
        on = Tag(f"!Not [!Equals [!Ref {each.parameter}, '']]")
        if each.name == "topic":
            found["HasAlertEmail"] = on
            found["HasAlertPhone"] = Tag("!Not [!Equals [!Ref AlertPhone, '']]")
            on = Tag("!Or [!Condition HasAlertEmail, !Condition HasAlertPhone]")
        found[f"Has{each.prefix}"] = on
    every = ", ".join(f"!Condition Has{each.prefix}" for each in known)
    return found | {"Notifies": Tag(f"!Or [{every}]")}


def _environment(channel: Channel) -> Tag:
    address = {"topic": " ${AlertTopic}", "security_hub": ""}.get(
        channel.name, f" ${{{channel.parameter}}}"
    )
    text = f"${{{channel.prefix}Deliveries.Arn}} ${{{channel.prefix}Severity}}{address}"
    return Tag(f"!If [Has{channel.prefix}, !Sub '{text}', '']")


def _reads_secret(channel: Channel) -> list[str]:
    """Let the notifier read the secret of a channel that is on, and no other."""
    return [
        "- !If",
        f"  - Has{channel.prefix}",
        f"  - Sid: Read{channel.prefix}Secret",
        "    Effect: Allow",
        "    Action: secretsmanager:GetSecretValue",
        f"    Resource: !Ref {channel.parameter}",
        "  - !Ref AWS::NoValue",
    ]


def _arns(known: Iterable[Channel], part: str) -> list[Tag]:
    return [_if(each, f"!GetAtt {each.prefix}{part}.Arn") for each in known]


def _if(channel: Channel, value: str) -> Tag:
    return Tag(f"!If [Has{channel.prefix}, {value}, !Ref AWS::NoValue]")


def _headed(channel: Channel) -> str:
    return f"# ---- {channel.title} ".ljust(98, "-") + "\n\n"
