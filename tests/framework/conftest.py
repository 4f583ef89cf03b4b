"""AWS as these tests see it: moto where it is good, and answers of their own where it is not."""

import json
import sys
from types import SimpleNamespace

import boto3
import botocore.handlers
import pytest
from moto import mock_aws

from bucketward import _aws, _log
from framework.samples import ACCOUNT, REGION


class Aws:
    """Every call that any client makes, and the answers that stand in for moto's.

    ``answers[operation]`` is a response, a list of them to be used up, an error code, or a
    function of the parameters that returns one of these. Hooked in where botocore would send.
    """

    def __init__(self):
        self.calls, self.answers, self.clients = [], {}, []

    def operations(self, *services):
        return [name for service, name, _ in self.calls if not services or service in services]

    def parameters(self, operation):
        return [given for _, name, given in self.calls if name == operation]

    def note(self, params, context, **_):
        context["given"] = params

    def answer(self, model, context, request_signer, **_):
        service, given = model.service_model.service_name, context["given"]
        self.calls.append((service, model.name, given))
        self.clients.append((service, request_signer.region_name))
        answer = self.answers.get(model.name)
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer = answer(given)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            return SimpleNamespace(status_code=400, raw=None), {
                "Error": {"Code": answer, "Message": "no"},
                "ResponseMetadata": {},
            }
        if answer is not None:
            return SimpleNamespace(status_code=200, raw=None), {"ResponseMetadata": {}, **answer}
        return None


@pytest.fixture(scope="session")
def hooked():
    """One session for all tests, as making one takes longer than most tests."""
    hub = SimpleNamespace(aws=Aws())

    def note(**given):
        return hub.aws.note(**given)

    def answer(**given):
        return hub.aws.answer(**given)

    hub.hooks = [("before-parameter-build", note), ("before-call", answer)]
    hub.session = boto3.Session(region_name=REGION)
    for name, hook in hub.hooks:
        hub.session.events.register(name, hook)
    return hub


@pytest.fixture(scope="module", autouse=True)
def clients():
    """Clients that another module's tests made know nothing of these hooks."""
    _aws.client.cache_clear()
    yield
    _aws.client.cache_clear()


@pytest.fixture
def aws(hooked, monkeypatch):
    hooked.aws = Aws()
    handlers = [*botocore.handlers.BUILTIN_HANDLERS, *hooked.hooks]
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", handlers)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", hooked.session)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    with mock_aws():
        yield hooked.aws


@pytest.fixture
def s3(aws):
    return _aws.client("s3")


@pytest.fixture
def context():
    return SimpleNamespace(
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ward",
        aws_request_id="request-1",
    )


@pytest.fixture
def printed(capsys, monkeypatch):
    """Return what the function wrote to its log since the last call, as dicts."""

    def write(text):
        # The handler keeps the stream that was standard output when it was made, long ago.
        sys.stdout.write(text)

    now = SimpleNamespace(write=write, flush=lambda: None)
    for handler in _log.logger.handlers:
        monkeypatch.setattr(handler, "stream", now)
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
