"""Stand in front of moto: every call of every client in this process passes here.

botocore fires events around a call: the parameters, the HTTP request, the parsed answer. The
handlers below are among those that every new client gets, and one of them takes the place of
moto's own, so that a call which is refused never reaches moto.
"""

from __future__ import annotations

import json
import threading
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel

    from .actors import Actor
    from .iam import Role

Document = Any
_CALL, ACTOR = "bucketward_call", "bucketward_actor"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. Only the roles of the template are checked; AWS itself is not even recorded."""

    arn: str
    role: Role | None = None
    internal: bool = False
    actor: Actor | None = None
    """What CloudTrail writes of who it is; None for AWS itself."""


@dataclass(slots=True)
class Call:
    principal: Principal
    service: str
    operation: str
    params: Mapping[str, Any]
    protocol: str
    read_timeout: float
    region: str = ""
    request: AWSPreparedRequest | None = None
    """The last HTTP request of the call, None as long as none was sent."""

    @property
    def bucket(self) -> str | None:
        return self.params.get("Bucket") if self.service == "s3" else None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer given here instead of moto: a document, or an error with its code."""

    document: Document = None
    status: int = 200
    code: str = ""
    message: str = ""


class Account(Protocol):
    """What the gateway asks of the account that is open."""

    @property
    def principal(self) -> Principal: ...
    def answer(self, call: Call) -> Reply | None:
        """Answer instead of moto, or None."""

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Look at moto's answer, and correct it."""

    def failed(self, call: Call, error: Exception) -> None:
        """Hear of a call that got no answer."""

    def broken(self, error: Exception) -> None:
        """Hear of a fault of the account itself, which nobody may swallow."""


class Gateway:
    """Connects botocore's events to the account that is open, and to moto."""

    def __init__(self) -> None:
        self.account: Account | None = None
        self._local = threading.local()
        # A handler may call from threads; neither moto nor the account expects that. Reentrant,
        # as the account makes calls of its own while it answers one.
        self._lock = threading.RLock()

    @property
    def _calls(self) -> list[Call]:
        """The calls under way in this thread: getting credentials is a call within a call."""
        if not hasattr(self._local, "calls"):
            self._local.calls = []
        return self._local.calls  # type: ignore[no-any-return]

    def parameters(
        self,
        params: Mapping[str, Any],
        model: OperationModel,
        context: dict[str, Any],
        **_: object,
    ) -> None:
        if self.account is not None:
            context[_CALL] = Call(
                context.get(ACTOR) or self.account.principal,
                model.service_model.service_name,
                model.name,
                {k: v if k == "Body" else deepcopy(v) for k, v in params.items()},
                model.service_model.resolved_protocol,
                context["client_config"].read_timeout,
                context["client_config"].region_name,
            )

    def begin(self, context: Mapping[str, Any], **_: object) -> None:
        if _CALL in context:
            self._calls.append(context[_CALL])

    def send(self, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if self.account is not None and self._calls:
            with self._lock:
                return self._answer(self.account, event_name, request)
        return botocore_stubber(event_name, request)

    def _answer(
        self, account: Account, event_name: str, request: AWSPreparedRequest
    ) -> AWSResponse | None:
        call = self._calls[-1]
        call.request = request
        try:
            reply = account.answer(call)
            if reply is not None:
                return _response(request.url, call, reply)
        except NotEmulated as error:
            account.broken(error)
            raise
        return botocore_stubber(event_name, request)

    def end(
        self,
        parsed: dict[str, Any],
        context: Mapping[str, Any],
        **_: object,
    ) -> None:
        if _CALL in context:
            self._calls.pop()
            if self.account is not None:
                with self._lock:
                    self.account.answered(context[_CALL], parsed)

    def fail(self, exception: Exception, context: Mapping[str, Any], **_: object) -> None:
        if _CALL in context:
            self._calls.pop()
            if self.account is not None:
                with self._lock:
                    self.account.failed(context[_CALL], exception)


def _response(url: str, call: Call, reply: Reply) -> AWSResponse:
    """Write the answer as the service does, so that the client parses and retries as usual."""
    if call.protocol == "rest-xml" and reply.code:
        content = "application/xml"
        body = (
            f"<Error><Code>{escape(reply.code)}</Code>"
            f"<Message>{escape(reply.message)}</Message></Error>"
        )
    elif call.protocol == "rest-xml":
        content, body = "application/xml", ""  # the front fills the document in
    elif call.protocol == "query" and reply.code:
        content = "text/xml"
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{escape(reply.code)}</Code>"
            f"<Message>{escape(reply.message)}</Message></Error></ErrorResponse>"
        )
    elif call.protocol == "query":
        content, result = "text/xml", f"{call.operation}Result"
        written = f"<{result}>{_xml(reply.document)}</{result}>"
        body = f"<{call.operation}Response>{written}</{call.operation}Response>"
    elif call.protocol in {"json", "rest-json"}:
        content = "application/x-amz-json-1.1"
        error = {"__type": reply.code, "message": reply.message}
        body = json.dumps(error if reply.code else reply.document)
    else:
        raise NotEmulated(f"The account cannot answer {call.service} in {call.protocol}.")
    headers = {"Content-Type": content}
    if call.protocol == "rest-json" and reply.code:
        headers["x-amzn-ErrorType"] = reply.code
    return AWSResponse(url, reply.status, headers, MockRawResponse(body))


def _xml(value: Any) -> str:  # noqa: ANN401 - JSON
    """Write a document as the query protocol does."""
    match value:
        case dict():
            return "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in value.items())
        case list():
            return "".join(f"<member>{_xml(each)}</member>" for each in value)
        case _:
            return escape(str(value))


gateway = Gateway()
_own = [
    ("provide-client-params", gateway.parameters),
    ("before-call", gateway.begin),
    ("before-send", gateway.send),
    ("after-call", gateway.end),
    ("after-call-error", gateway.fail),
]
# In moto's place: botocore asks all handlers of before-send, and moto must not act on a call that
# was refused.
_moto = BUILTIN_HANDLERS.index(("before-send", botocore_stubber))
BUILTIN_HANDLERS[_moto : _moto + 1] = _own
