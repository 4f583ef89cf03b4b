"""CloudTrail's API: the trail that is there from the start, and LookupEvents on the history.

A stand-in: moto's CloudTrail records nothing. Trails that somebody creates are moto's, and record
nothing either. Source: the CloudTrail API reference.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from bucketward.changes import vocabulary

from .errors import NotEmulated
from .gateway import Call, Reply
from .records import Heard, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .account import LocalAccount
    from .cloudtrail import Settings

_NAME = "management-events"
_PAGE = 50
_KEPT = timedelta(days=90)


class CloudTrailApi:
    """Answers for the one trail, and for the history of events."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._operations: dict[str, Callable[[Mapping[str, Any]], Reply]] = {
            "DeleteTrail": self._delete,
            "GetEventSelectors": self._selectors,
            "GetTrail": lambda _: Reply({"Trail": self._trail()}),
            "GetTrailStatus": self._status,
            "PutEventSelectors": self._select,
            "StartLogging": lambda _: self._switch(logging=True),
            "StopLogging": lambda _: self._switch(logging=False),
        }

    def answer(self, call: Call) -> Reply | None:
        """Answer for the own trail and the history; None for what moto answers."""
        params, state = call.params, self._settings
        if call.operation == "LookupEvents":
            return self._lookup(params)
        if call.operation == "DescribeTrails":
            named = params.get("trailNameList")
            if not named or not all(map(self._is, named)):
                return None
            return Reply({"trailList": [self._trail()] if state.exists else []})
        name = params.get("Name") or params.get("TrailName")
        if name is None or not self._is(name):
            return None
        if call.operation not in self._operations:
            raise NotEmulated(f"CloudTrail's {call.operation} is not emulated.")
        if not state.exists:
            return Reply(status=400, code="TrailNotFoundException", message=f"Unknown trail {name}")
        return self._operations[call.operation](params)

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Add the own trail to those that moto knows of."""
        everything = call.operation == "DescribeTrails" and not call.params.get("trailNameList")
        if everything and self._settings.exists:
            parsed.setdefault("trailList", []).append(self._trail())

    @property
    def _settings(self) -> Settings:
        return self._account.trail.settings

    def _is(self, name: str) -> bool:
        return name in {_NAME, self._arn}

    @property
    def _arn(self) -> str:
        return self._account.place.arn("cloudtrail", f"trail/{_NAME}")

    def _trail(self) -> dict[str, Any]:
        return {
            "Name": _NAME,
            "S3BucketName": "of-the-log-archive-account",
            "IncludeGlobalServiceEvents": True,
            "IsMultiRegionTrail": True,
            "HomeRegion": self._account.place.region,
            "TrailARN": self._arn,
            "LogFileValidationEnabled": True,
            "HasCustomEventSelectors": bool(self._settings.data),
            "HasInsightSelectors": False,
            "IsOrganizationTrail": False,
        }

    def _status(self, _: Mapping[str, Any]) -> Reply:
        state = self._settings
        when = "StartLoggingTime" if state.logging else "StopLoggingTime"
        told = {} if state.changed is None else {when: state.changed}
        return Reply({"IsLogging": state.logging, **told})

    def _switch(self, *, logging: bool) -> Reply:
        self._settings.logging = logging
        self._settings.changed = self._account.clock.now.timestamp()
        return Reply({})

    def _delete(self, _: Mapping[str, Any]) -> Reply:
        self._settings.exists = False
        return Reply({})

    def _selectors(self, _: Mapping[str, Any]) -> Reply:
        state = self._settings
        resources = [{"Type": "AWS::S3::Object", "Values": state.data}] if state.data else []
        selector = {
            "ReadWriteType": state.management or "All",
            "IncludeManagementEvents": state.management is not None,
            "DataResources": resources,
            "ExcludeManagementEventSources": [],
        }
        return Reply({"TrailARN": self._arn, "EventSelectors": [selector]})

    def _select(self, params: Mapping[str, Any]) -> Reply:
        selectors = params.get("EventSelectors", ())
        if len(selectors) != 1:
            raise NotEmulated("A trail has several event selectors, or advanced ones.")
        (given,) = selectors
        data = given.get("DataResources", ())
        if given.get("ExcludeManagementEventSources") or any(
            each["Type"] != "AWS::S3::Object" for each in data
        ):
            raise NotEmulated("An event selector of a trail excludes sources, or is not of S3.")
        managed = given.get("IncludeManagementEvents", True)
        self._settings.management = given.get("ReadWriteType", "All") if managed else None
        self._settings.data = [value for each in data for value in each["Values"]]
        return Reply({"TrailARN": self._arn, "EventSelectors": list(selectors)})

    def _lookup(self, params: Mapping[str, Any]) -> Reply:
        """Answer from the event history of this Region, the newest first.

        It holds management events, of reads too, for 90 days, whatever trails there are.
        """
        attributes = params.get("LookupAttributes", ())
        if len(attributes) > 1:
            return Reply(
                status=400,
                code="InvalidLookupAttributesException",
                message="You can use only one lookup attribute at a time.",
            )
        if params.get("EventCategory"):
            raise NotEmulated("LookupEvents looks for insight events.")
        account = self._account
        now = account.clock.now
        start = _moment(params.get("StartTime"), now - _KEPT)
        end = _moment(params.get("EndTime"), now)
        if start > end:
            return Reply(
                status=400,
                code="InvalidTimeRangeException",
                message="The start time must be before the end time.",
            )
        wanted = {each["AttributeKey"]: each["AttributeValue"] for each in attributes}
        seen = now - timedelta(seconds=account.trail.lookup_delay)
        oldest = max(start, now - _KEPT)
        found = [
            each
            for each in reversed(account.trail.heard)
            if each.management
            and each.region == account.place.region
            and oldest <= each.time.replace(microsecond=0) <= end
            and each.time <= seen
            and all(_attribute(each, key) == value for key, value in wanted.items())
        ]
        first, size = int(params.get("NextToken") or 0), params.get("MaxResults") or _PAGE
        page = found[first : first + size]
        answer: dict[str, Any] = {"Events": [self._event(each) for each in page]}
        if first + size < len(found):
            answer["NextToken"] = str(first + size)
        return Reply(answer)

    def _event(self, heard: Heard) -> dict[str, Any]:
        written = record(heard, self._account.place)
        key = written["userIdentity"].get("accessKeyId")
        user = written["userIdentity"].get("accountId") and heard.actor.username
        named = [{"ResourceType": "AWS::S3::Bucket", "ResourceName": heard.bucket}]
        return {
            "EventId": heard.id,
            "EventName": heard.event,
            "ReadOnly": str(heard.read_only).lower(),
            "EventTime": int(heard.time.timestamp()),
            "EventSource": written["eventSource"],
            **({"Username": user} if user else {}),
            **({"AccessKeyId": key} if key else {}),
            "Resources": named if heard.bucket else [],
            "CloudTrailEvent": json.dumps(written, separators=(",", ":")),
        }


_ATTRIBUTES: dict[str, Callable[[Heard], str | None]] = {
    "AccessKeyId": lambda heard: heard.actor.access_key,
    "EventId": lambda heard: heard.id,
    "EventName": lambda heard: heard.event,
    "EventSource": lambda heard: vocabulary.SOURCE,  # noqa: ARG005 - all that is heard of
    "ReadOnly": lambda heard: str(heard.read_only).lower(),
    "ResourceName": lambda heard: heard.bucket,
    "ResourceType": lambda heard: "AWS::S3::Bucket" if heard.bucket else None,
    "Username": lambda heard: heard.actor.username,
}


def _attribute(heard: Heard, key: str) -> str | None:
    if key not in _ATTRIBUTES:
        raise NotEmulated(f"LookupEvents by {key}.")
    return _ATTRIBUTES[key](heard)


def _moment(given: object, otherwise: datetime) -> datetime:
    return parse_to_aware_datetime(given) if given else otherwise
