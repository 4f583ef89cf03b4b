"""Which command comes next for a verdict, ready to be run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from bucketward.verdict import Compliance
from bucketward_tools.scan.row import ERROR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bucketward_tools.catalogue import Control

    from .deployment import Deployment

Step = dict[str, str | None]
_WHY = "--reason 'WHY'"


def steps(
    found: Mapping[str, Any], control: Control, deployment: Deployment, options: str
) -> Iterator[Step]:
    """Yield ``{"to", "command"}``, the likeliest first; no command for what people must do."""
    # plan and remediate take a stack by an option that has no default.
    stack = "" if "--stack" in options else f" --stack {shlex.quote(deployment.stack.name)}"
    for to, command in _of_ours(found, control, stack):
        yield {"to": to, "command": f"bucketward {command}{options}" if command else None}
    theirs = found["config"]
    if theirs and found["compliance"] not in {ERROR, theirs["compliance"]}:
        yield {
            "to": "have AWS Config look again",
            "command": "aws configservice start-config-rules-evaluation --config-rule-names "
            f"{shlex.quote(theirs['rule'])} --region {deployment.stack.region}{_profile(options)}",
        }


def _profile(options: str) -> str:
    """Return the one option that the AWS CLI is to be given of ours: the Region is the stack's."""
    words = shlex.split(options)
    if "--profile" not in words:
        return ""
    return f" --profile {shlex.quote(words[words.index('--profile') + 1])}"


def _of_ours(
    found: Mapping[str, Any], control: Control, stack: str
) -> Iterator[tuple[str, str | None]]:
    bucket = shlex.quote(found["bucket"])
    forged = [each["aspect"] for each in found["evidence"] if not each["verified"]]
    if forged:
        yield "approve what is there anew", _approve(bucket, forged)
    elif found["compliance"] == ERROR:
        yield "see what is missing", "doctor"
    elif found["compliance"] == Compliance.NON_COMPLIANT:
        yield from _of_red(found, control, bucket, stack)
    elif found["exemption"]:
        yield "end the exemption", f"exempt remove {shlex.quote(found['exemption']['id'])}"
    if found["reverts"]:
        yield "take the last revert back", f"undo {found['reverts'][0]} {_WHY}"


def _of_red(
    found: Mapping[str, Any], control: Control, bucket: str, stack: str
) -> Iterator[tuple[str, str | None]]:
    stem = control.stem
    if found["breaker"]:
        close = f"breaker close {bucket} {stem} {_WHY}"
        yield "let it be reverted again, once you agreed with who changes it", close
    if control.remediation:
        cure = f"{bucket} --control {stem}{stack}"
        yield "see what would be put back", f"plan {cure}"
        yield "put it back", f"remediate {cure}"
    else:
        yield f"put it right by hand, as docs/controls/{stem}.md says", None
    differing = [each["aspect"] for each in found["evidence"] if each["as_approved"] is False]
    if differing:
        yield "keep what is there", _approve(bucket, differing)
    exempt = f"exempt add {bucket} {stem} {_WHY} --expires 30d"
    yield "have the control leave it alone for a while", exempt


def _approve(bucket: str, aspects: list[str]) -> str:
    return f"approve {bucket} {' '.join(f'--aspect {each}' for each in aspects)} {_WHY}"
