"""CloudTrail's trails: which of them record S3's data events, and by which selectors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Trail = Any
WRITE, READ = "write", "read"
_KINDS = {"All": (WRITE, READ), "WriteOnly": (WRITE,), "ReadOnly": (READ,)}
_ALL_BUCKETS = re.compile(r"arn:[a-z-]+:s3(:::)?")
"""What the ARN of every object begins with."""


def owner(trail: Trail) -> str:
    """Return the account in ``arn:aws:cloudtrail:<region>:<account>:trail/<name>``."""
    return str(trail["TrailARN"]).split(":")[4]


def multi_region(trails: Iterable[Trail]) -> list[Trail]:
    """Return the trails that record every Region, and are switched on."""
    return [each for each in trails if each.get("IsMultiRegionTrail") and each.get("IsLogging")]


def unread(trails: Iterable[Trail]) -> list[Trail]:
    """Return the organization's multi-Region trails that this account may not look into."""
    return [each for each in trails if each.get("IsMultiRegionTrail") and "IsLogging" not in each]


def missing(trails: Iterable[Trail], events: Iterable[str]) -> tuple[str, ...]:
    """Return which of the events no multi-Region trail records of every bucket."""
    found = frozenset[str]().union(*map(recorded, multi_region(trails)))
    return tuple(each for each in (WRITE, READ) if each in events and each not in found)


def recorded(trail: Trail) -> frozenset[str]:
    """Return which of `WRITE` and `READ` of every bucket's objects a trail records.

    A selector of single buckets does not count, nor one with any further condition: it leaves
    something out.
    """
    basic = (each for one in trail.get("EventSelectors") or () for each in _basic(one))
    advanced = (
        each for one in trail.get("AdvancedEventSelectors") or () for each in _advanced(one)
    )
    return frozenset({*basic, *advanced})


def _basic(selector: Mapping[str, Any]) -> tuple[str, ...]:
    """Source: CloudTrail API, EventSelector; ``arn:aws:s3`` stands for every object."""
    values = (
        value
        for resource in selector.get("DataResources") or ()
        if resource.get("Type") == "AWS::S3::Object"
        for value in resource.get("Values") or ()
    )
    if any(map(_ALL_BUCKETS.fullmatch, values)):
        return _KINDS.get(selector.get("ReadWriteType") or "All", ())
    return ()


def _advanced(selector: Mapping[str, Any]) -> Iterator[str]:
    """Source: CloudTrail API, AdvancedEventSelector."""
    fields = {each.get("Field"): each for each in selector.get("FieldSelectors") or ()}
    arns = only(fields.pop("resources.ARN", {"StartsWith": ["arn:aws:s3"]}), "StartsWith")
    if not any(map(_ALL_BUCKETS.fullmatch, arns)):
        return
    if not fields.keys() <= {"eventCategory", "resources.type", "readOnly"}:
        return
    if only(fields.get("eventCategory"), "Equals") != ["Data"]:
        return
    if "AWS::S3::Object" not in only(fields.get("resources.type"), "Equals"):
        return
    read_only = only(fields.get("readOnly", {"Equals": ["true", "false"]}), "Equals")
    if "false" in read_only:
        yield WRITE
    if "true" in read_only:
        yield READ


def only(field: Mapping[str, Any] | None, operator: str) -> list[str]:
    """Return the values of a field selector that has this operator and no other."""
    given = {key: values for key, values in (field or {}).items() if key != "Field" and values}
    return list(given[operator]) if given.keys() == {operator} else []
