"""Which part of a bucket a resource pattern takes in."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bucketward.policy.glob import STAR, covers
from bucketward.policy.statements import Statement

BUCKET, OBJECTS = 1, 2
WHOLE: Final = BUCKET | OBJECTS

_CACHED_LENGTH: Final = 256
_MARK: Final = ":s3:::"
_PARTITIONS: Final = ("aws", "aws-cn", "aws-us-gov")
_ANY_NAME: Final = "\0"
"""Stands for a bucket whose name nobody gave: only a wildcard matches it."""


@lru_cache(maxsize=2048)
def reach(pattern: str, bucket: str) -> int:
    """Return `BUCKET`, `OBJECTS`, both or 0: what of the bucket the pattern takes in entirely."""
    found = 0
    for partition in _PARTITIONS:
        arn = f"arn:{partition}{_MARK}{bucket}"
        if covers(pattern, arn):
            found |= BUCKET
        if covers(pattern, arn + "/*") or covers(pattern, arn + "/?*"):
            found |= OBJECTS
    return found


def reach_of(statement: Statement, bucket: str) -> int:
    """Return what of the bucket all resources of a statement take in together."""
    if statement.not_resource:
        return 0  # would have to prove that what is left out is not in the bucket
    found = 0
    for pattern in statement.resources:
        if pattern == STAR:
            return WHOLE
        found |= (reach if len(pattern) <= _CACHED_LENGTH else reach.__wrapped__)(pattern, bucket)
    return found


def buckets_named(statements: Iterable[Statement], bucket: str | None) -> tuple[str, ...]:
    """Return the buckets that a question about "the bucket" must hold for.

    The given one; where none is given, each that the policy names without a wildcard, and
    where it names none, a stand-in.
    """
    if bucket is not None:
        return (bucket,)
    names = {
        name
        for statement in statements
        for pattern in statement.resources
        if (name := pattern.partition(_MARK)[2].partition("/")[0])
        and "*" not in name
        and "?" not in name
    }
    return tuple(sorted(names)) or (_ANY_NAME,)
