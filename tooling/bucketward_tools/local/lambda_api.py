"""Lambda's API: what the template's functions look like, and what somebody does to them.

A stand-in: moto would run functions in Docker. Source: the Lambda API reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .account import LocalAccount
    from .wiring import Function, Permission
    from .wiring_sources import EventSource


class LambdaApi:
    """Answers for the functions, their permissions and their event sources."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._reserved: dict[str, int] = {}
        self._operations: dict[str, Callable[[Function, Mapping[str, Any]], Reply]] = {
            "GetFunction": self._function,
            "GetFunctionConcurrency": self._concurrency,
            "GetFunctionConfiguration": lambda function, _: Reply(_configuration(function)),
            "GetPolicy": self._policy,
            "PutFunctionConcurrency": self._reserve,
            "RemovePermission": self._remove_permission,
        }

    def answer(self, call: Call) -> Reply:
        params, account = call.params, self._account
        if call.operation == "ListEventSourceMappings":
            found = [each for each in account.sources.known if self._wanted(each, params)]
            return Reply({"EventSourceMappings": [self._mapping(each) for each in found]})
        if call.operation.endswith("EventSourceMapping"):
            return self._source(call)
        function = account.wiring.function(_unqualified(str(params.get("FunctionName", ""))))
        if function is None:
            return _missing("Function not found")
        if call.operation not in self._operations:
            raise NotEmulated(f"Lambda's {call.operation} is not emulated.")
        return self._operations[call.operation](function, params)

    def _function(self, function: Function, _: Mapping[str, Any]) -> Reply:
        code = {"RepositoryType": "S3", "Location": ""}
        return Reply({"Configuration": _configuration(function), "Code": code, "Tags": {}})

    def _concurrency(self, function: Function, _: Mapping[str, Any]) -> Reply:
        name = function.name
        known = name in self._reserved
        return Reply({"ReservedConcurrentExecutions": self._reserved[name]} if known else {})

    def _reserve(self, function: Function, params: Mapping[str, Any]) -> Reply:
        """Keep the number; that functions are throttled by it is not emulated."""
        self._reserved[function.name] = params["ReservedConcurrentExecutions"]
        return self._concurrency(function, params)

    def _policy(self, function: Function, _: Mapping[str, Any]) -> Reply:
        known = self._permissions(function)
        if not known:
            return _missing("The resource you requested does not exist.")
        statements = [_statement(each, function) for each in known]
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        return Reply({"Policy": json.dumps(policy), "RevisionId": "local"})

    def _remove_permission(self, function: Function, params: Mapping[str, Any]) -> Reply:
        known = self._permissions(function)
        gone = [each for each in known if each.sid == params["StatementId"]]
        for each in gone:
            self._account.wiring.permissions.remove(each)
        return Reply({}, status=204) if gone else _missing("No such statement.")

    def _permissions(self, function: Function) -> list[Permission]:
        known = self._account.wiring.permissions
        return [each for each in known if each.function in {function.name, function.arn}]

    def _wanted(self, source: EventSource, params: Mapping[str, Any]) -> bool:
        function = self._account.wiring.function(source.function)
        name = _unqualified(str(params.get("FunctionName", source.function)))
        return function is not None and (
            name in {function.name, function.arn}
            and params.get("EventSourceArn", source.queue) == source.queue
        )

    def _source(self, call: Call) -> Reply:
        sources, params = self._account.sources, call.params
        source = next((each for each in sources.known if each.id == params.get("UUID")), None)
        if source is None:
            return _missing("The resource you requested does not exist.")
        match call.operation:
            case "GetEventSourceMapping":
                pass
            case "UpdateEventSourceMapping" if set(params) == {"UUID", "Enabled"}:
                sources.switch(source, enabled=params["Enabled"])
            case "DeleteEventSourceMapping":
                answer = self._mapping(source) | {"State": "Deleting"}
                del sources.enabled[source.id]
                return Reply(answer, status=202)
            case _:
                raise NotEmulated(f"Lambda's {call.operation} with {sorted(params)}.")
        return Reply(self._mapping(source))

    def _mapping(self, source: EventSource) -> dict[str, Any]:
        function = self._account.wiring.function(source.function)
        return {
            "UUID": source.id,
            "BatchSize": source.batch,
            "MaximumBatchingWindowInSeconds": int(source.window),
            "EventSourceArn": source.queue,
            "FunctionArn": function.arn if function else source.function,
            "State": "Enabled" if self._account.sources.enabled[source.id] else "Disabled",
            "StateTransitionReason": "USER_INITIATED",
            "FunctionResponseTypes": ["ReportBatchItemFailures"] if source.partial else [],
        }


def _configuration(function: Function) -> dict[str, Any]:
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Role": function.role_arn,
        "Handler": f"{function.module.stem}.{function.attribute}",
        "Timeout": function.timeout,
        "MemorySize": function.memory,
        "Version": "$LATEST",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Environment": {"Variables": dict(function.environment)},
        "LoggingConfig": {"LogGroup": function.log_group},
    }


def _statement(permission: Permission, function: Function) -> dict[str, Any]:
    """Write a permission as the statement of the function's resource policy that it is."""
    condition: dict[str, dict[str, str]] = {}
    if permission.account:
        condition["StringEquals"] = {"AWS:SourceAccount": permission.account}
    if permission.source_arn:
        condition["ArnLike"] = {"AWS:SourceArn": permission.source_arn}
    return {
        "Sid": permission.sid,
        "Effect": "Allow",
        "Principal": {"Service": permission.principal},
        "Action": permission.action,
        "Resource": function.arn,
        **({"Condition": condition} if condition else {}),
    }


def _unqualified(name: str) -> str:
    return name.removesuffix(":$LATEST")


def _missing(message: str) -> Reply:
    return Reply(status=404, code="ResourceNotFoundException", message=message)
