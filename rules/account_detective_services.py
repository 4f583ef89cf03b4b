"""GuardDuty's S3 protection, IAM Access Analyzer, Macie and Security Hub must be on.

## Why is this bad?
Configuration can be right and a stolen key still reads everything. These services look at what is
done with the data (GuardDuty), who outside can reach it (Access Analyzer), what of it is personal
or secret (Macie), and bring the findings together (Security Hub).

## What it checks
Each of the `services` in this Region: GuardDuty has a detector that is enabled with S3 data
events; Access Analyzer has an active analyzer of external access; Macie is enabled; Security Hub
is enabled. Beside the account's verdict AWS Config shows one for each service, under the
account's id and the service's name, such as `111122223333/guardduty`.

## Remediation safety
There is no remediation: each of the services costs by volume, and an organization switches them on
from its administrator account. The alarm topic is told, and the annotation holds the command.

## References
- https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bucketward import Rule, Severity, Verdict, compliant, non_compliant, not_applicable, parameter
from bucketward.account import ANALYZERS, DETECTORS, MACIE, SECURITY_HUB, Account

_SERVICES = ("guardduty", "access-analyzer", "macie", "security-hub")


@dataclass(frozen=True, slots=True)
class Parameters:
    services: tuple[str, ...] = parameter(
        _SERVICES, "Services that must be on.", pattern="|".join(_SERVICES)
    )


def _guardduty(account: Account) -> Verdict:
    on = [each for each in account[DETECTORS] if each.get("Status") == "ENABLED"]
    if not account[DETECTORS]:
        return non_compliant("GuardDuty is off; run: aws guardduty create-detector --enable")
    if not on:
        return non_compliant(
            "GuardDuty is suspended; run: aws guardduty update-detector --detector-id "
            f"{account[DETECTORS][0]['DetectorId']} --enable"
        )
    features = {each["Name"]: each["Status"] for each in on[0].get("Features") or ()}
    older = ((on[0].get("DataSources") or {}).get("S3Logs") or {}).get("Status")
    if "ENABLED" in {features.get("S3_DATA_EVENTS"), older}:
        return compliant("GuardDuty's S3 protection is on.")
    return non_compliant(
        "GuardDuty's S3 protection is off; run: aws guardduty update-detector --detector-id "
        f"{on[0]['DetectorId']} --features Name=S3_DATA_EVENTS,Status=ENABLED"
    )


def _access_analyzer(account: Account) -> Verdict:
    kinds = {"ACCOUNT", "ORGANIZATION"}  # the other types look at unused access
    if any(each["type"] in kinds and each["status"] == "ACTIVE" for each in account[ANALYZERS]):
        return compliant("An analyzer of external access is active.")
    return non_compliant(
        "No analyzer of external access is active; run: aws accessanalyzer create-analyzer "
        "--analyzer-name external-access --type ACCOUNT"
    )


def _macie(account: Account) -> Verdict:
    if account[MACIE] is None:
        return non_compliant("Macie is off; run: aws macie2 enable-macie")
    if account[MACIE].get("status") == "ENABLED":
        return compliant("Macie is on.")
    return non_compliant("Macie is paused; run: aws macie2 update-macie-session --status ENABLED")


def _security_hub(account: Account) -> Verdict:
    if account[SECURITY_HUB]:
        return compliant("Security Hub is on.")
    return non_compliant("Security Hub is off; run: aws securityhub enable-security-hub")


_CHECKS: dict[str, Callable[[Account], Verdict]] = {
    "guardduty": _guardduty,
    "access-analyzer": _access_analyzer,
    "macie": _macie,
    "security-hub": _security_hub,
}


def each(account: Account, parameters: Parameters = Parameters()) -> Iterator[tuple[str, Verdict]]:
    """Yield each service and its own verdict."""
    for service, check in _CHECKS.items():
        if service in parameters.services:
            yield service, check(account)
        else:
            yield service, not_applicable(f"The service {service} is not asked for.")


def evaluate(account: Account, parameters: Parameters = Parameters()) -> Verdict:
    checks = [check for service, check in _CHECKS.items() if service in parameters.services]
    off = [verdict for check in checks if (verdict := check(account)).compliance != "COMPLIANT"]
    if len(off) == 1:
        return off[0]
    if off:
        reasons = ". ".join(verdict.annotation.partition(";")[0] for verdict in off)
        return non_compliant(f"{reasons}. Each has its own finding with the command.")
    return compliant("All services that are asked for are on.")


rule = Rule(
    evaluate,
    severity=Severity.MEDIUM,
    reads=(DETECTORS, ANALYZERS, MACIE, SECURITY_HUB),
    parameters=Parameters,
    subject=Account,
    each=each,
)
