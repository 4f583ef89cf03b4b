"""ListBuckets page by page and of one Region, which moto does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PAGE = 10_000


def page(
    buckets: Sequence[Mapping[str, Any]], params: Mapping[str, Any], regions: Mapping[str, str]
) -> dict[str, Any]:
    """Return ``Buckets`` and, where there are more, ``ContinuationToken``.

    As in S3 the Region of each is told only to those who sent a parameter.
    """
    prefix, region = params.get("Prefix", ""), params.get("BucketRegion")
    wanted = sorted(
        (
            dict(each)
            for each in buckets
            if each["Name"].startswith(prefix)
            and region in {None, regions.get(each["Name"])}
            and each["Name"] > params.get("ContinuationToken", "")
        ),
        key=lambda each: str(each["Name"]),
    )
    found = wanted[: params.get("MaxBuckets", _PAGE)]
    if params:
        for each in found:
            each["BucketRegion"] = regions[each["Name"]]
    more = {"ContinuationToken": found[-1]["Name"]} if len(found) < len(wanted) else {}
    return {"Buckets": found, **more}
