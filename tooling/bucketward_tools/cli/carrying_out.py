"""Carry a plan out that somebody agreed to, with the code that runs in Lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward._remediate import remediate
from bucketward.errors import BucketwardError
from bucketward_tools.scan.planning import agreed

from .screen import say

if TYPE_CHECKING:
    from bucketward_tools.scan.outlook import Outlook, Planned


def carry_out(outlook: Outlook, planned: Planned) -> int:
    """Make the calls; returns the exit status."""
    row, known = planned.plan.row, planned.known
    assert planned.remediation is not None  # noqa: S101 - there are calls
    assert known is not None  # noqa: S101
    try:
        outcome = remediate(
            agreed(planned.remediation, planned.plan.calls),
            row.bucket,
            planned.plan.states[0].account,
            outlook.place.region or None,
            known.parameters,
            known=known,
        )
    except BucketwardError as error:
        say(f"bucketward: {error}", aside=True)
        return 1
    for call in outcome.calls:
        say(f"called {call.operation.name}")
    say(
        f"{row.control}: {outcome.note}{'; ' + outcome.remarks if outcome.remarks else ''}", "green"
    )
    return 0 if outcome.calls or "compliant" in outcome.note else 1
