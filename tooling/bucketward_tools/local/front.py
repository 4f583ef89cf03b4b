"""The account's side of the gateway: every call is checked, answered here or by moto, recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import policy_writes, service_actions
from .events import ApiCall, Denied, Published
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
        self.used: set[tuple[str, str, str]] = set()
        """What roles were allowed to do and did: logical id, action and resource."""

    @property
    def principal(self) -> Principal:
        return self._account.principal

    def answer(self, call: Call) -> Reply | None:
        """Return what the caller gets instead of moto's answer, or None."""
        account = self._account
        policy_writes.check(call)
        struck = self.faults.strike(call)
        if struck is not None:
            return struck
        role = call.principal.role
        if role is not None:
            for each in service_actions.requests(account, call):
                if not self.allowed(role, call.principal.arn, each):
                    return _denied(call, each)
        return self._answer(call)

    def _answer(self, call: Call) -> Reply | None:
        account = self._account
        match call.service:
            case "s3":
                call.region = account.s3.region(call)
                return account.s3.claim(call) or account.s3.answer(call)
            case "accessanalyzer":
                return account.access_analyzer.answer(call)
            case "config":
                return (
                    account.configuration_recorder.answer(call)
                    or account.recorder_api.answer(call)
                    or account.config_api.answer(call)
                    or account.config.answer(call)
                )
            case service if service in account.stand_ins and not call.principal.internal:
                return account.stand_ins[service].answer(call)
            case _:
                return account.corrections.answer(call)

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Correct moto's answer, write the call down, and let AWS Config see a change."""
        account = self._account
        account.s3.answered(call, parsed)
        if call.service == "kms":
            account.keys.answered(call, parsed)
        elif call.service == "s3control":
            account.jobs.answered(call, parsed)
        elif call.service == "cloudtrail" and "Error" not in parsed:
            account.cloudtrail_api.answered(call, parsed)
        account.corrections.answered(call, parsed)
        error = parsed.get("Error", {}).get("Code")
        self._record(call, error)
        account.trail.hear(call, call.region, error, parsed.get("Error", {}).get("Message"))
        if error is None:
            self._follow(call)
        if call.principal.role is not None:
            for operation, action in self.reactions:
                if operation == call.operation:
                    with account.acting(account.administrator):
                        action()

    def _follow(self, call: Call) -> None:
        """Let others hear of a call that succeeded."""
        account = self._account
        policy_writes.follow(account, call)
        account.account_recorder.wrote(call)
        match call.service:
            case "s3" if call.bucket not in account.s3.foreign:
                account.recorder_api.wrote(call)
            case "sqs":
                account.sources.sent(call.operation, call.params)
            case "sns" if call.operation == "Publish" and "TopicArn" in call.params:
                topic = account.wiring.topics.get(call.params["TopicArn"])
                name = topic.name if topic else call.params["TopicArn"]
                subject, message = call.params.get("Subject"), call.params["Message"]
                now, arn = account.clock.now, call.principal.arn
                account.happened(Published(now, name, subject, message, arn))

    def failed(self, call: Call, error: Exception) -> None:
        self._record(call, type(error).__name__)

    def broken(self, error: Exception) -> None:
        self.fault = error

    def allowed(self, role: Role, principal: str, request: Request) -> bool:
        """Whether the role's policies allow it; a refusal goes into the journal."""
        kms = request.action.startswith("kms:")
        if self._account.keys.allows(role, request) if kms else role.allows(request):
            self.used.add((role.logical_id, request.action, request.resource))
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


_DENIED = {
    "lambda": (403, "AccessDeniedException"),
    "s3": (403, "AccessDenied"),
    "s3control": (403, "AccessDenied"),
    "sns": (403, "AuthorizationError"),
    "sqs": (403, "AccessDenied"),
}
"""The status and the error code by which a service refuses a caller, where it is not the usual."""


def _denied(call: Call, request: Request) -> Reply:
    status, code = _DENIED.get(call.service, (400, "AccessDeniedException"))
    return Reply(
        status=status,
        code=code,
        message=f"User: {call.principal.arn} is not authorized to perform: {request.action} on "
        f"resource: {request.resource} because no identity-based policy allows the "
        f"{request.action} action",
    )
