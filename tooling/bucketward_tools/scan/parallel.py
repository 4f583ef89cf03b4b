"""Do many slow things at a time, in bounded memory and in order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

THREADS = 32
"""As many as a client of `bucketward._aws` has connections."""
_AHEAD = 4


def in_parallel(do: Callable[[T], R], items: Iterable[T], threads: int = THREADS) -> Iterator[R]:
    """Yield the results in the order of the items, holding a few for each thread at most.

    `ThreadPoolExecutor.map` would take all items, and keep all results, before the first is used.
    """
    left, pool = iter(items), ThreadPoolExecutor(threads)
    pending: deque[Future[R]] = deque()
    try:
        pending.extend(pool.submit(do, each) for each in islice(left, threads * _AHEAD))
        while pending:
            result = pending.popleft().result()
            pending.extend(pool.submit(do, each) for each in islice(left, 1))
            yield result
    finally:
        # On Ctrl-C, or where whoever reads the output has seen enough, nobody waits for the rest.
        pool.shutdown(wait=False, cancel_futures=True)
