"""The operator's commands through their real entry point, against the local account."""

import io
import json
import os
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from types import SimpleNamespace
from unittest.mock import patch

import boto3
import pytest
from botocore.retries.bucket import TokenBucket

from bucketward import _aws
from bucketward_tools.cli import main
from bucketward_tools.local import LocalAccount
from local.deployment import only

OPERATOR = "arn:aws:iam::111122223333:role/Operator"
OPERATOR_SESSION = "arn:aws:sts::111122223333:assumed-role/Operator/session"
PIPELINE = "arn:aws:iam::111122223333:role/pipeline/Deploy"
MALLORY = "arn:aws:iam::111122223333:user/Mallory"
BUCKET = "acme-data"
CONTROLS = ("bucket_drift", "bucket_policy_public", "bucket_public_access_block")
PARAMETERS = {"Remediation": "recommended", "AuthorisedRoles": PIPELINE}


class Asked(io.StringIO):
    """Standard input of somebody who answers after something else happened."""

    def __init__(self, answer, meanwhile):
        super().__init__(answer)
        self._meanwhile = meanwhile

    def readline(self, *arguments):
        self._meanwhile()
        return super().readline(*arguments)


@contextmanager
def session_of_its_own():
    """Keep what --region and the like choose from the next command, as a process would."""
    before = boto3.DEFAULT_SESSION
    try:
        yield
    finally:
        if boto3.DEFAULT_SESSION is not before:
            boto3.DEFAULT_SESSION = before
            _aws.client.cache_clear()


class Operator:
    """Runs ``bucketward`` in this process, as the operator, at the account's time."""

    def __init__(self, account):
        self.account = account
        self.actor = OPERATOR

    def __call__(self, *arguments, answer="", meanwhile=None):
        out, err = io.StringIO(), io.StringIO()
        stdin = Asked(answer, meanwhile) if meanwhile else io.StringIO(answer)
        clock, code = self.account.clock, 0
        with (
            self.account.acting_as(self.actor)
            if isinstance(self.actor, str)
            else self.account.acting(self.actor),
            patch.object(sys, "argv", ["bucketward", *arguments]),
            patch.object(sys, "stdin", stdin),
            patch("time.sleep", clock.sleep),
            patch("time.time", self._time),
            patch.object(TokenBucket, "acquire", lambda *_, **__: True),
            patch.dict(os.environ),
            session_of_its_own(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code or 0
        clock.sleep(1)  # else all that operators do happens within one second
        return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue())

    def _time(self):
        return self.account.clock.now.timestamp()

    def json(self, *arguments):
        ran = self(*arguments, "--format", "json")
        assert ran.err == ""
        return json.loads(ran.out)


def refused(ran, sentence):
    """Whether a command said one sentence on stderr, and ended with status 2."""
    assert ran.code == 2, ran.out
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    return True


@pytest.fixture
def open_account():
    with ExitStack() as opened:

        def open_one(controls=CONTROLS, then=None, **parameters):
            given = {**PARAMETERS, **parameters}
            account = LocalAccount(parameters=given, edit=only(controls, then))
            return opened.enter_context(account)

        yield open_one


def create(account, name=BUCKET, actor=PIPELINE):
    s3 = account.client("s3", actor)
    s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": account.place.region}
    )
    return s3


@pytest.fixture
def account(open_account):
    """Open an account whose one bucket was captured when it had settled."""
    opened = open_account()
    create(opened)
    opened.settle()
    opened.clock.sleep(60)  # else an approval would be of the same second as the capture
    opened.events.clear()
    return opened


@pytest.fixture
def bucketward(account):
    return Operator(account)


def tag(account, value, actor=MALLORY, key="owner"):
    tags = {"TagSet": [{"Key": key, "Value": value}]}
    account.client("s3", actor).put_bucket_tagging(Bucket=BUCKET, Tagging=tags)


def tags(account):
    document = account.snapshot(BUCKET)["tagging"]
    return {each["Key"]: each["Value"] for each in (document or {}).get("TagSet", ())}


def wipe(account, table="Baselines", keys=("bucket", "entry")):
    dynamodb = account.internal("dynamodb")
    name = f"bucketward-{table}"
    for item in dynamodb.scan(TableName=name)["Items"]:
        dynamodb.delete_item(TableName=name, Key={key: item[key] for key in keys})


def written(account):
    """Return the operator's calls that change something, since the events were cleared."""
    from bucketward_tools.local.events import ApiCall

    reads = ("Get", "List", "Describe", "Query", "Scan", "Verify", "Lookup", "Head", "Generate")
    return [
        event.operation
        for event in account.events
        if isinstance(event, ApiCall)
        and "Operator" in event.actor
        and not event.operation.startswith(reads)
    ]
