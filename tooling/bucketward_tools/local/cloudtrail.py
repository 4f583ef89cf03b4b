"""CloudTrail: the records of the calls to S3, and their way to EventBridge.

A stand-in as a whole: moto's CloudTrail records nothing. Sources: *Events from AWS services* in
the EventBridge user guide (a trail that logs is needed, reads are not delivered, delivery is best
effort, once or more, in no order). There is one trail, of an administrator's making, that logs
management events; S3 and S3 Control are all it hears of. Its API: `cloudtrail_api`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from . import batch_jobs
from .records import SERVICES, Heard, record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .account import LocalAccount
    from .gateway import Call

DELIVERY, LOOKUP = 60.0, 300.0
"""Virtual seconds from a call to its event, and to its being found; AWS promises neither."""

SOURCE, DETAIL_TYPE = "aws.s3", "AWS API Call via CloudTrail"
_WRITES = {"All", "WriteOnly"}
"""Calls of which there is no record; S3 reports the job itself."""


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
class Settings:
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
        self.heard: list[Heard] = []
        """All calls of which the account gets a record, the oldest first; reads too."""
        self._disturbances: list[_Disturbance] = []
        self.settings = Settings()
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
            for each in self.heard
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

    def calm(self) -> None:
        """Forget all disturbances."""
        self._disturbances.clear()

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
        if call.operation == batch_jobs.OPERATION:
            return  # S3 reports the job, and the call is not logged
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
        self.heard.append(heard)
        if self._account.logs.trail_groups and self._logs(heard):
            self._account.logs.trailed(record(heard, self._account.place))
        self._send(heard)

    def reports(self, region: str) -> bool:
        """Whether what a service writes of itself in a Region reaches the default bus here."""
        settings = self.settings
        logs = settings.exists and settings.logging and settings.management in _WRITES
        return logs and region == self._account.place.region

    def _receives(self, heard: Heard) -> bool:
        """Whether this account gets a copy: the caller's does, and the owner's."""
        own = self._account.place.account
        return heard.actor.account == own or not heard.foreign

    def _send(self, heard: Heard) -> None:
        account = self._account
        if heard.region != account.place.region or not self._logs(heard):
            return  # it goes to that Region's bus, or nowhere
        if not account.bus.listens(SOURCE, DETAIL_TYPE, reads=heard.read_only):
            return
        if self._holding:
            self.held.append(heard)
            return
        hit = next((each for each in self._disturbances if each.hits(heard)), None)
        delay, copies = self.delay, 1
        if hit is not None:
            hit.times = None if hit.times is None else hit.times - 1
            delay = self.delay if hit.delay is None else hit.delay
            copies = 0 if hit.drop else hit.copies
        for _ in range(copies):
            account.clock.later(delay, partial(self._emit, heard))

    def _logs(self, heard: Heard) -> bool:
        """Whether the trail is there, is on, and selects such events."""
        settings = self.settings
        if not (settings.exists and settings.logging):
            return False
        if not heard.management:
            return any(_covers(each, heard) for each in settings.data)
        return settings.management == "All" or (
            not heard.read_only and settings.management in _WRITES
        )

    def _emit(self, heard: Heard) -> None:
        place = self._account.place
        self._account.bus.put(
            SOURCE, DETAIL_TYPE, record(heard, place), [], reads=heard.read_only, time=heard.time
        )


def _covers(value: str, heard: Heard) -> bool:
    """Whether a selector's value, ``arn:aws:s3`` or ``arn:aws:s3:::bucket/prefix``, names it."""
    _, separator, path = value.partition(":::")
    name = f"{heard.bucket}/{heard.params.get('Key', '')}"
    return not separator or name.startswith(path)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
