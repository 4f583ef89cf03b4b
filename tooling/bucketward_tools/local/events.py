"""The journal: everything that happened in the account, in order, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Document = Any


@dataclass(frozen=True, slots=True)
class Event:
    time: datetime


@dataclass(frozen=True, slots=True)
class ApiCall(Event):
    """A call to AWS by a person, a role of the account or a function."""

    actor: str
    service: str
    operation: str
    bucket: str | None
    params: Mapping[str, Any]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Denied(Event):
    """A principal was refused: by IAM, by a trust policy or by a resource's policy."""

    principal: str
    action: str
    resource: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemRecorded(Event):
    """AWS Config recorded a configuration item; ``diff`` is that of the notification."""

    bucket: str
    item: Mapping[str, Any]
    diff: Mapping[str, Any] | None
    oversized: bool = False


@dataclass(frozen=True, slots=True)
class Invoked(Event):
    """A function ran: ``result`` is its reply, ``error`` the reason where it failed."""

    function: str
    trigger: str
    request_id: str
    attempt: int
    result: Document = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class LogLost(Event):
    """A function's output went nowhere, its metrics with it."""

    function: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluated(Event):
    """A verdict reached AWS Config; ``superseded`` where a newer one was there already."""

    rule: str
    bucket: str
    compliance: str
    annotation: str
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class RemediationStarted(Event):
    rule: str
    bucket: str
    document: str
    execution_id: str
    attempt: int
    automatic: bool


@dataclass(frozen=True, slots=True)
class RemediationEnded(Event):
    """An execution of the document ended: ``status`` is ``Success`` or ``Failed``."""

    rule: str
    bucket: str
    execution_id: str
    status: str
    outputs: Mapping[str, Any]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class RemediationGivenUp(Event):
    """AWS Config adds a remediation exception after so many attempts, and stops."""

    rule: str
    bucket: str
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLettered(Event):
    """An event that was not handled went to a queue."""

    queue: str
    source: str
    body: Mapping[str, Any]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Lost(Event):
    """An event that was not handled went nowhere."""

    source: str
    body: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Emitted(Event):
    """An event on an event bus, and the rules that took it."""

    source: str
    detail_type: str
    detail: Mapping[str, Any]
    rules: tuple[str, ...]
    bus: str = "default"


@dataclass(frozen=True, slots=True)
class Forwarded(Event):
    """An event went to another account's event bus, by a role that may put it there."""

    bus: str
    role: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published(Event):
    """A message to a topic, by a service or by an ARN."""

    topic: str
    subject: str | None
    message: str
    actor: str


@dataclass(frozen=True, slots=True)
class AutomationStarted(Event):
    """Somebody started a document by StartAutomationExecution."""

    document: str
    execution_id: str
    parameters: Mapping[str, Any]
    actor: str


@dataclass(frozen=True, slots=True)
class AutomationEnded(Event):
    """The end of such an execution: ``status`` is ``Success`` or ``Failed``."""

    document: str
    execution_id: str
    status: str
    outputs: Mapping[str, Any]
    failure: str | None = None
