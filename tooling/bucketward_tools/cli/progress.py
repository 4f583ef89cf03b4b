"""Say on stderr how far a long command is: a moving bar on a terminal, a line now and then else."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward_tools.scan.row import Judged

_PAUSE = 10.0
"""Seconds between lines where there is no terminal."""


class Progress(AbstractContextManager["Progress"]):
    """Count resources; ``expect`` says how many more there will be."""

    def __init__(self, *, bar: bool) -> None:
        self._total = self._done = 0
        self._begun = self._told = time.monotonic()
        self._bar: Any = _bar() if bar and sys.stderr.isatty() else None
        self._task: Any = None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("reading", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def expect(self, number: int) -> None:
        self._total += number
        if self._bar is not None:
            self._bar.update(self._task, total=self._total)

    def watched(self, found: Iterable[Judged]) -> Iterator[Judged]:
        for each in found:
            yield each
            if each.noun == "bucket":
                self._advance()

    def _advance(self) -> None:
        self._done += 1
        if self._bar is not None:
            self._bar.advance(self._task)
            return
        moment = time.monotonic()
        if moment - self._told < _PAUSE:
            return
        self._told = moment
        left = max(self._total - self._done, 0) / self.rate
        print(
            f"bucketward: {self._done:,} of {self._total:,} buckets, {self.rate:,.0f} a second, "
            f"about {left:,.0f} s left",
            file=sys.stderr,
            flush=True,
        )

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    @property
    def rate(self) -> float:
        """Buckets a second so far."""
        return self._done / max(self.seconds, 0.001)


def _bar() -> Any:  # noqa: ANN401 - rich is imported only where it is shown
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} a second" if task.speed else "")

    return Progress(
        TextColumn("buckets"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=5,
    )
