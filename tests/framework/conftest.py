"""AWS as these tests see it: moto where it is good, and answers of their own where it is not."""

import json
from types import SimpleNamespace

import boto3
import botocore.handlers
import pytest
from framework.samples import ACCOUNT, REGION
from moto import mock_aws

from bucketward import _aws


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


@pytest.fixture
def aws(monkeypatch):
    aws = Aws()
    hooks = [("before-parameter-build", aws.note), ("before-call", aws.answer)]
    monkeypatch.setattr(
        botocore.handlers, "BUILTIN_HANDLERS", [*botocore.handlers.BUILTIN_HANDLERS, *hooks]
    )
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    _aws.client.cache_clear()  # clients of another test know nothing of this one's hooks
    with mock_aws():
        yield aws
    _aws.client.cache_clear()


@pytest.fixture
def s3(aws):
    return boto3.client("s3", REGION)


@pytest.fixture
def context():
    return SimpleNamespace(
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ward",
        aws_request_id="request-1",
    )


@pytest.fixture
def printed(capsys):
    """What the function wrote to its log so far, as dicts."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
