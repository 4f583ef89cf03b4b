"""The command line in this process, on moto, with every call to AWS written down."""

import json
import sys
from collections import Counter
from types import SimpleNamespace

import boto3
import botocore.handlers
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from bucketward import _aws
from bucketward_tools.cli import main

ACCOUNT = "111122223333"
REGION = "eu-central-1"
READS = ("Get", "List", "Head", "Describe", "AssumeRole")
"""What the names of operations that write nothing begin with."""
ALL_ON = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
    True,
)


class Raw:
    """The body of a response as urllib3 streams it."""

    def __init__(self, body):
        self._body = body

    def stream(self, **_):
        yield self._body


class Aws:
    """What was asked of AWS, and the answers that stand in for moto's.

    ``answers[operation]`` or ``answers[operation, bucket]`` is a response, an error code, a list
    of these to be used up (None: moto answers), or a function of the parameters.
    """

    def __init__(self):
        self.calls, self.answers, self.throttled = [], {}, Counter()

    def of(self, bucket):
        return [name for name, given, _ in self.calls if given.get("Bucket") == bucket]

    def operations(self):
        return {name for name, _, _ in self.calls}

    def send(self, request, **_):
        """Throttle a URL for as many requests as ``throttled`` says, where botocore retries it."""
        for part in self.throttled:
            if part in request.url and self.throttled[part] > 0:
                self.throttled[part] -= 1
                body = b"<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message></Error>"
                return AWSResponse(request.url, 503, {}, Raw(body))
        return None

    def note(self, params, context, **_):
        context["given"] = dict(params)

    def answer(self, model, context, request_signer, **_):
        given = context.get("given", {})
        self.calls.append((model.name, given, request_signer.region_name))
        answer = self.answers.get((model.name, given.get("Bucket")), self.answers.get(model.name))
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if callable(answer):
            answer = answer(given)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            status = {"SlowDown": 503}.get(answer, 403)
            metadata = {"HTTPStatusCode": status, "HTTPHeaders": {}}
            return SimpleNamespace(status_code=status, raw=None, headers={}), {
                "Error": {"Code": answer, "Message": "told so"},
                "ResponseMetadata": metadata,
            }
        if answer is not None:
            return SimpleNamespace(status_code=200, raw=None, headers={}), {
                "ResponseMetadata": {},
                **answer,
            }
        return None


@pytest.fixture
def aws(monkeypatch):
    found = Aws()
    hooks = [
        ("before-send", found.send),
        ("before-parameter-build", found.note),
        ("before-call", found.answer),
    ]
    handlers = [*hooks, *botocore.handlers.BUILTIN_HANDLERS]
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", handlers)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    _aws.client.cache_clear()
    with mock_aws():
        yield found
    _aws.client.cache_clear()


@pytest.fixture
def s3(aws):
    return boto3.client("s3", region_name=REGION)


@pytest.fixture
def make(s3, aws):
    """Make buckets that no control of public access minds, then forget how."""

    def made(*names, region=REGION, **settings):
        client = boto3.client("s3", region_name=region)
        for name in names:
            place = {} if region == "us-east-1" else {"LocationConstraint": region}
            client.create_bucket(
                Bucket=name, **({"CreateBucketConfiguration": place} if place else {})
            )
            client.put_public_access_block(
                Bucket=name, PublicAccessBlockConfiguration={**ALL_ON, **settings}
            )
        aws.calls.clear()

    return made


@pytest.fixture
def run(aws, capsys, monkeypatch):
    """Run ``bucketward``; returns its exit code, and what it wrote."""

    def ran(*arguments):
        monkeypatch.setattr(sys, "argv", ["bucketward", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as error:
            code = error.code or 0
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return SimpleNamespace(code=code, out=out, err=err)

    return ran


@pytest.fixture
def rows(run):
    """Run ``bucketward scan --format json``; returns its exit code and rows."""

    def scanned(*arguments):
        ran = run("scan", "--format", "json", *arguments)
        return SimpleNamespace(code=ran.code, rows=json.loads(ran.out or "[]"), err=ran.err)

    return scanned


HOSTILE = (
    "</script><script>document.title='pwned'</script><img src=x onerror=alert(1)>\u202e\x1b[31m"
)


@pytest.fixture
def hostile(make, s3):
    """Make a bucket with markup, control characters and formulas wherever S3 takes them."""
    make("acme-hostile")
    s3.put_bucket_tagging(
        Bucket="acme-hostile",
        Tagging={"TagSet": [{"Key": "=cmd|' /C calc'!A0", "Value": HOSTILE.replace("\x1b", "")}]},
    )
    statement = {
        "Sid": HOSTILE, "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-hostile/*",
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="acme-hostile", Policy=policy)
    return "acme-hostile"
