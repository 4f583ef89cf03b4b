"""What a remediation would do now, without doing it: the calls, before and after, or why not."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward.calls import apply
from bucketward.errors import BucketwardError, Refused
from bucketward.parameters import config_name
from bucketward.remediation import Known, Remediation

from .row import Row, because

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bucketward import Bucket, Call

    from .choice import Chosen


@dataclass(frozen=True, slots=True)
class Plan:
    """One control on one bucket: the calls, or ``refusal``, a sentence that says why there is none.

    ``note`` says what the plan had to do without.
    """

    row: Row
    calls: tuple[Call, ...] = ()
    states: tuple[Bucket, ...] = ()  # before each call, and after the last
    refusal: str = ""
    note: str = ""

    def steps(self) -> list[dict[str, Any]]:
        """Return what each call would turn into what."""
        return [
            {
                "call": call.operation.name,
                "aspect": call.aspect.name,
                "arguments": call.arguments,
                "before": before[call.aspect],
                "after": after[call.aspect],
            }
            for call, before, after in zip(self.calls, self.states, self.states[1:], strict=False)
        ]

    def to_dict(self) -> dict[str, Any]:
        told = {"refusal": self.refusal, "note": self.note}
        return {**self.row.to_dict(), "calls": self.steps(), **told}


def plan(each: Chosen, bucket: Bucket, row: Row, known: Known | None = None) -> Plan:
    """Plan on a bucket; ``known`` is what the plan may know besides, nothing where not given."""
    remediation = each.control.remediation
    if remediation is None:
        return Plan(row, refusal=f"{each.stem} has no remediation; docs/controls says what to do.")
    try:
        known = known or Known(parameters_of(remediation, each.given))
        calls = remediation.planned(bucket, known)
    except BucketwardError as error:
        return Plan(row, refusal=str(error))
    except (_aws.ClientError, _aws.BotoCoreError) as error:
        return Plan(row, refusal=because(error).replace("Not judged", "Not planned", 1))
    states = [bucket]
    for call in calls:
        states.append(apply([call], states[-1]))
    return Plan(row, calls, tuple(states))


def parameters_of(remediation: Remediation, given: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return those of the control's parameters that its remediation has."""
    names = {each.name for each in fields(remediation.parameters)}
    names |= {config_name(name) for name in names}
    return remediation.parse_parameters({name: given[name] for name in given if name in names})


def agreed(remediation: Remediation, calls: tuple[Call, ...]) -> Remediation:
    """Return the remediation, refusing any other calls than those that somebody agreed to."""

    @wraps(remediation.plan)
    def unchanged(bucket: Bucket, known: Known) -> tuple[Call, ...]:
        planned = tuple(remediation.plan(bucket, known))
        if planned and planned != calls:
            raise Refused(
                f"{bucket.NOUN.capitalize()} {bucket.name} changed since the plan was shown; look "
                "at the new plan first."
            )
        return planned

    return replace(remediation, plan=unchanged)
