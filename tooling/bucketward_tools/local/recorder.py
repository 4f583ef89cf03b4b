"""AWS Config's recorder: watches a bucket's settings and makes configuration items of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bucketward.aspects import ASPECTS, operations
from bucketward.configuration_item import BUCKET

from . import item
from .events import ItemRecorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount
    from .gateway import Call

Item = dict[str, Any]
DELAY = 30
"""Virtual seconds from a change to its item; AWS promises none, minutes are usual."""

_WRITES = {
    operation.name: ASPECTS[operation.aspect]
    for operation in operations().values()
    if not operation.name.startswith(("Get", "List"))
}


class Recorder:
    """Keeps the items of every bucket, the oldest first."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._documents: dict[str, dict[str, Any]] = {}
        self._stale: dict[str, set[str]] = {}
        self._created: dict[str, str] = {}
        self._last = 0
        self.items: dict[str, list[Item]] = {}

    def wrote(self, call: Call) -> None:
        """Hear of a write that S3 accepted."""
        bucket = call.bucket
        if bucket is None or not self._account.configuration_recorder.records(BUCKET):
            return
        if call.operation == "CreateBucket":
            self._created[bucket] = timestamp(self._account.clock.now)
            self._stale[bucket] = {aspect.name for aspect in item.RECORDED}
        elif call.operation == "DeleteBucket":
            self._created.pop(bucket, None)
            self._stale[bucket] = set()
        elif call.operation in _WRITES and _WRITES[call.operation].item_key:
            self._stale.setdefault(bucket, set()).add(_WRITES[call.operation].name)
        else:
            return
        self._account.clock.later(DELAY, lambda: self._capture(bucket))

    def _capture(self, bucket: str) -> None:
        """Record the bucket as it is now, which may be several changes later."""
        if bucket not in self._stale:
            return  # an item has them already
        stale = self._stale.pop(bucket)
        history = self.items.setdefault(bucket, [])
        if bucket not in self._created:
            self._record(bucket, "ResourceDeleted", {}, None)
            return
        s3, documents = self._account.s3, self._documents.setdefault(bucket, {})
        documents.update({name: s3.read(bucket, ASPECTS[name]) for name in stale})
        parts = item.supplementary(documents)
        if not history or history[-1]["configurationItemStatus"] == "ResourceDeleted":
            self._record(bucket, "ResourceDiscovered", parts, None)
            return
        changed = difference(history[-1]["supplementaryConfiguration"], parts)
        if changed:
            diff = {"changedProperties": changed, "changeType": "UPDATE"}
            self._record(bucket, "OK", parts, diff)

    def _record(
        self, bucket: str, status: str, parts: dict[str, Any], diff: Mapping[str, Any] | None
    ) -> None:
        account, gone = self._account, status == "ResourceDeleted"
        # The state id is the capture time in milliseconds, and no two are the same.
        state = max(self._last + 1, int(account.clock.now.timestamp() * 1000))
        self._last = state
        documents = self._documents.pop(bucket, {}) if gone else self._documents[bucket]
        recorded: Item = {
            "relatedEvents": [],
            "relationships": [],
            "configuration": None
            if gone
            else {
                "name": bucket,
                "owner": json.loads(parts["AccessControlList"])["owner"],
                "creationDate": self._created[bucket],
            },
            "supplementaryConfiguration": parts,
            "tags": {} if gone else item.tags(documents),
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": timestamp(
                datetime.fromtimestamp(state / 1000, account.clock.now.tzinfo)
            ),
            "configurationStateId": state,
            "awsAccountId": account.place.account,
            "configurationItemStatus": status,
            "resourceType": BUCKET,
            "resourceId": bucket,
            "resourceName": bucket,
            "ARN": account.place.bucket_arn(bucket),
            "awsRegion": account.place.region,
            "availabilityZone": "Regional",
            "configurationStateMd5Hash": "",
            "resourceCreationTime": None if gone else self._created[bucket],
        }
        self.items[bucket].append(recorded)
        oversized = account.config.changed(recorded, diff)
        account.happened(
            ItemRecorded(account.clock.now, bucket, recorded, diff, oversized=oversized)
        )


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``changedProperties`` of a notification."""
    changed = {}
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            kind = "CREATE" if key not in before else "UPDATE" if key in after else "DELETE"
            changed[f"SupplementaryConfiguration.{key}"] = {
                "previousValue": before.get(key),
                "updatedValue": after.get(key),
                "changeType": kind,
            }
    return changed


def timestamp(moment: datetime) -> str:
    """Write a time as AWS does: ``2026-03-02T09:00:30.000Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
