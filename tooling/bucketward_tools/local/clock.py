"""Virtual time: a clock that only moves when something waits, and the work that is due in it."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When every account's clock starts, so that what it prints is the same on every run."""

_MOST_STEPS = 20_000


class Clock:
    """What happens next, and when; nothing in the account really waits."""

    def __init__(self) -> None:
        self.now = START
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something in so many seconds; what is due at one moment happens in order."""
        due = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._due, (due, next(self._order), action))

    def settle(self) -> None:
        """Do all that is due, and what comes of it, until nothing is left to do."""
        for _ in range(_MOST_STEPS):
            if not self._due:
                return
            due, _, action = heapq.heappop(self._due)
            self.now = max(self.now, due)  # the action before may have waited past it
            action()
        raise NotEmulated(f"The account did not come to rest in {_MOST_STEPS} steps.")

    def run(self, seconds: float) -> None:
        """Let so much time pass, and do what is due in it; what is due later stays due."""
        until = self.now + timedelta(seconds=seconds)
        while self._due and self._due[0][0] <= until:
            due, _, action = heapq.heappop(self._due)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, until)
