"""Systems Manager Automation: runs a document of the template, step by step."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .events import Denied

if TYPE_CHECKING:
    from .account import LocalAccount

SERVICE = "ssm.amazonaws.com"
Content = Mapping[str, Any]
_WHOLE = re.compile(r"\{\{\s*([\w:.]+)\s*\}\}")
_STEP_KEYS = {
    "action",
    "description",
    "inputs",
    "isEnd",
    "maxAttempts",
    "name",
    "onFailure",
    "timeoutSeconds",
}


class StepFailed(Exception):  # noqa: N818 - what happened
    """A step did not succeed; the message is what AWS shows as its failure."""


@dataclass(frozen=True, slots=True)
class Execution:
    """How one execution ended: ``status`` as EventBridge writes it."""

    id: str
    document: str
    status: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    failure: str | None = None
    seconds: float = 0.0


class Automation:
    """Starts documents; each step acts as the role that the document assumes."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._actions: dict[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
            "aws:executeScript": _execute_script,
            "aws:invokeLambdaFunction": self._invoke_function,
        }

    def run(self, execution_id: str, name: str, content: Content, given: Content) -> Execution:
        """Run to the end; a failure of any kind is in the execution, not raised."""
        account = self._account
        started = account.clock.now
        try:
            values = parameters(name, content, given)
        except StepFailed as error:  # StartAutomationExecution refuses; there is no execution
            return Execution(execution_id, name, "Failed", failure=str(error))
        outputs: dict[str, Any] = {}
        failure = None
        try:
            values["role"] = self._assume(str(_filled(content.get("assumeRole", ""), values)))
            for step in content["mainSteps"]:
                outputs |= self._step(step, values | outputs)
                if step.get("isEnd"):
                    break
        except StepFailed as error:
            failure = str(error)
        seconds = (account.clock.now - started).total_seconds()
        status = "Failed" if failure else "Success"
        execution = Execution(execution_id, name, status, outputs, failure, seconds)
        self._tell(execution, str(values.get("role", "")))
        return execution

    def _assume(self, role_arn: str) -> str:
        account = self._account
        role = account.wiring.roles.get(role_arn)
        execution = account.place.arn("ssm", "automation-execution/local")
        context = {"aws:SourceAccount": account.place.account, "aws:SourceArn": execution}
        if role is None or not role.trusts(SERVICE, context):
            reason = f"the trust policy of {role_arn} does not allow {SERVICE} to assume it"
            account.happened(Denied(account.clock.now, SERVICE, "sts:AssumeRole", role_arn, reason))
            raise StepFailed(f"The defined assume role is unable to be assumed: {reason}.")
        return role_arn

    def _step(self, step: Content, values: Mapping[str, Any]) -> dict[str, Any]:
        unknown = set(step) - _STEP_KEYS
        if unknown or step.get("onFailure", "Abort") != "Abort" or step.get("maxAttempts", 1) != 1:
            raise NotEmulated(f"Step {step['name']} uses {unknown or 'onFailure or maxAttempts'}.")
        if step["action"] not in self._actions:
            raise NotEmulated(f"Step {step['name']} has the action {step['action']}.")
        inputs = _filled(step.get("inputs", {}), values)
        try:
            found = self._actions[step["action"]](str(values["role"]), inputs)
        except StepFailed as error:
            raise StepFailed(f"Step {step['name']} failed: {error}") from error
        return {f"{step['name']}.{key}": value for key, value in found.items()}

    def _invoke_function(self, role_arn: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        account = self._account
        if inputs.get("InvocationType", "RequestResponse") != "RequestResponse":
            raise NotEmulated(f"InvocationType {inputs['InvocationType']} of a step.")
        function = account.wiring.function(str(inputs["FunctionName"]))
        role = account.wiring.role(role_arn)
        if function is None:
            raise StepFailed(f"Function not found: {inputs['FunctionName']}")
        if not account.allowed(role, "lambda:InvokeFunction", function.arn):
            raise StepFailed(
                f"{role.arn} is not authorized to perform: lambda:InvokeFunction on {function.arn}"
            )
        payload = inputs.get("InputPayload", inputs.get("Payload", {}))
        event = json.loads(payload) if isinstance(payload, str) else payload
        result = account.functions.invoke(function, event, SERVICE)
        if result.error is None:
            return {"StatusCode": "200", "Payload": json.dumps(result.payload)}
        # Whether SSM fails the step here is not documented. The document must not need it.
        error = {"errorMessage": result.error, "errorType": result.kind}
        return {"StatusCode": "200", "FunctionError": "Unhandled", "Payload": json.dumps(error)}

    def _tell(self, execution: Execution, role_arn: str) -> None:
        """Tell EventBridge that the execution ended."""
        place, now = self._account.place, self._account.clock.now
        self._account.bus.put(
            "aws.ssm",
            "EC2 Automation Execution Status-change Notification",
            {
                "ExecutionId": execution.id,
                "Definition": execution.document,
                "DefinitionVersion": 1.0,
                "Status": execution.status,
                "EndTime": now.strftime("%b %-d, %Y, %-I:%M:%S %p"),
                "Time": execution.seconds,
                "ExecutedBy": role_arn,
            },
            [place.arn("ssm", f"automation-execution/{execution.id}")],
        )


def parameters(name: str, content: Content, given: Content) -> dict[str, Any]:
    """Bind the document's parameters, as StartAutomationExecution checks them."""
    declared = content.get("parameters", {})
    if unknown := set(given) - set(declared):
        raise StepFailed(f"Document {name} has no parameter {', '.join(sorted(unknown))}.")
    values: dict[str, Any] = {}
    for parameter, about in declared.items():
        value = given.get(parameter, about.get("default"))
        if value is None:
            raise StepFailed(f"Document {name} needs a value for {parameter}.")
        pattern = about.get("allowedPattern")
        if pattern and not re.search(pattern, str(value)):
            raise StepFailed(f"{parameter} of document {name} is {value!r}, not {pattern}.")
        values[parameter] = value
    return values


def _filled(value: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Replace ``{{ name }}``: a whole text by the value itself, a part of one by its text."""
    match value:
        case dict():
            return {key: _filled(each, values) for key, each in value.items()}
        case list():
            return [_filled(each, values) for each in value]
        case str():
            if whole := _WHOLE.fullmatch(value.strip()):
                return _known(whole[1], values)
            return _WHOLE.sub(lambda match: str(_known(match[1], values)), value)
        case _:
            return value


def _known(name: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if name not in values:
        raise NotEmulated(f"The document refers to {name}, which no step or parameter gives.")
    return values[name]


def _execute_script(role_arn: str, inputs: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    if not str(inputs["Runtime"]).startswith("python3"):
        raise NotEmulated(f"A step's script runs in {inputs['Runtime']}.")
    scope: dict[str, Any] = {}
    try:
        exec(inputs["Script"], scope)  # noqa: S102 - the template's own script
        reply = scope[inputs["Handler"]](inputs["InputPayload"], {})
    except Exception as error:  # whatever a script raises fails its step
        raise StepFailed(f"{type(error).__name__}: {error}") from error
    return {"OutputPayload": json.dumps({"Payload": reply}), "Payload": json.dumps(reply)}
