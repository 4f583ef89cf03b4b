"""Which part of a bucket a resource pattern takes in."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bucketward.wildcards import STAR, covers

from .statements import Statement

BUCKET, OBJECTS = 1, 2
WHOLE: Final = BUCKET | OBJECTS

_PARTITIONS: Final = ("aws", "aws-cn", "aws-us-gov")
_MOST_CACHED: Final = 2
_LONGEST_CACHED: Final = 256
_MOST_NAMES: Final = 4
_ANY_NAME: Final = "\0"
"""Stands for a bucket whose name nobody gave: only a wildcard matches it."""


def reach_of(statement: Statement, bucket: str) -> int:
    """Return `BUCKET`, `OBJECTS`, both or 0: what the resources take in entirely, together."""
    if statement.not_resource:
        return 0  # would have to prove that what is left out is not in the bucket
    patterns = statement.resources.patterns
    short = len(patterns) <= _MOST_CACHED and len(patterns[0]) < _LONGEST_CACHED
    return (_reach if short else _reach.__wrapped__)(patterns, bucket)


def buckets_named(statements: Iterable[Statement], bucket: str | None) -> tuple[str, ...]:
    """Return the buckets that a question about "the bucket" must hold for.

    The given one; where none is given, each that the policy names. Where it names none, or more
    than a bucket policy that S3 stores can, a stand-in.
    """
    if bucket is not None:
        return (bucket,)
    names: frozenset[str] = frozenset()
    for statement in statements:
        others = statement.resources.buckets
        if others is not names:
            names = names | others if names else others
    return tuple(names) if 0 < len(names) <= _MOST_NAMES else (_ANY_NAME,)


@lru_cache(maxsize=1024)
def _reach(patterns: tuple[str, ...], bucket: str) -> int:
    found = 0
    for pattern in patterns:
        if pattern == STAR:
            return WHOLE
        for partition in _PARTITIONS:
            arn = f"arn:{partition}:s3:::{bucket}"
            if covers(pattern, arn):
                found |= BUCKET
            if covers(pattern, arn + "/*") or covers(pattern, arn + "/?*"):
                found |= OBJECTS
    return found
