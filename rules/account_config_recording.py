"""AWS Config must record the S3 resource types, continuously.

## Why is this bad?
Every other control here hears of a change through AWS Config's recorder. One that is stopped, that
leaves S3 out or looks once a day, makes them blind while the dashboard stays green.

## What it checks
The account's own recorder is recording, its last delivery did not fail, and it records buckets,
access points of both kinds and the account's public access block, each continuously. The rule runs
on a schedule, which goes on while the recorder is stopped.

## Remediation safety
There is no remediation: what is recorded decides what AWS Config costs, for all services. The
alarm topic is told, and the annotation holds the command.

## References
- https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html#config-1
"""

from typing import Any

from bucketward import Rule, Severity, Verdict, compliant, non_compliant
from bucketward.account import RECORDED, RECORDERS, Account

_PUT = "aws configservice put-configuration-recorder"
_START = "aws configservice start-configuration-recorder --configuration-recorder-name"


def evaluate(account: Account) -> Verdict:
    # A service's own recorder (servicePrincipal) serves that service alone.
    own = [each for each in account[RECORDERS] if not each.get("servicePrincipal")]
    if not own:
        return non_compliant(f"AWS Config has no recorder here; make one: {_PUT}.")
    recorder = own[0]
    name = recorder["name"]
    if not recorder["recording"]:
        return non_compliant(f"The recorder is stopped; run: {_START} {name}")
    if str(recorder.get("lastStatus")).upper() == "FAILURE":
        return non_compliant(
            f"Recorder {name} fails to deliver; see: aws configservice "
            "describe-configuration-recorder-status"
        )
    left_out = [kind for kind in RECORDED if not _records(recorder, kind)]
    if left_out:
        return non_compliant(
            f"Recorder {name} leaves out {', '.join(left_out)}; change it: {_PUT}."
        )
    daily = [kind for kind in RECORDED if _frequency(recorder, kind) != "CONTINUOUS"]
    if daily:
        return non_compliant(
            f"Recorder {name} looks at {', '.join(daily)} once a day only; change it: {_PUT}."
        )
    return compliant(f"Recorder {name} records the S3 resource types continuously.")


def _records(recorder: dict[str, Any], kind: str) -> bool:
    group = recorder.get("recordingGroup") or {}
    strategy = (group.get("recordingStrategy") or {}).get("useOnly")
    if strategy == "EXCLUSION_BY_RESOURCE_TYPES":
        return kind not in (group.get("exclusionByResourceTypes") or {}).get("resourceTypes", ())
    return bool(group.get("allSupported")) or kind in (group.get("resourceTypes") or ())


def _frequency(recorder: dict[str, Any], kind: str) -> str:
    mode = recorder.get("recordingMode") or {}
    for override in mode.get("recordingModeOverrides") or ():
        if kind in override.get("resourceTypes", ()):
            return str(override.get("recordingFrequency"))
    return str(mode.get("recordingFrequency") or "CONTINUOUS")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(RECORDERS,), subject=Account)
