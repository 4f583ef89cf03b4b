"""Read AWS Config's configuration item of a bucket into the S3 API's form.

The item comes in three forms (notification, GetResourceConfigHistory, moto) which differ in how
often a part is JSON-encoded and in a few key names. Names, nulls and "-1 for none" are Config's
own, see the resource schema of ``AWS::S3::Bucket`` (github.com/awslabs/aws-config-resource-schema).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import aspects as a
from .bucket import Bucket
from .errors import BadInput, shown
from .item_documents import MALFORMED, Documents, decoded

Part = Any
BUCKET = "AWS::S3::Bucket"
DELETED = frozenset({"ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"})
STATUSES = DELETED | {"OK", "ResourceDiscovered"}


def read_bucket(item: Mapping[str, Any]) -> Bucket:
    """Turn an item into a `Bucket`; raises `BadInput` naming the part that is wrong."""
    name = identity(item)
    return _bucket(item, name, _parts(item, name))


def identity(item: object) -> str:
    """Return the bucket's name, or raise `BadInput` where the item is not of a bucket."""
    if not isinstance(item, Mapping):
        raise BadInput("The configuration item is not a JSON object.")
    kind = item.get("resourceType")
    if kind != BUCKET:
        raise BadInput(f"The configuration item is of {shown(kind)}; expected {BUCKET}.")
    name = item.get("resourceName") or item.get("resourceId")
    if not isinstance(name, str):
        raise BadInput("The configuration item names no bucket: resourceId is missing.")
    return name


def previous_bucket(item: Mapping[str, Any], diff: object) -> Bucket | None:
    """Rebuild the bucket as it was before a change, from a notification's diff.

    ``configurationItemDiff`` maps a path such as
    ``SupplementaryConfiguration.BucketVersioningConfiguration.Status`` to the previous and the
    updated value; it is null on first discovery and on a forced re-evaluation. An aspect whose
    change is not understood without doubt is left unread. Raises `BadInput` as `read_bucket`.
    """
    changed = diff.get("changedProperties") if isinstance(diff, Mapping) else None
    if not isinstance(diff, Mapping) or not isinstance(changed, Mapping) or not changed:
        return None
    if diff.get("changeType") == "CREATE":
        return None
    name = identity(item)
    parts = dict(_parts(item, name))
    unclear = set()
    for path, change in changed.items():
        section, *steps = str(path).split(".")
        if section.lower() != "supplementaryconfiguration":
            continue
        if not steps:
            return None
        key = _KEYS.get(steps[0].lower(), steps[0])
        try:
            earlier = _undone(parts.get(key), steps[1:], change)
        except (*MALFORMED, BadInput):
            unclear.add(key)
            continue
        parts[key] = earlier
        if earlier is None:
            del parts[key]
    return _bucket(item, name, parts, frozenset(unclear))


_KEYS = {
    aspect.item_key.lower(): aspect.item_key for aspect in a.ASPECTS.values() if aspect.item_key
}


def _undone(now: Part, steps: list[str], change: Mapping[str, Any]) -> Part:
    """Return a part as it was before one change of it; raises where that is not certain."""
    if not steps:
        updated = change["updatedValue"]
        if now != updated and decoded(now, "part") != decoded(updated, "updatedValue"):
            raise ValueError("the change did not lead to this item")
        return change["previousValue"]
    now = decoded(now, "part")
    step, rest = steps[0], steps[1:]
    if isinstance(now, list):
        index = int(step)
        if not rest and None in (change["previousValue"], change["updatedValue"]):
            raise ValueError("an element was added or removed, which shifts the others")
        undone = [*now]
        undone[index] = _undone(now[index], rest, change)
        return undone
    # The path is in capitals where the item is not: Status for status, but SseAlgorithm for both.
    (member,) = (key for key in now if key.lower() == step.lower())
    return {**now, member: _undone(now[member], rest, change)}


def _parts(item: Mapping[str, Any], name: str) -> Mapping[str, Part]:
    parts = decoded(item.get("supplementaryConfiguration"), "supplementaryConfiguration")
    if not isinstance(parts, Mapping):
        raise BadInput(
            f"The configuration item of bucket {name} has no supplementaryConfiguration, "
            "so it says nothing of the bucket."
        )
    return parts


def _bucket(
    item: Mapping[str, Any],
    name: str,
    parts: Mapping[str, Part],
    unclear: frozenset[str] = frozenset(),
) -> Bucket:
    arn = _word(item, "ARN", "arn").split(":")
    return Bucket(
        name=name,
        account=_word(item, "awsAccountId", "accountId"),
        region=_word(item, "awsRegion"),
        partition=(arn[1] if arn[0] == "arn" else "") or "aws",
        aspects=Documents(parts, name, unclear),
    )


def _word(item: Mapping[str, Any], *keys: str) -> str:
    """Return the first of the fields that is there; the notification and the API differ in case."""
    return next((value for key in keys if isinstance(value := item.get(key), str)), "")
