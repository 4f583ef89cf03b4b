"""Lambda: runs the handlers that the template names, as their roles, and delivers their output."""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.retries.bucket import TokenBucket

from bucketward_tools.catalogue import load

from .actors import Actor
from .errors import NotEmulated
from .events import DeadLettered, Denied, Invoked, LogLost, Lost
from .gateway import Principal
from .iam import like

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import LocalAccount
    from .iam import Role
    from .wiring import Function

_SERVICE = "lambda.amazonaws.com"
_RETRY_AFTER = (60, 120)
"""Seconds before an asynchronous event is tried again."""


class _TimedOut(BaseException):
    """Ends a handler from within a wait; not an Exception, so that no handler can catch it."""


@dataclass(frozen=True, slots=True)
class Result:
    payload: Any = None
    error: str | None = None
    kind: str = ""


class Context:
    """What Lambda hands to a handler besides the event."""

    def __init__(self, account: LocalAccount, function: Function, request_id: str) -> None:
        self._clock = account.clock
        self._deadline = account.clock.now + timedelta(seconds=function.timeout)
        self.function_name = function.name
        self.function_version = "$LATEST"
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory)
        self.aws_request_id = request_id
        self.log_group_name = function.log_group
        self.log_stream_name = f"local/[$LATEST]{function.logical_id}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - self._clock.now).total_seconds() * 1000))

    def time(self) -> float:
        """Return the virtual time, as `time.time` would the real one."""
        return self._clock.now.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass, up to the function's timeout."""
        self._clock.sleep(seconds)
        if self._clock.now >= self._deadline:
            raise _TimedOut


class Functions:
    """The functions of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def permits(self, function: Function, service: str, source_arn: str) -> bool:
        """Whether the function's resource policy lets a service invoke it for this account."""
        account = self._account.place.account
        return any(
            permission.function in {function.name, function.arn}
            and like(permission.action, "lambda:InvokeFunction")
            and permission.principal == service
            and permission.account in {None, account}
            and (permission.source_arn is None or like(permission.source_arn, source_arn))
            for permission in self._account.wiring.permissions
        )

    def invoke_asynchronously(
        self, function: Function, event: Mapping[str, Any], trigger: str, attempt: int = 1
    ) -> None:
        """Invoke, retry twice on failure, then send the event to the dead-letter queue."""
        result = self.invoke(function, event, trigger, attempt)
        if result.error is None:
            return
        if attempt <= function.retries:
            self._account.clock.later(
                _RETRY_AFTER[attempt - 1],
                lambda: self.invoke_asynchronously(function, event, trigger, attempt + 1),
            )
        else:
            self._dead_letter(function, event, result.error)

    def invoke(
        self, function: Function, event: Mapping[str, Any], trigger: str, attempt: int = 1
    ) -> Result:
        """Run the handler once, in a new request but in the process that is there already."""
        account = self._account
        role = account.wiring.role(function.role_arn)
        request_id = account.identifier("request")
        context = Context(account, function, request_id)
        if role.trusts(_SERVICE, {}):
            result, output = self._run(function, role, context, event)
            self._log(function, role, context, output)
        else:
            result = Result(error=f"{_SERVICE} may not assume {role.arn}", kind="AccessDenied")
            account.happened(
                Denied(account.clock.now, _SERVICE, "sts:AssumeRole", role.arn, result.error or "")
            )
        account.happened(
            Invoked(
                account.clock.now,
                function.name,
                trigger,
                request_id,
                attempt,
                result.payload,
                result.error,
            )
        )
        return result

    def _run(
        self, function: Function, role: Role, context: Context, event: Mapping[str, Any]
    ) -> tuple[Result, str]:
        account, output = self._account, StringIO()
        session = f"arn:{account.place.partition}:sts::{account.place.account}:assumed-role"
        # Lambda names the session after the function.
        actor = Actor(role.arn, session=function.name, address="203.0.113.21")
        principal = Principal(f"{session}/{role.name}/{function.name}", role, actor=actor)
        with account.acting(principal), _runtime(function, context, account.place.region, output):
            result = _handle(function, json.loads(json.dumps(event)), context)
        account.check()
        return result, output.getvalue()

    def _log(self, function: Function, role: Role, context: Context, output: str) -> None:
        """Write the output to CloudWatch Logs, which Lambda does with the function's role."""
        account = self._account
        stream = f"log-group:{function.log_group}:log-stream:{context.log_stream_name}"
        needed = ["logs:CreateLogStream", "logs:PutLogEvents"]
        if function.log_group not in account.wiring.log_groups:
            needed.insert(0, "logs:CreateLogGroup")
        for action in needed:
            if not account.allowed(role, action, account.place.arn("logs", stream)):
                account.happened(LogLost(account.clock.now, function.name, f"{action} is denied"))
                return
        account.logs.write(function, output)

    def _dead_letter(self, function: Function, event: Mapping[str, Any], error: str) -> None:
        account = self._account
        role = account.wiring.role(function.role_arn)
        queue = account.wiring.queues.get(function.dead_letters or "")
        if queue is None:
            reason = "the function has no dead-letter queue in the template"
        elif not account.allowed(role, "sqs:SendMessage", queue.arn):
            reason = f"{role.name} may not send to {queue.name}"
        else:
            account.internal("sqs").send_message(QueueUrl=queue.url, MessageBody=json.dumps(event))
            account.happened(
                DeadLettered(account.clock.now, queue.name, function.name, event, error)
            )
            return
        account.happened(Lost(account.clock.now, function.name, event, reason))


def _handle(function: Function, event: Any, context: Context) -> Result:  # noqa: ANN401
    try:
        handler = getattr(load(function.module), function.attribute)
        payload = handler(event, context)
    except _TimedOut:
        return Result(
            error=f"Task timed out after {function.timeout:.2f} seconds", kind="Sandbox.Timedout"
        )
    except NotEmulated:
        raise
    except Exception as error:  # noqa: BLE001 - as Lambda's runtime does
        return Result(error=str(error), kind=type(error).__name__)
    try:
        return Result(json.loads(json.dumps(payload)))
    except (TypeError, ValueError) as error:
        return Result(error=f"Unable to marshal response: {error}", kind="Runtime.MarshalError")


@contextmanager
def _runtime(function: Function, context: Context, region: str, output: StringIO) -> Iterator[None]:
    """Set environment variables and standard output up, and let waits take virtual time."""
    environment = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": context.log_stream_name,
        **function.environment,
    }
    with (
        patch.dict(os.environ, environment),
        patch("time.sleep", context.sleep),
        patch("time.time", context.time),
        # What adaptive retries wait for is a condition variable, which knows real time only.
        patch.object(TokenBucket, "acquire", lambda *_, **__: True),
        redirect_stdout(output),
        _logging_to(output),
    ):
        yield


@contextmanager
def _logging_to(output: StringIO) -> Iterator[None]:
    """Turn the framework's log, whose stream was chosen at import, to this function's output."""
    from bucketward._log import logger

    handlers = [h for h in logger.handlers if isinstance(h, logging.StreamHandler)]
    streams = [handler.stream for handler in handlers]
    # Not by setStream, which flushes the one before: it may be closed by now.
    try:
        for handler in handlers:
            handler.stream = output
        yield
    finally:
        for handler, stream in zip(handlers, streams, strict=True):
            handler.stream = stream
