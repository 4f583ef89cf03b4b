"""GetResourceConfigHistory, whose items are not in the form of a notification."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.utils import parse_to_aware_datetime

from .gateway import Reply

Item = Mapping[str, Any]
_PAGE, _MOST = 10, 100
_SPAN = timedelta(days=7)
"""One call looks through at most seven days; what is before them comes with the next token."""


def history(items: Sequence[Item], params: Mapping[str, Any], now: datetime) -> Reply:
    """Answer one page, the newest first unless asked otherwise."""
    if params["resourceType"] != "AWS::S3::Bucket" or not items:
        return Reply(
            status=400,
            code="ResourceNotDiscoveredException",
            message=f"Resource {params['resourceId']} of resourceType:{params['resourceType']} "
            "is unknown or has not been discovered",
        )
    limit = params.get("limit") or _PAGE
    later = _moment(params.get("laterTime"), now)
    earlier = _moment(params.get("earlierTime"), captured(items[0]))
    if limit > _MOST or earlier > later:
        code = "InvalidLimitException" if limit > _MOST else "InvalidTimeRangeException"
        return Reply(status=400, code=code, message="The limit or the time range is not valid.")
    forward = params.get("chronologicalOrder", "Reverse") == "Forward"
    wanted = [item for item in items if earlier <= captured(item) <= later]
    if not forward:
        wanted.reverse()
    start = int(params.get("nextToken") or 0)
    rest = wanted[start:]
    page = [item for item in rest[:limit] if abs(captured(item) - captured(rest[0])) < _SPAN]
    document: dict[str, Any] = {"configurationItems": [_item(item) for item in page]}
    if len(page) < len(rest):
        document["nextToken"] = str(start + len(page))
    return Reply(document)


def _item(item: Item) -> dict[str, Any]:
    """Every part is a JSON text; the ACL, one already, is so twice."""
    created = item["resourceCreationTime"]
    return {
        "version": item["configurationItemVersion"],
        "accountId": item["awsAccountId"],
        "configurationItemCaptureTime": captured(item).timestamp(),
        "configurationItemStatus": item["configurationItemStatus"],
        "configurationStateId": str(item["configurationStateId"]),
        "configurationItemMD5Hash": "",
        "arn": item["ARN"],
        "resourceType": item["resourceType"],
        "resourceId": item["resourceId"],
        "resourceName": item["resourceName"],
        "awsRegion": item["awsRegion"],
        "availabilityZone": item["availabilityZone"],
        "tags": item["tags"],
        "relatedEvents": [],
        "relationships": [],
        "configuration": json.dumps(item["configuration"]),
        "supplementaryConfiguration": {
            key: json.dumps(part) for key, part in item["supplementaryConfiguration"].items()
        },
        **({"resourceCreationTime": seconds(created)} if created else {}),
    }


def seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def captured(item: Item) -> datetime:
    return datetime.fromisoformat(item["configurationItemCaptureTime"])


def _moment(given: object, otherwise: datetime) -> datetime:
    return parse_to_aware_datetime(given) if given else otherwise
