"""A remediation: plans and makes the calls that bring one bucket, or the account, back."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from . import parameters
from .bucket import BUCKET_NAME as BUCKET_NAME  # noqa: PLC0414 - controls import it from here
from .bucket import Bucket
from .calls import apply
from .errors import (
    BadInput,
    BucketwardError,
    CallRefused,
    DidNotHold,
    Refused,
    RemediationFailed,
    shown,
)
from .rule import NoParameters
from .safety import weakening

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from .aspects import Aspect
    from .baseline.known import Baseline
    from .resource import Resource

_PLANS = 3
"""Plans made for a bucket that someone else is changing meanwhile, before giving up."""

_WAITS = (0, 1, 2, 4, 8)
"""Seconds to wait before each look at what was written: S3 bucket settings spread in seconds."""


class Automatic(StrEnum):
    """At which setting of the stack's ``Remediation`` parameter a remediation runs by itself."""

    RECOMMENDED = "recommended"
    ALL = "all"
    NEVER = "none"


def _nobody(name: str) -> Bucket:
    raise Refused(f"Nothing is known of bucket {name}.")


def _no_baseline() -> Baseline:
    from .baseline.known import Baseline

    return Baseline()


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may know besides the live bucket.

    ``earlier()`` is the approved state of the bucket, or else the newest earlier one, with which
    the control was content, or None; ``baseline()`` is what was approved, with who changed what
    since; ``other(name)`` reads another bucket of the account; ``owns(name)`` says whether a
    bucket is in the account's own list. They cost calls to AWS, so a plan asks only when the
    bucket needs a change.
    """

    parameters: Any = None
    earlier: Callable[[], Bucket | None] = lambda: None
    other: Callable[[str], Bucket] = _nobody
    owns: Callable[[str], bool] = lambda name: _nobody(name) is not None
    baseline: Callable[[], Baseline] = _no_baseline


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a remediation did: documents are in the form of the AWS API, None is "not set".

    ``remarks`` are sentences on what is left as it was, and ``noun`` says what ``resource`` names:
    a bucket, or the account.
    """

    control: str
    resource: str
    calls: tuple[Any, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    remarks: str = ""
    noun: str = Bucket.NOUN

    def to_dict(self) -> dict[str, Any]:
        return {
            "control": self.control,
            self.noun: self.resource,
            "calls": [call.operation.name for call in self.calls],
            "before": dict(self.before),
            "after": dict(self.after),
            "note": f"{self.note}; {self.remarks}" if self.remarks else self.note,
        }


@dataclass(frozen=True, slots=True)
class Remediation:
    """One control's remediation, and its Lambda handler: ``remediation(event, context)``.

    ``plan(bucket, known)`` is pure: it yields the calls that make the bucket compliant, none
    where it is compliant already, and raises `Refused` where it knows no safe way. ``calls`` are
    all the writes that it may make and ``reads`` the aspects that it looks at; the function's IAM
    role is derived from them. ``subject`` is what it brings back: a `Bucket`, with calls that
    `put` and `delete` make, or the `Account`, with `AccountCall`s. ``others`` are the aspects it
    reads of other buckets, ``earlier`` and ``owns`` say that it asks `Known` for these, and
    ``passes_role`` that a call hands a role to S3, which takes iam:PassRole. One that ``compares``
    asks for the baseline. ``remarks`` are sentences on what it cannot put right, and ``hangs_on``
    says whether a call is held up by others that failed, which all are where it is not given.
    """

    plan: Callable[[Any, Known], Iterable[Any]]
    calls: tuple[Any, ...]  # Operations on aspects, or AccountOperations
    reads: tuple[Any, ...]  # Aspects, or Facts
    automatic: Automatic
    others: tuple[Aspect, ...] = ()
    earlier: bool = False
    owns: bool = False
    passes_role: bool = False
    parameters: type = NoParameters
    subject: type[Resource] = Bucket
    compares: bool = False
    remarks: Callable[[Any, Known], Iterable[str]] = lambda resource, known: ()  # noqa: ARG005
    hangs_on: Callable[[Collection[str], Any], bool] = lambda failed, call: True  # noqa: ARG005

    def __post_init__(self) -> None:
        if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
            # Lambda gives the init phase a whole CPU; elsewhere a remediation stays light.
            from . import _remediate  # noqa: F401

    @property
    def control(self) -> str:
        return self.plan.__module__.rpartition(".")[2]

    @property
    def doc(self) -> str:
        return sys.modules[self.plan.__module__].__doc__ or ""

    def parse_parameters(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the control's own
        return parameters.parse(self.parameters, given, control=self.control)

    def planned(self, resource: Resource, known: Known | None = None) -> tuple[Any, ...]:
        """Return the calls, after checking that all are declared and none weakens the resource."""
        known = known or Known(self.parameters())
        calls = tuple(self.plan(resource, known))
        for call in calls:
            if call.operation not in self.calls:
                raise Refused(
                    f"{self.control} did not declare that it calls {call.operation.name}."
                )
            if call.aspect not in resource:
                raise Refused(
                    f"{self.control} would write the {call.aspect} of {resource.NOUN} "
                    f"{resource.name} without having read it."
                )
        # What was approved is weighed by `bucketward.restore`, aspect by aspect.
        lost = (
            None if self.compares else weakening(resource, apply(calls, resource), _touched(calls))
        )
        if lost:
            raise Refused(
                f"{self.control} would leave {resource.NOUN} {resource.name} less safe than it "
                f"is: {lost}."
            )
        return calls

    def content_with(self, resource: Resource, given: Any = None) -> bool:  # noqa: ANN401
        """Whether the control would leave the resource as it is."""
        try:
            return not self.planned(resource, Known(self.parameters() if given is None else given))
        except BucketwardError:
            return False

    def run(
        self,
        read: Callable[[], Resource],
        write: Callable[[Any, Any], None],
        known: Known,
        *,
        wait: Callable[[float], None] | None = None,
        before: Callable[[Outcome], None] | None = None,
    ) -> Outcome:
        """Read, plan, write, and read again until the control is content.

        ``before`` is called with what is about to be done, when all is known and nothing written.

        Raises `Refused` before any write, `DidNotHold` where the resource afterwards still needs
        a change, and whatever ``read`` and ``write`` raise.
        """
        found, calls = self._settled(read, known)
        if not calls:
            if remarks := " ".join(self.remarks(found, known)):
                raise Refused(remarks)
            note = "compliant already, nothing was called"
            return Outcome(self.control, found.name, note=note, noun=found.NOUN)
        touched = _touched(calls)
        was = {aspect.name: found[aspect] for aspect in touched}
        if before is not None:
            then = apply(calls, found)
            wanted = {aspect.name: then[aspect] for aspect in touched}
            before(Outcome(self.control, found.name, calls, was, wanted, noun=found.NOUN))
        failed = self._written(calls, found, write)
        if failed:
            raise RemediationFailed(" ".join(failed))
        for seconds in _WAITS:
            if seconds:
                (wait or time.sleep)(seconds)
            after = read()
            if self._held(after, known):
                return Outcome(
                    self.control,
                    found.name,
                    calls,
                    {aspect.name: found.changed(aspect, after) for aspect in touched},
                    {aspect.name: after.changed(aspect, found) for aspect in touched},
                    note="reverted and verified",
                    remarks=" ".join(self.remarks(after, known)),
                    noun=found.NOUN,
                )
        raise DidNotHold(
            f"{self.control} changed {found.NOUN} {found.name}, but {sum(_WAITS)} seconds later "
            f"the {', '.join(map(str, touched))} is not as written; someone may be changing it "
            "back."
        )

    def _written(
        self, calls: Iterable[Any], resource: Resource, write: Callable[[Any, Any], None]
    ) -> list[str]:
        """Make the calls; one that AWS refuses holds up those that hang on it, and no other."""
        failed: dict[str, str] = {}
        for call in calls:
            if failed and self.hangs_on(failed, call):
                continue
            try:
                write(call, resource)
            except CallRefused as error:
                failed[call.aspect.name] = str(error)
        return list(failed.values())

    def _held(self, resource: Resource, known: Known) -> bool:
        """Whether nothing is left to do; the past is not asked for, only what was approved."""
        try:
            now = Known(known.parameters, baseline=known.baseline)
            return not self.planned(resource, now)
        except BucketwardError:
            return False

    def _settled(
        self, read: Callable[[], Resource], known: Known
    ) -> tuple[Resource, tuple[Any, ...]]:
        """Plan on a resource that is still the same when the plan is made.

        A plan may ask AWS Config and other buckets for seconds, S3 has no conditional write for
        bucket settings, and a put replaces the whole document.
        """
        found = read()
        for _ in range(_PLANS):
            calls = self.planned(found, known)
            if not calls:
                return found, ()
            now = read()
            if all(now[aspect] == found[aspect] for aspect in self.reads):
                return now, calls
            found = now
        raise RemediationFailed(
            f"{found.NOUN.capitalize()} {found.name} changed {_PLANS} times while {self.control} "
            "was planning; nothing was written."
        )

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Handle ``{"ResourceId": ...}`` from the SSM document; raises where it did not succeed.

        ``InvokingEvent``, AWS Config's notification, may be given as well: an earlier state is
        then taken from its ``configurationItemDiff`` before the history is asked.
        """
        from ._remediate import handle

        return handle(self, event, context)


def _touched(calls: Iterable[Any]) -> tuple[Aspect, ...]:
    return tuple({call.aspect.name: call.aspect for call in calls}.values())


def resource_id(event: object, subject: type[Resource] = Bucket) -> str:
    """Take the bucket's name, or the account's id, from a remediation's event."""
    name = event.get("ResourceId") if isinstance(event, Mapping) else None
    pattern, expected = BUCKET_NAME.pattern, "the name of an S3 bucket"
    if subject is not Bucket:
        pattern, expected = r"\d{12}", "the id of an AWS account, 12 digits"
    if not isinstance(name, str) or not re.fullmatch(pattern, name):
        raise BadInput(f"The event's ResourceId is {shown(name)}; expected {expected}.")
    return name


def first_content(
    remediation: Remediation,
    states: Iterable[Bucket],
    given: Any,  # noqa: ANN401 - the control's own parameters
) -> Bucket | None:
    """Return the first of the states, newest first, that the control would leave as it is."""
    return next((state for state in states if remediation.content_with(state, given)), None)
