"""Read and write exemptions in the table of decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bucketward.baseline.decisions import EXEMPTION
from bucketward.baseline.exemption import Exemption
from bucketward.entry import moment_text
from bucketward.errors import BadInput, shown

from .applying import apply, steps
from .screen import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bucketward.baseline.decisions import Decision, Decisions

    from .deployment import Deployment

UNDO = "undo-"
"""What the ids of exemptions begin with that an undo made; no file decides on them."""
_LONGEST_APPROVER = 500


@dataclass(frozen=True, slots=True)
class Found:
    """An exemption that may be unreadable, which must be possible to remove."""

    sentence: str
    decision: Decision | None = None


def exemptions(deployment: Deployment) -> Iterator[tuple[Exemption, Decision]]:
    for each in deployment.store.decisions.list(EXEMPTION):
        yield Exemption.parse(dict(each.body)), each


def approved_by(exemption: Exemption, caller: str) -> Exemption:
    """Put the caller's ARN down as the approver."""
    return replace(exemption, approver=caller[:_LONGEST_APPROVER])


def free(decisions: Decisions, name: str) -> None:
    """Raise `BadInput` where there is an exemption of that name already."""
    if decisions.get(EXEMPTION, name) is not None:
        raise BadInput(f"There is an exemption {shown(name)} already; choose another --id.")


def find(decisions: Decisions, name: str) -> Found:
    try:
        decision = decisions.get(EXEMPTION, name)
    except BadInput as error:
        return Found(str(error))
    if decision is None:
        raise BadInput(f"There is no exemption {shown(name)}; see: bucketward exempt list")
    try:
        exemption = Exemption.parse(dict(decision.body))
    except BadInput as error:
        return Found(str(error), decision)
    return Found(
        f"Bucket {exemption.bucket}, control {exemption.control}: {exemption.sentence}", decision
    )


def end(decisions: Decisions, name: str, found: Found) -> None:
    """Delete what was shown; raises `Conflict` where it is another by now."""
    if not decisions.delete(EXEMPTION, name, found.decision):
        raise BadInput(f"Exemption {shown(name)} is gone already.")


def apply_all(
    deployment: Deployment, wanted: Sequence[Exemption], made: datetime, *, yes: bool
) -> None:
    """Make the table what the file says; ``made`` is ``created`` where the file has none."""
    decisions = deployment.store.decisions
    present = decisions.list(EXEMPTION)
    created = {each.id: each.body.get("created") for each in present}
    bodies = {}
    for exemption in wanted:
        body = exemption.to_dict()
        if exemption.created == made and created.get(exemption.id):
            # The file leaves it out, so it stays what it was when the exemption was first applied.
            body["created"] = created[exemption.id]
        bodies[exemption.id] = body
    planned = steps(present, bodies, kept=lambda decision: decision.id.startswith(UNDO))
    for each in present:
        if each.id.startswith(UNDO) and each.id not in bodies:
            say(f"  {each.id} stays: an undo made it. End it with: bucketward exempt remove")
    apply(decisions, EXEMPTION, planned, yes=yes)


def ensure(decisions: Decisions, exemption: Exemption) -> bool:
    """Write an exemption unless one under its id lasts as long; say whether there was none."""
    before = decisions.get(EXEMPTION, exemption.id)
    if before is None or str(before.body.get("expires")) < moment_text(exemption.expires):
        decisions.put(EXEMPTION, exemption.id, exemption.to_dict(), before)
    return before is None
