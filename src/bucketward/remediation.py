"""A remediation: plans and makes the S3 calls that bring one bucket back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from . import parameters
from .bucket import BUCKET_NAME as BUCKET_NAME  # noqa: PLC0414 - controls import it from here
from .calls import Call, apply
from .errors import BadInput, BucketwardError, DidNotHold, Refused, RemediationFailed, shown
from .rule import NoParameters
from .safety import weakening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .aspects import Aspect, Operation
    from .bucket import Bucket

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


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may know besides the live bucket.

    ``earlier()`` is the newest earlier state of the bucket with which the control was content,
    or None; ``other(name)`` reads another bucket of the account; ``owns(name)`` says whether a
    bucket is in the account's own list. They cost calls to AWS, so a plan asks only when the
    bucket needs a change.
    """

    parameters: Any = None
    earlier: Callable[[], Bucket | None] = lambda: None
    other: Callable[[str], Bucket] = _nobody
    owns: Callable[[str], bool] = lambda name: _nobody(name) is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a remediation did: documents are in the form of the S3 API, None is "not set"."""

    control: str
    bucket: str
    calls: tuple[Call, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "control": self.control,
            "bucket": self.bucket,
            "calls": [call.operation.name for call in self.calls],
            "before": dict(self.before),
            "after": dict(self.after),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Remediation:
    """One control's remediation, and its Lambda handler: ``remediation(event, context)``.

    ``plan(bucket, known)`` is pure: it yields the calls that make the bucket compliant, none
    where it is compliant already, and raises `Refused` where it knows no safe way. ``calls`` are
    all the writes that it may make and ``reads`` the aspects that it looks at; the function's IAM
    role is derived from them. ``others`` are the aspects it reads of other buckets, ``earlier``
    and ``owns`` say that it asks `Known` for these, and ``passes_role`` that a call hands a role
    to S3, which takes iam:PassRole.
    """

    plan: Callable[[Bucket, Known], Iterable[Call]]
    calls: tuple[Operation, ...]
    reads: tuple[Aspect, ...]
    automatic: Automatic
    others: tuple[Aspect, ...] = ()
    earlier: bool = False
    owns: bool = False
    passes_role: bool = False
    parameters: type = NoParameters

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

    def planned(self, bucket: Bucket, known: Known | None = None) -> tuple[Call, ...]:
        """Return the calls, after checking that all are declared and none weakens the bucket."""
        known = known or Known(self.parameters())
        calls = tuple(self.plan(bucket, known))
        for call in calls:
            if call.operation not in self.calls:
                raise Refused(
                    f"{self.control} did not declare that it calls {call.operation.name}."
                )
            if call.aspect not in bucket:
                raise Refused(
                    f"{self.control} would write the {call.aspect} of bucket {bucket.name} "
                    "without having read it."
                )
        lost = weakening(bucket, apply(calls, bucket), _touched(calls))
        if lost:
            raise Refused(
                f"{self.control} would leave bucket {bucket.name} less safe than it is: {lost}."
            )
        return calls

    def content_with(self, bucket: Bucket, given: Any = None) -> bool:  # noqa: ANN401
        """Whether the control would leave the bucket as it is."""
        try:
            return not self.planned(bucket, Known(self.parameters() if given is None else given))
        except BucketwardError:
            return False

    def run(
        self,
        read: Callable[[], Bucket],
        write: Callable[[Call, Bucket], None],
        known: Known,
        *,
        wait: Callable[[float], None] | None = None,
    ) -> Outcome:
        """Read, plan, write, and read again until the control is content.

        Raises `Refused` before any write, `DidNotHold` where the bucket afterwards still needs
        a change, and whatever ``read`` and ``write`` raise.
        """
        bucket, calls = self._settled(read, known)
        if not calls:
            return Outcome(self.control, bucket.name, note="compliant already, nothing was called")
        for call in calls:
            write(call, bucket)
        touched = _touched(calls)
        for seconds in _WAITS:
            if seconds:
                (wait or time.sleep)(seconds)
            after = read()
            if self.content_with(after, known.parameters):
                return Outcome(
                    self.control,
                    bucket.name,
                    calls,
                    {aspect.name: bucket[aspect] for aspect in touched},
                    {aspect.name: after[aspect] for aspect in touched},
                    note="reverted and verified",
                )
        raise DidNotHold(
            f"{self.control} changed bucket {bucket.name}, but {sum(_WAITS)} seconds later the "
            f"{', '.join(map(str, touched))} is not as written; someone may be changing it back."
        )

    def _settled(self, read: Callable[[], Bucket], known: Known) -> tuple[Bucket, tuple[Call, ...]]:
        """Plan on a bucket that is still the same when the plan is made.

        A plan may ask AWS Config and other buckets for seconds, S3 has no conditional write for
        bucket settings, and a put replaces the whole document.
        """
        bucket = read()
        for _ in range(_PLANS):
            calls = self.planned(bucket, known)
            if not calls:
                return bucket, ()
            now = read()
            if all(now[aspect] == bucket[aspect] for aspect in self.reads):
                return now, calls
            bucket = now
        raise RemediationFailed(
            f"Bucket {bucket.name} changed {_PLANS} times while {self.control} was planning; "
            "nothing was written."
        )

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Handle ``{"BucketName": ...}`` from the SSM document; raises where it did not succeed.

        ``InvokingEvent``, AWS Config's notification, may be given as well: an earlier state is
        then taken from its ``configurationItemDiff`` before the history is asked.
        """
        from ._remediate import handle

        return handle(self, event, context)


def _touched(calls: Iterable[Call]) -> tuple[Aspect, ...]:
    return tuple({call.aspect.name: call.aspect for call in calls}.values())


def bucket_name(event: object) -> str:
    """Take the bucket's name from a remediation's event, or raise `BadInput`."""
    name = event.get("BucketName") if isinstance(event, Mapping) else None
    if not isinstance(name, str) or not BUCKET_NAME.fullmatch(name):
        raise BadInput(
            f"The event's BucketName is {shown(name)}; expected the name of an S3 bucket."
        )
    return name


def first_content(
    remediation: Remediation,
    states: Iterable[Bucket],
    given: Any,  # noqa: ANN401 - the control's own parameters
) -> Bucket | None:
    """Return the first of the states, newest first, that the control would leave as it is."""
    return next((state for state in states if remediation.content_with(state, given)), None)
