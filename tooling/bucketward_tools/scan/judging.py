"""Judge one bucket after another; what fails is a row, never the end of the scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bucketward import Bucket, _aws, not_applicable
from bucketward.errors import BucketNotFound, BucketwardError

from .live import live_bucket
from .parallel import in_parallel
from .row import Judged, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bucketward import Aspect
    from bucketward.baseline.exemption import Exemption
    from bucketward.resource import Resource

    from .buckets import Place
    from .choice import Chosen

Exempting = dict[str, "Callable[[str], Exemption | None]"]


@dataclass(frozen=True, slots=True)
class Judge:
    """The controls that buckets of one account are judged with.

    ``exempting`` says by control whether a bucket is exempt; ``planning`` adds to each verdict
    what the remediation would do.
    """

    account: str
    chosen: Sequence[Chosen]
    exempting: Exempting = field(default_factory=dict)
    planning: bool = False

    def all(self, places: Iterable[Place]) -> Iterator[Judged]:
        """Judge many buckets at a time; yields them in the order in which they are given."""
        return in_parallel(self.bucket, places)

    def bucket(self, place: Place) -> Judged:
        bucket = live_bucket(place.name, self.account, place.region, self._aspects())
        rows, failure = [], None
        for each in self.chosen:
            row, failed = self._row(each, bucket)
            failure = failure or failed
            rows.append(row)
        if isinstance(failure, BucketNotFound):
            gone = not_applicable("The bucket was deleted since the scan began.")
            rows = [Row.of(place.name, each.stem, each.severity, gone) for each in self.chosen]
        documents: dict[str, Any] = bucket.aspects.read  # type: ignore[attr-defined]
        plans = self._plans(bucket, rows) if self.planning else {}
        return Judged(place.name, place.region, tuple(rows), documents=documents, plans=plans)

    def _aspects(self) -> list[Aspect]:
        found = [aspect for each in self.chosen for aspect in each.rule.reads]
        if self.planning:
            cures = (each.control.remediation for each in self.chosen)
            found += [aspect for each in cures if each for aspect in each.reads]
        return found

    def _row(self, each: Chosen, bucket: Bucket) -> tuple[Row, Exception | None]:
        exempt = self.exempting.get(each.stem)
        try:
            if exempt and (found := exempt(bucket.name)) is not None:
                verdict = not_applicable(found.sentence)
            elif each.rule.compares:
                from bucketward._baseline import compared

                verdict = each.rule.judge(bucket, each.parameters, compared(bucket.name, None))
            else:
                verdict = each.rule.judge(bucket, each.parameters)
        except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
            return Row.unread(bucket.name, each.stem, each.severity, error), error
        return Row.of(bucket.name, each.stem, each.severity, verdict), None

    def _plans(self, bucket: Bucket, rows: Iterable[Row]) -> dict[str, Any]:
        from .planning import plan

        plans = {}
        for each, row in zip(self.chosen, rows, strict=True):
            if not row.fine and each.control.remediation and not each.rule.compares:
                found = plan(each, bucket, row)
                plans[each.stem] = found.refusal or found.steps()
        return plans


def judged(each: Chosen, resource: Resource, name: str | None = None) -> Iterator[Row]:
    """Judge an account or an access point; one that cannot be read is a row as well."""
    about = name or resource.name
    try:
        yield Row.of(about, each.stem, each.severity, each.rule.judge(resource, each.parameters))
        for part, verdict in each.rule.each(resource, each.parameters) if each.rule.each else ():
            yield Row.of(f"{about}/{part}", each.stem, each.severity, verdict)
    except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
        yield Row.unread(about, each.stem, each.severity, error)
