"""The account's side of the gateway: every call is checked, answered here or by moto, recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import authorisation
from .events import ApiCall, Denied
from .faults import Faults
from .gateway import Call, Principal, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .account import LocalAccount
    from .iam import Request, Role


class Front:
    """Where calls to AWS arrive."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.faults = Faults(account.clock)
        self.reactions: list[tuple[str, Callable[[], object]]] = []
        self.fault: Exception | None = None
        self.used: set[tuple[str, str]] = set()
        """What roles were allowed to do and did, by logical id and action."""

    @property
    def principal(self) -> Principal:
        return self._account.principal

    def answer(self, call: Call) -> Reply | None:
        """Return what the caller gets instead of moto's answer, or None."""
        account = self._account
        struck = self.faults.strike(call)
        if struck is not None:
            return struck
        role = call.principal.role
        if role is not None:
            for each in authorisation.requests(
                call.service, call.operation, call.params, account.place
            ):
                if not self.allowed(role, call.principal.arn, each):
                    return _denied(call, each)
        if call.service == "s3":
            return account.s3.answer(call)
        if call.service == "accessanalyzer":
            return account.access_analyzer.answer(call)
        if call.service == "config":
            return account.configuration_recorder.answer(call) or account.config.answer(call)
        return account.corrections.answer(call)

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Correct moto's answer, write the call down, and let AWS Config see a change."""
        account = self._account
        account.s3.answered(call, parsed)
        account.corrections.answered(call, parsed)
        error = parsed.get("Error", {}).get("Code")
        self._record(call, error)
        if call.service == "s3" and error is None:
            account.recorder.wrote(call)
        elif error is None:
            account.account_recorder.wrote(call)
        if call.principal.role is not None:
            for operation, action in self.reactions:
                if operation == call.operation:
                    with account.acting(account.administrator):
                        action()

    def failed(self, call: Call, error: Exception) -> None:
        self._record(call, type(error).__name__)

    def broken(self, error: Exception) -> None:
        self.fault = error

    def allowed(self, role: Role, principal: str, request: Request) -> bool:
        """Whether the role's policies allow it; a refusal goes into the journal."""
        if role.allows(request):
            self.used.add((role.logical_id, request.action))
            return True
        account, reason = self._account, f"no policy of {role.logical_id} allows it"
        account.happened(
            Denied(account.clock.now, principal, request.action, request.resource, reason)
        )
        return False

    def _record(self, call: Call, error: str | None) -> None:
        if call.principal.internal:
            return
        self._account.happened(
            ApiCall(
                self._account.clock.now,
                call.principal.arn,
                call.service,
                call.operation,
                call.bucket,
                call.params,
                error,
            )
        )


def _denied(call: Call, request: Request) -> Reply:
    s3 = call.service == "s3"
    return Reply(
        status=403 if s3 else 400,
        code="AccessDenied" if s3 else "AccessDeniedException",
        message=f"User: {call.principal.arn} is not authorized to perform: {request.action} on "
        f"resource: {request.resource} because no identity-based policy allows the "
        f"{request.action} action",
    )
