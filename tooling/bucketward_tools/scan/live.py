"""A resource whose documents are read from AWS when a rule first looks at them, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bucketward import Bucket, _aws
from bucketward.aspects import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bucketward import Aspect


class LiveDocuments(Mapping[str, Any]):
    """Documents by the name of the aspect or fact; what could not be read is not asked for again.

    ``read`` holds those that were looked at. Not for several threads at a time.
    """

    def __init__(self, names: Iterable[str], fetch: Callable[[str], Any]) -> None:
        self._names, self._fetch = dict.fromkeys(names), fetch
        self._failures: dict[str, Exception] = {}
        self.read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON
        if name in self.read:
            return self.read[name]
        if name in self._failures:
            raise self._failures[name]
        if name not in self._names:
            raise KeyError(name)
        try:
            self.read[name] = self._fetch(name)
        except Exception as error:
            self._failures[name] = error
            raise
        return self.read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names  # without reading it

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def live_bucket(name: str, account: str, region: str, aspects: Iterable[Aspect]) -> Bucket:
    """Return a bucket of which nothing is read yet; its Region is "" where nobody told it."""
    fetch = partial(_fetch, name, account, region)
    partition = str(_aws.client("s3").meta.partition)
    names = (aspect.name for aspect in aspects)
    return Bucket(name, account, region, partition, LiveDocuments(names, fetch))


def _fetch(name: str, account: str, region: str, aspect: str) -> Any:  # noqa: ANN401 - JSON
    return _aws.read_aspect(name, ASPECTS[aspect], account=account, region=region or None)
