"""CloudTrail: records of the calls to S3, their way to EventBridge, and LookupEvents.

A stand-in as a whole: moto's CloudTrail records nothing. Sources: *Events from AWS services* in
the EventBridge user guide (a trail that logs is needed, reads are not delivered, delivery is best
effort, once or more, in no order) and the CloudTrail API reference. There is one trail, of an
administrator's making, that logs management events; S3 and S3 Control are all it hears of.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from .errors import NotEmulated
from .gateway import Call, Reply
from .records import SERVICES, Heard, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .account import LocalAccount

DELIVERY, LOOKUP = 60.0, 300.0
"""Virtual seconds from a call to its event, and to its being found; AWS promises neither."""

SOURCE, DETAIL_TYPE = "aws.s3", "AWS API Call via CloudTrail"
_NAME = "management-events"
_PAGE = 50
_KEPT = timedelta(days=90)
_WRITES = {"All", "WriteOnly"}


@dataclass(slots=True)
class _Disturbance:
    """What happens to the delivery of records that match."""

    event: str | None
    where: Callable[[Heard], bool] | None
    drop: bool
    copies: int
    delay: float | None
    times: int | None

    def hits(self, heard: Heard) -> bool:
        return (
            self.times != 0
            and self.event in {None, heard.event}
            and (self.where is None or self.where(heard))
        )


@dataclass(slots=True)
class _State:
    """What the trail's own API can change."""

    exists: bool = True
    logging: bool = True
    changed: float | None = None
    management: str | None = "All"
    data: list[str] = field(default_factory=list)


