"""How a change stands: authorised or not, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bucketward.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bucketward.changes.alert import Finding
    from bucketward.changes.authorisation import Authorisation


class Standing(StrEnum):
    """How a change stands."""

    AUTHORISED = "authorised"
    DANGEROUS = "authorised-but-dangerous"
    UNAUTHORISED = "unauthorised"
    SELF = "self"
    AWS_SERVICE = "aws-service"
    FAILED_ATTEMPT = "failed-attempt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """How a change stands, and the sentence that says why."""

    standing: Standing
    reason: str
    authorisation: Authorisation | None = None
    """The entry that authorises it."""


def weigh(
    decision: Decision, findings: Iterable[Finding], *, threshold: Severity = Severity.HIGH
) -> Decision:
    """Call an authorised change dangerous where it raised an alert of the threshold or above.

    Every other standing stays what it is: only an approval can be taken back by what it approves.
    """
    ranks = list(Severity)
    serious = sorted(
        (
            finding
            for finding in findings
            if ranks.index(finding.severity) >= ranks.index(threshold)
        ),
        key=lambda finding: (-ranks.index(finding.severity), finding.id),
    )
    if decision.standing is not Standing.AUTHORISED or not serious:
        return decision
    worst = ", ".join(f"{finding.id} ({finding.severity})" for finding in serious)
    reason = f"{decision.reason} It raised {worst}."
    return replace(decision, standing=Standing.DANGEROUS, reason=reason)
