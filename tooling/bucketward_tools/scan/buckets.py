"""Which buckets a scan is about: those of the account, of some Regions, or by name or pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bucketward import _aws
from bucketward.errors import BadInput, shown
from bucketward.selection import matches

from .parallel import in_parallel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = re.compile(r"[A-Za-z0-9._-]{1,255}")
"""What S3 takes for a name of a bucket, those of before 2018 included."""
_PATTERN = re.compile(r"[A-Za-z0-9._*?!\[\]-]{1,255}")
_NOT_FOUND = frozenset({"404", "NoSuchBucket"})


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket's name and Region; "" where the endpoint does not tell it."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Found:
    """The buckets, and a sentence for each name or pattern that is of none."""

    places: list[Place]
    missing: list[str]


def find(patterns: Sequence[str], regions: Sequence[str], account: str) -> Found:
    """Look the buckets up: a list of the account's for patterns, one HeadBucket for a whole name.

    So whoever may not list the account's buckets can name those that he may read.
    """
    names = list(dict.fromkeys(each for each in patterns if _NAME.fullmatch(each)))
    wild = [each for each in patterns if each not in names]
    for each in wild:
        if not _PATTERN.fullmatch(each):
            raise BadInput(f"--bucket {shown(each)} is neither a bucket's name nor a pattern.")
    missing = []
    by_name: dict[str, Place] = {}
    if wild or not patterns:
        listed = list(_listed(wild, regions))
        by_name = {each.name: each for each in listed}
        missing += [
            f"No bucket of account {account} matches {each!r}."
            for each in wild
            if not any(matches(name, [each]) for name in by_name)
        ]
    wanted = [each for each in names if each not in by_name]
    for name, place in zip(
        wanted, in_parallel(lambda each: _head(each, account), wanted), strict=True
    ):
        if place is None:
            missing.append(f"Bucket {name} does not exist.")
        elif regions and place.region and place.region not in regions:
            missing.append(f"Bucket {name} is in {place.region}, which --region leaves out.")
        else:
            by_name[name] = place
    return Found(sorted(by_name.values(), key=lambda each: each.name), missing)


def _listed(wild: Sequence[str], regions: Sequence[str]) -> Iterator[Place]:
    heads = {re.split(r"[*?\[]", each)[0] for each in wild} or {""}
    prefix = heads.pop() if len(heads) == 1 else ""
    wanted: list[str | None] = [*regions] or [None]
    for region in wanted:
        for name, place in _aws.buckets(region, prefix):
            if not wild or matches(name, wild):
                yield Place(name, place)


def _head(name: str, account: str) -> Place | None:
    try:
        found = _aws.client("s3").head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except _aws.ClientError as error:
        if _aws.error_code(error) in _NOT_FOUND:
            return None
        # It may still be read without s3:ListBucket, and S3 tells the Region even so.
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        return Place(name, str(headers.get("x-amz-bucket-region", "")))
    return Place(name, str(found.get("BucketRegion") or ""))


def located(place: Place, account: str) -> Place:
    """Return a place with its Region, asked for where the listing did not tell it."""
    return place if place.region else _head(place.name, account) or place