class Trail:
    """Hears every call to S3, and makes a record of it where one is asked for."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._numbers = count(1)
        self._heard: list[Heard] = []
        self._disturbances: list[_Disturbance] = []
        self._state = _State()
        self._holding = False
        self.held: list[Heard] = []
        """What `hold` keeps back, the oldest first."""
        self.delay: float = DELIVERY
        self.lookup_delay: float = LOOKUP

    # ---- What a test does -----------------------------------------------------------------------

    def records(self, event: str | None = None, *, data: bool = False) -> list[dict[str, Any]]:
        """Return the records of all writes so far, the oldest first; ``data``: of objects."""
        place = self._account.place
        return [
            record(each, place)
            for each in self._heard
            if not each.read_only and each.management is not data and event in {None, each.event}
        ]

    def disturb(  # noqa: PLR0913 - each an independent choice with a default
        self,
        event: str | None = None,
        *,
        where: Callable[[Heard], bool] | None = None,
        drop: bool = False,
        copies: int = 1,
        delay: float | None = None,
        times: int | None = 1,
    ) -> None:
        """Change how the next records reach EventBridge: not at all, repeatedly, or so late."""
        self._disturbances.append(_Disturbance(event, where, drop, copies, delay, times))

    def hold(self) -> None:
        """Keep every event back from now on, until `release`."""
        self._holding = True

    def release(self, held: Sequence[Heard] | None = None) -> None:
        """Deliver what was held, in the order given, and hold no longer.

        What ``held`` leaves out is never delivered, and what it names twice comes twice.
        """
        self._holding = False
        waiting, self.held = self.held, []
        for each in waiting if held is None else held:
            self._account.clock.later(0, partial(self._emit, each))

    # ---- What the account tells it --------------------------------------------------------------

    def hear(self, call: Call, region: str, error: str | None, message: str | None) -> None:
        """Hear of a call that was answered."""
        actor, request = call.principal.actor, call.request
        if call.service not in SERVICES or actor is None or request is None:
            return
        body = request.body or b""
        if hasattr(body, "getvalue"):
            body = body.getvalue()
        heard = Heard(
            next(self._numbers),
            self._account.clock.now,
            actor,
            region,
            call.service,
            call.operation,
            call.params,
            request.url,
            {
                name.lower(): _text(value)
                for name, value in request.headers.items()
                if name.lower().startswith(("x-amz-", "user-agent"))
            },
            b"" if "Body" in call.params else body.encode() if isinstance(body, str) else body,
            error,
            message,
            call.bucket in self._account.s3.foreign,
        )
        if not self._receives(heard):
            return
        self._heard.append(heard)
        self._send(heard)

    def _receives(self, heard: Heard) -> bool:
        """Whether this account gets a copy: the caller's does, and the owner's."""
        own = self._account.place.account
        return heard.actor.account == own or not heard.foreign

    def _send(self, heard: Heard) -> None:
        account, state = self._account, self._state
        wanted = state.management if heard.management else None
        if not heard.management and any(_covers(each, heard) for each in state.data):
            wanted = "All"
        if not (state.exists and state.logging) or wanted is None:
            return
        if heard.region != account.place.region:  # it goes to that Region's bus
            return
        if not heard.read_only and wanted not in _WRITES:
            return
        if not account.bus.listens(SOURCE, DETAIL_TYPE, reads=heard.read_only):
            return
        if self._holding:
            self.held.append(heard)
            return
        delay, copies = self.delay, 1
        for each in self._disturbances:
            if each.hits(heard):
                if each.times is not None:
                    each.times -= 1
                delay = self.delay if each.delay is None else each.delay
                copies = 0 if each.drop else each.copies
                break
        for _ in range(copies):
            account.clock.later(delay, partial(self._emit, heard))

    def _emit(self, heard: Heard) -> None:
        place = self._account.place
        self._account.bus.put(
            SOURCE, DETAIL_TYPE, record(heard, place), [], reads=heard.read_only, time=heard.time
        )

    # ---- Its API --------------------------------------------------------------------------------

    def answer(self, call: Call) -> Reply:
        """Answer CloudTrail's API."""
        params, state = call.params, self._state
        if call.operation == "LookupEvents":
            return self._lookup(params)
        if call.operation == "DescribeTrails":
            named = params.get("trailNameList") or [_NAME]
            found = state.exists and any(self._is(name) for name in named)
            return Reply({"trailList": [self._trail()] if found else []})
        name = params.get("Name") or params.get("TrailName")
        if name is None or call.operation not in _OPERATIONS:
            raise NotEmulated(f"CloudTrail's {call.operation} is not emulated.")
        if not state.exists or not self._is(name):
            return Reply(status=400, code="TrailNotFoundException", message=f"Unknown trail {name}")
        return _OPERATIONS[call.operation](self, params)

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
            "HasCustomEventSelectors": bool(self._state.data),
            "HasInsightSelectors": False,
            "IsOrganizationTrail": False,
        }

    def _get(self, _: Mapping[str, Any]) -> Reply:
        return Reply({"Trail": self._trail()})

    def _status(self, _: Mapping[str, Any]) -> Reply:
        state = self._state
        when = "StartLoggingTime" if state.logging else "StopLoggingTime"
        told = {} if state.changed is None else {when: state.changed}
        return Reply({"IsLogging": state.logging, **told})

    def _start(self, _: Mapping[str, Any]) -> Reply:
        return self._switch(logging=True)

    def _stop(self, _: Mapping[str, Any]) -> Reply:
        return self._switch(logging=False)

    def _switch(self, *, logging: bool) -> Reply:
        self._state.logging = logging
        self._state.changed = self._account.clock.now.timestamp()
        return Reply({})

    def _delete(self, _: Mapping[str, Any]) -> Reply:
        self._state.exists = False
        return Reply({})

    def _selectors(self, _: Mapping[str, Any]) -> Reply:
        state = self._state
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
        self._state.management = given.get("ReadWriteType", "All") if managed else None
        self._state.data = [value for each in data for value in each["Values"]]
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
        seen = now - timedelta(seconds=self.lookup_delay)
        oldest = max(start, now - _KEPT)
        found = [
            each
            for each in reversed(self._heard)
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


_OPERATIONS: dict[str, Callable[[Trail, Mapping[str, Any]], Reply]] = {
    "DeleteTrail": Trail._delete,  # noqa: SLF001 - its own table
    "GetEventSelectors": Trail._selectors,  # noqa: SLF001
    "GetTrail": Trail._get,  # noqa: SLF001
    "GetTrailStatus": Trail._status,  # noqa: SLF001
    "PutEventSelectors": Trail._select,  # noqa: SLF001
    "StartLogging": Trail._start,  # noqa: SLF001
    "StopLogging": Trail._stop,  # noqa: SLF001
}


def _attribute(heard: Heard, key: str) -> str | None:
    match key:
        case "EventId":
            return heard.id
        case "EventName":
            return heard.event
        case "EventSource":
            return "s3.amazonaws.com"
        case "ReadOnly":
            return str(heard.read_only).lower()
        case "ResourceName":
            return heard.bucket
        case "ResourceType":
            return "AWS::S3::Bucket" if heard.bucket else None
        case "Username":
            return heard.actor.username
        case "AccessKeyId":
            return heard.actor.access_key
    raise NotEmulated(f"LookupEvents by {key}.")


def _covers(value: str, heard: Heard) -> bool:
    """Whether a selector's value, ``arn:aws:s3`` or ``arn:aws:s3:::bucket/prefix``, names it."""
    _, separator, path = value.partition(":::")
    name = f"{heard.bucket}/{heard.params.get('Key', '')}"
    return not separator or name.startswith(path)


def _moment(given: object, otherwise: datetime) -> datetime:
    return parse_to_aware_datetime(given) if given else otherwise


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
