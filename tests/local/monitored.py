"""An account with tests/local/monitor.yaml, and handlers that a test writes."""

import sys
from contextlib import contextmanager
from pathlib import Path

from bucketward_tools.local import LocalAccount

TEMPLATE = Path(__file__).with_name("monitor.yaml")
NOTHING = "def monitor(event, context): pass\n"
REST = """
def reconcile(event, context): return event
def sweep(event, context): return event
"""
HERE = {"LocationConstraint": "eu-central-1"}
BUCKET = "acme-lake"


@contextmanager
def monitored(folder, source=NOTHING, **options):
    """Open the account; ``source`` is the module of the functions, monitor at least."""
    (folder / "template.yaml").write_text(TEMPLATE.read_text())
    (folder / "code").mkdir(exist_ok=True)
    (folder / "code" / "handler.py").write_text(REST + source)
    try:
        with LocalAccount(path=folder / "template.yaml", **options) as account:
            yield account
    finally:
        sys.modules.pop("code.handler", None)


def bucket(account, name=BUCKET, actor=None):
    s3 = account.client("s3", actor)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
    return s3


def call(account, source):
    """Run a statement as the monitor's role; ``client`` makes a client, ``env`` has the names."""
    from bucketward_tools.catalogue import load

    function = account.wiring.function_of("Monitor")
    module = load(function.module)
    module.monitor = _run
    return account.functions.invoke(function, source, "test")


def _run(event, context):
    import json
    import os

    import boto3

    scope = {"client": boto3.client, "env": os.environ, "json": json}
    exec(event, scope)
    return json.loads(json.dumps(scope.get("found"), default=str))
