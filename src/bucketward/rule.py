"""A rule: decides from a resource's configuration whether it is compliant."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import item_gaps, parameters
from .bucket import Bucket
from .errors import AccessPointNotFound, BucketNotFound, Unknown
from .verdict import Severity, Verdict, not_applicable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from .baseline.known import Baseline
    from .notification import Notification
    from .resource import Resource


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

    ``subject`` is what it judges: a `Bucket`, an access point, or the `Account`, all of whose
    facts are read live, once a day and whenever a resource of one of the types in ``wakes``
    changes. ``each`` splits the verdict on an account by what it is about: it yields the name of
    each part and its own verdict, which are reported beside the account's as ``<id>/<name>``.

    A rule that ``compares`` is given the bucket's `Baseline` after the bucket.
    """

    evaluate: Callable[..., Verdict]
    severity: Severity
    reads: tuple[Any, ...]  # Aspects of a bucket, or Facts
    live: tuple[Any, ...] = ()
    opt_in: bool = False
    parameters: type = NoParameters
    subject: type[Resource] = Bucket
    wakes: tuple[str, ...] = ()
    each: Callable[..., Iterator[tuple[str, Verdict]]] | None = None
    compares: bool = False

    def __post_init__(self) -> None:
        if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
            # Lambda gives the init phase a whole CPU; elsewhere a rule stays light to import.
            from . import _evaluate, _exemption  # noqa: F401

            if self.compares:
                from . import _baseline  # noqa: F401

    @property
    def control(self) -> str:
        return self.evaluate.__module__.rpartition(".")[2]

    @property
    def doc(self) -> str:
        return sys.modules[self.evaluate.__module__].__doc__ or ""

    @property
    def types(self) -> tuple[str, ...]:
        """The types of resources in AWS Config whose changes invoke the rule."""
        return self.wakes or (() if self.of_account else (self.subject.TYPE,))

    @property
    def of_account(self) -> bool:
        """Whether it judges the account, which has no configuration item of its own."""
        return self.subject.TYPE == "AWS::::Account"

    @property
    def scheduled(self) -> bool:
        """Whether it runs once a day as well, as some of what it reads changes without an event."""
        return self.of_account or bool(self.live)

    def parse_parameters(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the control's own
        return parameters.parse(self.parameters, given, control=self.control)

    def judge(
        self,
        resource: Resource,
        given: Any = None,  # noqa: ANN401 - the control's own parameters
        baseline: Baseline | None = None,
    ) -> Verdict:
        """Evaluate with parsed parameters, or with the defaults where none are given."""
        evidence: list[Any] = []
        if self.compares:
            from .baseline.known import Baseline

            evidence.append(Baseline() if baseline is None else baseline)
        if self.parameters is not NoParameters:
            evidence.append(self.parameters() if given is None else given)
        return self.evaluate(resource, *evidence)

    def judge_notification(
        self,
        notification: Notification,
        read: Callable[[Any], Any] | None = None,
        compare: Callable[[str, datetime], Baseline] | None = None,
    ) -> Verdict:
        """Judge what AWS Config sent; deleted and foreign resources are NOT_APPLICABLE.

        That comes first: a verdict of a bucket that is gone must be withdrawn even where the
        rule's parameters are wrong. ``read`` returns the ``live`` aspects of the bucket it is
        given, or the parts of an access point that the item lacks; without it there is a verdict
        only where nothing that AWS Config leaves out could change it. ``compare`` fetches the
        baseline of the bucket of that name, for a change that was captured at that time.
        """
        if self.of_account:
            from .item_account import account_of

            given = self.parse_parameters(notification.parameters)
            return self.judge(account_of(notification.item), given)
        kind, own = notification.item["resourceType"], self.subject.TYPE
        if kind != own:
            return not_applicable(f"The resource is of type {kind}; this rule judges {own}.")
        gone = f"The {self.subject.NOUN} was deleted, or is no longer in the rule's scope."
        if notification.gone:
            return not_applicable(gone)
        try:
            if self.subject is Bucket:
                return self._judge_bucket(notification, read, compare)
            return self._judge_access_point(notification, read)
        except (BucketNotFound, AccessPointNotFound):
            return not_applicable(gone)

    def _judge_bucket(
        self,
        notification: Notification,
        read: Callable[[Bucket], Bucket] | None,
        compare: Callable[[str, datetime], Baseline] | None,
    ) -> Verdict:
        bucket = Bucket.from_configuration_item(notification.item)
        given = self.parse_parameters(notification.parameters)
        baseline = None
        if compare is not None and self.compares:
            baseline = compare(bucket.name, notification.captured)
        verdicts = [self.judge(each, given, baseline) for each in self._states(bucket, read)]
        if len({each.compliance for each in verdicts}) != 1:
            raise Unknown(
                f"AWS Config records too little of the {', '.join(map(str, self.live))} of bucket "
                f"{bucket.name} for a verdict of {self.control}; `bucketward scan` reads it from "
                "S3."
            )
        return verdicts[0]

    def _judge_access_point(
        self, notification: Notification, read: Callable[[Resource], Resource] | None
    ) -> Verdict:
        from .account import access_point

        point = access_point(notification.item, self.subject)
        given = self.parse_parameters(notification.parameters)
        if read is not None and any(part not in point for part in self.reads):
            point = read(point)
        return self.judge(point, given)

    def _states(self, bucket: Bucket, read: Callable[[Bucket], Bucket] | None) -> list[Bucket]:
        """Return the bucket in each state that it may be in, none where anything is possible."""
        if not self.live:
            return [bucket]
        states = [bucket.only(each for each in self.reads if each not in self.live)]
        found = read(bucket) if read is not None else None
        for aspect in self.live:
            documents = item_gaps.possible(bucket, aspect) if found is None else [found[aspect]]
            states = [each.replacing(aspect, document) for each in states for document in documents]
        return states

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, str]:
        """Handle AWS Config's event: judge, report to PutEvaluations, or raise.

        Returns ``{"control", "resource_id", "compliance", "annotation"}``. Lambda ignores it; it
        is there for whoever invokes the function by hand.
        """
        from ._evaluate import handle

        return handle(self, event, context)
