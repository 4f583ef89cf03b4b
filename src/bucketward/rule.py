"""A rule: decides from a bucket's configuration whether it is compliant."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import parameters
from .bucket import Bucket
from .configuration_item import BUCKET
from .errors import BucketNotFound
from .verdict import Severity, Verdict, not_applicable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .aspects import Aspect
    from .notification import Notification


_GONE = "The bucket was deleted, or is no longer in the rule's scope."


@dataclass(frozen=True, slots=True)
class NoParameters:
    """The parameters of a control that has none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One control's rule, and its Lambda handler: ``rule(event, context)``.

    ``evaluate(bucket)`` or ``evaluate(bucket, parameters)`` is pure: it reads only the aspects
    that ``reads`` names and returns a `Verdict`. ``live`` are those of them that AWS Config does
    not record, or only in part: they are read from S3 on every event, and once a day in every
    bucket, since a change to them alone makes no event. An ``opt_in`` control is not deployed
    unless its parameter of the stack says so. The control's name is that of the module
    that ``evaluate`` stands in, and the module's docstring is the control's documentation.
    """

    evaluate: Callable[..., Verdict]
    severity: Severity
    reads: tuple[Aspect, ...]
    live: tuple[Aspect, ...] = ()
    opt_in: bool = False
    parameters: type = NoParameters

    def __post_init__(self) -> None:
        if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
            # Lambda gives the init phase a whole CPU; elsewhere a rule stays light to import.
            from . import _rdk  # noqa: F401

    @property
    def control(self) -> str:
        return self.evaluate.__module__.rpartition(".")[2]

    @property
    def doc(self) -> str:
        return sys.modules[self.evaluate.__module__].__doc__ or ""

    def parse_parameters(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the control's own
        return parameters.parse(self.parameters, given, control=self.control)

    def judge(self, bucket: Bucket, given: Any = None) -> Verdict:  # noqa: ANN401
        """Evaluate with parsed parameters, or with the defaults where none are given."""
        if self.parameters is NoParameters:
            return self.evaluate(bucket)
        return self.evaluate(bucket, self.parameters() if given is None else given)

    def judge_notification(
        self, notification: Notification, read: Callable[[Bucket], Bucket] | None = None
    ) -> Verdict:
        """Judge what AWS Config sent; deleted and foreign resources are NOT_APPLICABLE.

        That comes first: a verdict of a bucket that is gone must be withdrawn even where the
        rule's parameters are wrong. ``read`` returns the ``live`` aspects of the bucket it is
        given; without it they are unknown, whatever the item holds of them.
        """
        kind = notification.item["resourceType"]
        if kind != BUCKET:
            return not_applicable(f"The resource is of type {kind}; this rule judges {BUCKET}.")
        if notification.gone:
            return not_applicable(_GONE)
        bucket = Bucket.from_configuration_item(notification.item)
        given = self.parse_parameters(notification.parameters)
        if self.live:
            try:
                bucket = self._with_live(bucket, read)
            except BucketNotFound:
                return not_applicable(_GONE)
        return self.judge(bucket, given)

    def _with_live(self, bucket: Bucket, read: Callable[[Bucket], Bucket] | None) -> Bucket:
        judged = bucket.only(each for each in self.reads if each not in self.live)
        if read is not None:
            found = read(bucket)
            for aspect in self.live:
                judged = judged.replacing(aspect, found[aspect])
        return judged

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, str]:
        """Handle AWS Config's event: judge, report to PutEvaluations, or raise.

        Returns ``{"control", "resource_id", "compliance", "annotation"}``. Lambda ignores it; it
        is there for whoever invokes the function by hand.
        """
        from ._rdk import handle

        return handle(self, event, context)
