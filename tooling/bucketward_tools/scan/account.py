"""Scan one account: its buckets, then, where they were asked for, itself and its access points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketward.account import AccessPoint, MultiRegionAccessPoint

from . import beyond
from .judging import Exempting, Judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .buckets import Found
    from .choice import Chosen
    from .row import Judged


@dataclass(frozen=True, slots=True)
class Scan:
    """What to judge, and with what; ``own`` is the Region of the session."""

    chosen: Sequence[Chosen]
    patterns: Sequence[str]
    regions: Sequence[str]
    own: str
    planning: bool = False
    exempting: Exempting = field(default_factory=dict)

    def account(self, account: str, tell: Callable[[Found], None]) -> Iterator[Judged]:
        """Judge one account; ``tell`` is told of what is about to be judged."""
        from .buckets import Found, find

        of_buckets = [each for each in self.chosen if each.of_buckets]
        points = any(
            each.rule.subject in {AccessPoint, MultiRegionAccessPoint} for each in self.chosen
        )
        found = Found([], [])
        if of_buckets or points:
            found = find(self.patterns, self.regions, account)
        tell(found if of_buckets else Found([], found.missing))
        yield from beyond.judge_account(account, self.own, self.chosen)
        if points:
            regions = beyond.regions_of((each.region for each in found.places), self.own)
            yield from beyond.judge_access_points(account, self.regions or regions, self.chosen)
        if of_buckets:
            judge = Judge(account, of_buckets, self.exempting, self.planning)
            yield from judge.all(found.places)


def exemptions(chosen: Sequence[Chosen]) -> Exempting:
    """Return what says which buckets are exempt, from the store that the environment names."""
    from bucketward._exemption import exempting

    return {each.stem: exempting(each.stem) for each in chosen if each.of_buckets}
