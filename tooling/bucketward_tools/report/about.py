"""What a report says of itself, and the count of what it found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketward_tools.scan.row import COMPLIANCES, ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bucketward_tools.scan.choice import Chosen
    from bucketward_tools.scan.row import Judged

    from .reverts import Revert


@dataclass(frozen=True, slots=True)
class About:
    """One scan: with which controls, when it began, and the widest name of a bucket so far.

    ``journal`` has the reverts of a stack, or is the sentence that says why they are not told.
    """

    chosen: Sequence[Chosen]
    begun: datetime
    framework: str | None = None
    journal: Sequence[Revert] | str = "A scan with --stack tells what was put back here as well."
    accounts: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    resources: Counter[str] = field(default_factory=Counter)

    def counted(self, found: Iterable[Judged]) -> Iterator[Judged]:
        for each in found:
            self.resources[each.noun] += 1
            self.counts.update(row.compliance for row in each.rows)
            yield each

    @property
    def exit_code(self) -> int:
        """0: all is fine; 1: something is not compliant; 2: something could not be judged."""
        if self.counts[ERROR] or self.missing:
            return 2
        return 1 if self.counts["NON_COMPLIANT"] else 0

    @property
    def summary(self) -> str:
        told = [f"{self.counts[name]:,} {name}" for name in COMPLIANCES if self.counts[name]] or [
            "nothing to judge"
        ]
        number = self.resources["bucket"]
        return f"{number:,} bucket{'' if number == 1 else 's'}: {', '.join(told)}."
