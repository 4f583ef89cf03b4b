"""Restore the approved documents of the aspects that drifted, and touch no other."""

from collections.abc import Iterator

from bucketward import Automatic, Bucket, Call, Known, Remediation
from bucketward.aspects import ASPECTS
from bucketward.blame import Guilt
from bucketward.drift import drifted
from bucketward.restore import Restoration, restoring

_ALL = tuple(ASPECTS.values())


def _restoration(bucket: Bucket, known: Known) -> Restoration:
    baseline = known.baseline()
    unauthorised = [
        aspect
        for aspect in drifted(bucket, baseline.documents)
        if baseline.blame(aspect).guilt is not Guilt.PENDING
    ]
    return restoring(bucket, baseline.documents, unauthorised)


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    yield from _restoration(bucket, known).calls


def remarks(bucket: Bucket, known: Known) -> Iterator[str]:
    yield from map(str, _restoration(bucket, known).unrestorable)


remediation = Remediation(
    plan,
    calls=tuple(operation for aspect in _ALL for operation in aspect.writes),
    reads=_ALL,
    automatic=Automatic.RECOMMENDED,
    passes_role=True,
    compares=True,
    remarks=remarks,
)
