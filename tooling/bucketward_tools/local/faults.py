"""Failures of AWS that a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ReadTimeoutError

from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from .clock import Clock

TIMEOUT = "timeout"

_STATUS = {
    "400": 400,  # an answer to HEAD has no body, so that its status is the code
    "403": 403,
    "AccessDenied": 403,
    "AccessDeniedException": 400,
    "ConditionalCheckFailedException": 400,
    "DisabledException": 400,
    "InternalError": 500,
    "InternalException": 500,
    "InternalServerError": 500,
    "KMSInternalException": 500,
    "NoSuchBucket": 404,
    "OperationAborted": 409,
    "ProvisionedThroughputExceededException": 400,
    "ResourceNotFoundException": 400,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "ThrottlingException": 400,
}


@dataclass(slots=True)
class _Fault:
    operation: str
    code: str
    times: int | None
    actor: str | None


class Faults:
    """The failures to come. Each answers one HTTP request; a client may retry."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: list[_Fault] = []

    def add(self, operation: str, code: str, times: int | None, actor: str | None) -> None:
        if code != TIMEOUT and code not in _STATUS:
            raise NotEmulated(f"The HTTP status of {code} is not known.")
        self._faults.append(_Fault(operation, code, times, actor))

    def clear(self) -> None:
        self._faults.clear()

    def strike(self, call: Call) -> Reply | None:
        """Return the failure that hits this request; raises where no answer comes at all."""
        for fault in self._faults:
            if fault.operation != call.operation or fault.times == 0:
                continue
            if fault.actor not in {None, call.principal.arn} or call.principal.internal:
                continue
            if fault.times is not None:
                fault.times -= 1
            if fault.code == TIMEOUT:
                self._clock.sleep(call.read_timeout)
                raise ReadTimeoutError(endpoint_url=f"https://{call.service}")
            return Reply(
                status=_STATUS[fault.code], code=fault.code, message="as the test asked for"
            )
        return None
