"""CloudTrail's trails: which of them record S3's data events, and by which selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Trail = Any
WRITE, READ = "write", "read"
_ALL_BUCKETS = frozenset({"arn:aws:s3", "arn:aws:s3:::"})


def multi_region(trails: list[Trail]) -> list[Trail]:
    """Return the trails that record every Region, and are switched on."""
    return [each for each in trails if each.get("IsMultiRegionTrail") and each.get("IsLogging")]


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


def _basic(selector: Mapping[str, Any]) -> Iterator[str]:
    """Source: CloudTrail API, EventSelector; ``arn:aws:s3`` stands for every object."""
    values = {
        value
        for resource in selector.get("DataResources") or ()
        if resource.get("Type") == "AWS::S3::Object"
        for value in resource.get("Values") or ()
    }
    # The partition is part of it: arn:aws-cn:s3.
    if any(value.removesuffix(":::").count(":") == 2 and ":s3" in value for value in values):  # noqa: PLR2004
        kind = selector.get("ReadWriteType") or "All"
        yield from {"All": (WRITE, READ), "WriteOnly": (WRITE,), "ReadOnly": (READ,)}[kind]


def _advanced(selector: Mapping[str, Any]) -> Iterator[str]:
    """Source: CloudTrail API, AdvancedEventSelector."""
    fields = {each.get("Field"): each for each in selector.get("FieldSelectors") or ()}
    if not fields.keys() <= {"eventCategory", "resources.type", "readOnly"}:
        return
    if _equals(fields, "eventCategory") != ["Data"]:
        return
    if "AWS::S3::Object" not in (_equals(fields, "resources.type") or ()):
        return
    read_only = _equals(fields, "readOnly") if "readOnly" in fields else ["true", "false"]
    if "false" in (read_only or ()):
        yield WRITE
    if "true" in (read_only or ()):
        yield READ


def _equals(fields: Mapping[Any, Any], name: str) -> list[str] | None:
    """Return the values of a field that has Equals and no other operator."""
    field = fields.get(name) or {}
    operators = {key for key, value in field.items() if key != "Field" and value}
    return list(field["Equals"]) if operators == {"Equals"} else None
