"""StartAutomationExecution and GetAutomationExecution, for the documents of the template.

A stand-in: moto keeps documents and runs none. Source: the Systems Manager API reference.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from .automation import Execution, StepFailed, parameters
from .errors import NotEmulated
from .events import AutomationEnded, AutomationStarted
from .gateway import Call, Reply

if TYPE_CHECKING:
    from .account import LocalAccount

DELAY = 2.0
"""Virtual seconds from the call to the first step."""


class SsmApi:
    """Starts documents that functions and people ask for."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._started: dict[str, str] = {}
        self._ended: dict[str, Execution] = {}

    def answer(self, call: Call) -> Reply:
        match call.operation:
            case "StartAutomationExecution":
                return self._start(call)
            case "GetAutomationExecution":
                return self._get(call.params["AutomationExecutionId"])
        raise NotEmulated(f"Systems Manager's {call.operation} is not emulated.")

    def _start(self, call: Call) -> Reply:
        account, params = self._account, call.params
        known = {"DocumentName", "DocumentVersion", "Parameters", "Tags", "ClientToken"}
        if unread := set(params) - known:
            raise NotEmulated(f"StartAutomationExecution with {', '.join(sorted(unread))}.")
        name = str(params["DocumentName"]).rpartition("/")[2]
        content = account.wiring.documents.get(name)
        if content is None:
            return Reply(
                status=400,
                code="AutomationDefinitionNotFoundException",
                message=f"Automation definition {name} not found.",
            )
        declared = content.get("parameters", {})
        given: dict[str, Any] = {
            key: list(values) if declared.get(key, {}).get("type") == "StringList" else values[0]
            for key, values in params.get("Parameters", {}).items()
        }
        try:
            parameters(name, content, given)
        except StepFailed as error:
            code = "InvalidAutomationExecutionParametersException"
            return Reply(status=400, code=code, message=str(error))
        execution_id = str(uuid.uuid5(uuid.NAMESPACE_OID, account.identifier("automation")))
        self._started[execution_id] = name
        account.clock.later(
            DELAY, partial(self._run, execution_id, name, given, call.principal.arn)
        )
        return Reply({"AutomationExecutionId": execution_id})

    def _run(self, execution_id: str, name: str, given: dict[str, Any], actor: str) -> None:
        account = self._account
        account.happened(AutomationStarted(account.clock.now, name, execution_id, given, actor))
        execution = account.automation.run(
            execution_id, name, account.wiring.documents[name], given
        )
        self._ended[execution_id] = execution
        account.happened(
            AutomationEnded(
                account.clock.now,
                name,
                execution_id,
                execution.status,
                execution.outputs,
                execution.failure,
            )
        )

    def _get(self, execution_id: str) -> Reply:
        ended = self._ended.get(execution_id) or self._account.remediator.executions.get(
            execution_id
        )
        name = ended.document if ended else self._started.get(execution_id)
        if name is None:
            return Reply(
                status=400,
                code="AutomationExecutionNotFoundException",
                message=f"Automation execution {execution_id} not found.",
            )
        answer: dict[str, Any] = {
            "AutomationExecutionId": execution_id,
            "DocumentName": name,
            "DocumentVersion": "1",
            "AutomationExecutionStatus": ended.status if ended else "Pending",
        }
        if ended:
            answer["Outputs"] = {key: [str(value)] for key, value in ended.outputs.items()}
            if ended.failure:
                answer["FailureMessage"] = ended.failure
        return Reply({"AutomationExecution": answer})
