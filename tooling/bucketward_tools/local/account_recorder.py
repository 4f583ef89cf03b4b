"""AWS Config's recorder, outside buckets: items of the account's block, access points and trails.

The two kinds of access points are recorded with the properties of their CloudFormation types,
the account's public access block and trails with those of their own API. Of which fields exactly
an item of the latter two consists is not documented; no rule reads them. A block that is deleted
makes an item ResourceDeleted. A call to another Region's endpoint changes the block of all
Regions, and is recorded there.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .events import ItemRecorded
from .recorder import DELAY, timestamp

if TYPE_CHECKING:
    from .account import LocalAccount
    from .gateway import Call

BLOCK, POINT = "AWS::S3::AccountPublicAccessBlock", "AWS::S3::AccessPoint"
MULTI_REGION, TRAIL = "AWS::S3::MultiRegionAccessPoint", "AWS::CloudTrail::Trail"

_WRITES = {
    ("s3control", "PutPublicAccessBlock"): BLOCK,
    ("s3control", "DeletePublicAccessBlock"): BLOCK,
    ("s3control", "CreateAccessPoint"): POINT,
    ("s3control", "DeleteAccessPoint"): POINT,
    ("s3control", "CreateMultiRegionAccessPoint"): MULTI_REGION,
    ("s3control", "DeleteMultiRegionAccessPoint"): MULTI_REGION,
    ("cloudtrail", "CreateTrail"): TRAIL,
    ("cloudtrail", "UpdateTrail"): TRAIL,
    ("cloudtrail", "PutEventSelectors"): TRAIL,
    ("cloudtrail", "DeleteTrail"): TRAIL,
}
Item = dict[str, Any]


class AccountRecorder:
    """Keeps the items of these resources by type and id, the oldest first."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._last = 0
        self.items: dict[tuple[str, str], list[Item]] = {}

    def wrote(self, call: Call) -> None:
        """Hear of a write that was accepted."""
        account = self._account
        kind = _WRITES.get((call.service, call.operation))
        if kind is None or not account.configuration_recorder.records(kind):
            return
        if kind == BLOCK and call.region != account.place.region:
            return  # that Region's recorder has it
        name = account.place.account if kind == BLOCK else _name(call)
        gone = call.operation.startswith("Delete")
        configuration = None if gone else _configuration(kind, call, account.place.account)
        account.clock.later(DELAY, lambda: self._record(kind, name, configuration))

    def _record(self, kind: str, name: str, configuration: dict[str, Any] | None) -> None:
        account, history = self._account, self.items.setdefault((kind, name), [])
        state = max(self._last + 1, int(account.clock.now.timestamp() * 1000))
        self._last = state
        status = "ResourceDeleted" if configuration is None else "OK"
        if status == "OK" and (
            not history or history[-1]["configurationItemStatus"] == "ResourceDeleted"
        ):
            status = "ResourceDiscovered"
        recorded: Item = {
            "relatedEvents": [],
            "relationships": [],
            "configuration": configuration,
            "supplementaryConfiguration": {},
            "tags": {},
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": timestamp(
                datetime.fromtimestamp(state / 1000, account.clock.now.tzinfo)
            ),
            "configurationStateId": state,
            "awsAccountId": account.place.account,
            "configurationItemStatus": status,
            "resourceType": kind,
            "resourceId": name,
            "resourceName": name,
            "ARN": _arn(account, kind, name),
            "awsRegion": account.place.region,
            "availabilityZone": "Not Applicable",
            "configurationStateMd5Hash": "",
            "resourceCreationTime": None,
        }
        history.append(recorded)
        oversized = account.config.changed(recorded, None)
        account.happened(ItemRecorded(account.clock.now, name, recorded, None, oversized=oversized))


def _name(call: Call) -> str:
    given = call.params.get("Details") or call.params
    name = str(given.get("TrailName") or given["Name"])
    return name.rpartition("/")[2]


def _configuration(kind: str, call: Call, account: str) -> dict[str, Any]:
    if kind == MULTI_REGION:
        details = call.params["Details"]
        block = details.get("PublicAccessBlock") or _all_on()
        return {"Name": details["Name"], "PublicAccessBlockConfiguration": block}
    given = {key: each for key, each in call.params.items() if key != "AccountId"}
    if kind == POINT:
        return {"PublicAccessBlockConfiguration": _all_on(), "BucketAccountId": account} | given
    return given


def _all_on() -> dict[str, bool]:
    """Return what S3 sets on an access point that is made without saying."""
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(names, True)


def _arn(account: LocalAccount, kind: str, name: str) -> str:
    place = account.place
    forms = {
        BLOCK: f"arn:{place.partition}:s3:::{place.account}",
        POINT: place.arn("s3", f"accesspoint/{name}"),
        MULTI_REGION: f"arn:{place.partition}:s3::{place.account}:accesspoint/{name}",
        TRAIL: place.arn("cloudtrail", f"trail/{name}"),
    }
    return forms[kind]
