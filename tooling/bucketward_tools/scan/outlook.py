"""Plan for the buckets of an account: what each remediation would do, Region by Region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .buckets import Place, located
from .judging import Judge
from .knowledge import Past
from .live import live_bucket
from .parallel import in_parallel
from .planning import Plan, parameters_of, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bucketward import Known, Remediation

    from .choice import Chosen
    from .row import Row


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what is needed to carry it out."""

    plan: Plan
    remediation: Remediation | None
    known: Known | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """One bucket: all verdicts, and a plan for each that is not compliant."""

    place: Place
    rows: tuple[Row, ...]
    planned: tuple[Planned, ...]


def outlooks(
    account: str,
    chosen: Sequence[Chosen],
    places: Sequence[Place],
    begin: Callable[[str], Any],
) -> Iterator[Outlook]:
    """Plan for many buckets at a time; ``begin`` is told of each Region before its buckets.

    AWS Config keeps the past of a bucket in the bucket's Region alone.
    """
    known = list(in_parallel(lambda each: located(each, account), places))
    for region in sorted({each.region for each in known}):
        begin(region)
        here = [each for each in known if each.region == region]
        yield from in_parallel(lambda each: outlook(account, chosen, each), here)


def outlook(account: str, chosen: Sequence[Chosen], place: Place) -> Outlook:
    """Judge one bucket and plan for it; nothing is written."""
    found = Judge(account, chosen).bucket(place)
    aspects = [
        aspect
        for each in chosen
        for reads in (
            each.rule.reads,
            each.control.remediation.reads if each.control.remediation else (),
        )
        for aspect in reads
    ]
    bucket = live_bucket(place.name, account, place.region, aspects)
    bucket.aspects.read.update(found.documents)  # type: ignore[attr-defined]
    past, planned = Past(place.name, account), []
    for each, row in zip(chosen, found.rows, strict=True):
        if row.fine:
            continue
        cure = each.control.remediation
        known = past.known(cure, parameters_of(cure, each.given)) if cure else None
        made = plan(each, bucket, row, known)
        planned.append(Planned(replace(made, note=past.missing), cure, known))
    return Outlook(place, found.rows, tuple(planned))
