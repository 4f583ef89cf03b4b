"""Rules in Lambda: judging, importing, answering one event.

The items are made here, of the size that a busy bucket has. Imports are timed in fresh
interpreters, turn by turn, against ``import boto3`` alone in the same layer.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any

from bucketward import POLICY, Bucket, Rule, Verdict
from bucketward_tools.catalogue import ROOT, controls

from .figure import Figure
from .layer import built

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROUNDS = 15
BAR, REVERT_BAR = 1.25, 1.5
"""A remediation has the guard as well, and its automation takes seconds to start anyway."""
_IMPORTED: dict[str, dict[str, float | None]] = {
    "rules": {
        "bucket_public_access_block": BAR,
        "bucket_encryption": BAR,
        "bucket_versioning": BAR,
        "bucket_logging": BAR,
        "bucket_policy_public": None,
        "bucket_drift": None,
        "account_public_access_block": None,
    },
    "remediations": {
        "bucket_public_access_block": REVERT_BAR,
        "bucket_versioning": REVERT_BAR,
        "bucket_policy_public": None,
        "bucket_drift": None,
    },
    "monitors": {"change_monitor": None, "reconciler": None},
}
"""The handlers whose imports are timed, with their bars; those without bring what judges policies,
or all that is known of CloudTrail's records."""


def figures() -> Iterator[Figure]:
    yield from _judging()
    with tempfile.TemporaryDirectory() as folder:
        yield from _importing(built(folder))
    yield from _answering()


def _judging() -> Iterator[Figure]:
    item = _item()
    for stem, control in controls().items():
        if control.rule.live or control.rule.subject is not Bucket:
            continue  # waits for AWS, whatever its own cost
        parsed = Bucket.from_configuration_item(item)
        control.rule.judge(parsed)
        alone = _median(partial(control.rule.judge, parsed))
        both = _median(partial(_parse_and_judge, control.rule, item))
        # Judging a policy has bars of its own, see policy_speed; here it has forty statements.
        judges_policy = POLICY in control.rule.reads
        most, most_with_item = (None, None) if judges_policy else (50, 200)
        yield Figure(f"{stem}: evaluate", alone * 1e6, "µs", most=most)
        yield Figure(f"{stem}: parse the item and evaluate", both * 1e6, "µs", most=most_with_item)


def _parse_and_judge(rule: Rule, item: dict[str, Any]) -> Verdict:
    return rule.judge(Bucket.from_configuration_item(item))


def _median(call: Callable[[], object], rounds: int = 2000) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _importing(layer: str) -> Iterator[Figure]:
    """Import every handler as packaged, paired with boto3 alone."""
    for folder, stems in _IMPORTED.items():
        for stem, most in stems.items():
            alone, whole = [], []
            for _ in range(_ROUNDS):
                alone.append(_import_time(layer, folder, "import boto3"))
                whole.append(_import_time(layer, folder, f"import {stem}; {_LOADED[folder]}"))
            name = f"{folder}/{stem}: import for one event / import boto3"
            # A busy machine only ever adds to a time, so the best of each compares the work.
            yield Figure(name, min(whole) / min(alone), "times", most=most)


# The handlers import what a path needs when it runs, so importing the module is not all.
_STORED = "from bucketward.baseline import decisions"
_LOADED = {
    "rules": _STORED,
    "remediations": f"{_STORED}, records",
    "monitors": f"{_STORED}, records, baselines; import bucketward.policy",
}


def _import_time(layer: str, folder: str, statement: str) -> float:
    # CPU time: waiting for a busy machine is not ours.
    code = f"import time; s = time.process_time(); {statement}; print(time.process_time() - s)"
    environment = {
        "PYTHONPATH": f"{layer}{os.pathsep}{ROOT / folder}",
        "PATH": os.environ["PATH"],
        "AWS_LAMBDA_FUNCTION_NAME": "bench",  # so that all is imported in the init phase
    }
    ran = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-S", "-c", code],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(ran.stdout)


def _answering() -> Iterator[Figure]:
    """Call a warm handler with AWS Config answered inside the process."""
    from botocore.awsrequest import AWSResponse

    from bucketward import _aws

    os.environ |= {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    calls: list[str] = []

    def answer(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's own
        calls.append(request.headers["X-Amz-Target"].decode())
        return AWSResponse(request.url, 200, {}, _Body(b'{"FailedEvaluations": []}'))

    _aws.client("config", None, None).meta.events.register("before-send.config.*", answer)
    event = {
        "invokingEvent": json.dumps(
            {"messageType": "ConfigurationItemChangeNotification", "configurationItem": _item()}
        ),
        "resultToken": "TESTMODE",
        "eventLeftScope": False,
        "executionRoleArn": "",
        "ruleParameters": "{}",
    }
    with redirect_stdout(StringIO()):
        controls()["bucket_versioning"].rule(event, None)
        calls.clear()
        took = _median(lambda: controls()["bucket_versioning"].rule(event, None), rounds=300)
    per_event = len(calls) / 300
    yield Figure("warm handler, AWS Config stubbed", took * 1e3, "ms", most=3)
    yield Figure("AWS calls an ordinary change event", per_event, most=1)


class _Body:
    """A response body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._content


def _item() -> dict[str, Any]:
    statements = [
        {
            "Sid": f"Partner{number}",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{100000000000 + number}:root"},
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
        }
        for number in range(40)
    ]
    return {
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "acme-data",
        "resourceName": "acme-data",
        "ARN": "arn:aws:s3:::acme-data",
        "awsAccountId": "111122223333",
        "awsRegion": "eu-central-1",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
        "configurationStateId": 1767225600000,
        "tags": {},
        "configuration": {"name": "acme-data"},
        "supplementaryConfiguration": {
            "AccessControlList": json.dumps(
                {
                    "grantSet": None,
                    "grantList": [{"grantee": {"id": "a" * 64}, "permission": "FullControl"}],
                    "owner": {"id": "a" * 64},
                }
            ),
            "BucketAccelerateConfiguration": {"status": None},
            "BucketLoggingConfiguration": {
                "destinationBucketName": "acme-logs", "logFilePrefix": "acme-data/",
            },
            "BucketNotificationConfiguration": {"configurations": {}},
            "BucketPolicy": {
                "policyText": json.dumps({"Version": "2012-10-17", "Statement": statements})
            },
            "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": None},
            "IsRequesterPaysEnabled": False,
            "PublicAccessBlockConfiguration": {
                "blockPublicAcls": True, "ignorePublicAcls": True,
                "blockPublicPolicy": True, "restrictPublicBuckets": True,
            },
            "ServerSideEncryptionConfiguration": {
                "rules": [
                    {
                        "applyServerSideEncryptionByDefault": {
                            "sseAlgorithm": "AES256", "kmsMasterKeyID": None,
                        },
                        "bucketKeyEnabled": False,
                    }
                ]
            },
        },
    }  # fmt: skip
