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
    bucket, stem = shlex.quote(found["bucket"]), control.stem
    name = shlex.quote(deployment.stack.name)

    def step(to: str, command: str | None) -> Step:
        return {"to": to, "command": f"bucketward {command}{options}" if command else None}

    if found["compliance"] == ERROR:
        yield step("see what is missing", "doctor")
    elif found["compliance"] == Compliance.NON_COMPLIANT:
        if found["breaker"]:
            close = f"breaker close {bucket} {stem} {_WHY}"
            yield step("let it be reverted again, once you agreed with who changes it", close)
        cure = f"{bucket} --control {stem}"
        if control.remediation:
            # These name the stack by an option of their own, which has no default.
            stack = "" if "--stack" in options else f" --stack {name}"
            yield step("see what would be put back", f"plan {cure}{stack}")
            yield step("put it back", f"remediate {cure}{stack}")
        else:
            yield step(f"put it right by hand, as docs/controls/{stem}.md says", None)
        differing = [each["aspect"] for each in found["evidence"] if each["as_approved"] is False]
        if differing:
            aspects = " ".join(f"--aspect {each}" for each in differing)
            yield step("keep what is there", f"approve {bucket} {aspects} {_WHY}")
        exempt = f"exempt add {bucket} {stem} {_WHY} --expires 30d"
        yield step("have the control leave it alone for a while", exempt)
    elif found["exemption"]:
        remove = f"exempt remove {shlex.quote(found['exemption']['id'])}"
        yield step("end the exemption", remove)
    if found["reverts"]:
        yield step("take the last revert back", f"undo {found['reverts'][0]} {_WHY}")
    theirs = found["config"]
    if theirs and found["compliance"] not in {ERROR, theirs["compliance"]}:
        yield {
            "to": "have AWS Config look again",
            "command": "aws configservice start-config-rules-evaluation --config-rule-names "
            f"{shlex.quote(theirs['rule'])} --region {deployment.stack.region}",
        }
