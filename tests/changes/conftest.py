"""Records in the shapes that CloudTrail writes, with AWS's example accounts and names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bucketward.changes import Finding, classify

OWNER = "111122223333"
BUCKET = "amzn-s3-demo-bucket"

Record = dict[str, Any]

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def _record(event: str, parameters: object = None, **changed: object) -> Record:
    """Give a successful call by an assumed role; ``changed`` replaces or, with None, adds null."""
    named = {"bucketName": BUCKET, "Host": f"{BUCKET}.s3.eu-west-1.amazonaws.com"}
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLEEXAMPLE:ana",
            "arn": f"arn:aws:sts::{OWNER}:assumed-role/Storage/ana",
            "accountId": OWNER,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "arn": f"arn:aws:iam::{OWNER}:role/teams/Storage",
                    "accountId": OWNER,
                    "userName": "Storage",
                },
                "attributes": {"mfaAuthenticated": "false"},
            },
        },
        "eventTime": "2026-03-04T05:06:07Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": event,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.10",
        "requestParameters": named | parameters if isinstance(parameters, dict) else named,
        "responseElements": None,
        "eventID": "5a1f0d0e-0000-4000-8000-000000000001",
        "readOnly": False,
        "resources": [
            {"accountId": OWNER, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{BUCKET}"}
        ],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": OWNER,
        "eventCategory": "Management",
    } | changed


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    return _record


@pytest.fixture(scope="session")
def cases() -> list[dict[str, Any]]:
    return CASES


@pytest.fixture(scope="session")
def classified() -> Callable[..., list[Finding]]:
    """Give a function that classifies a case, with parts of its record replaced."""

    def classify_case(case: dict[str, Any], **changed: object) -> list[Finding]:
        written = _record(case["event"], case.get("parameters"), **case.get("record", {}))
        return classify(
            written | changed,
            before=case.get("before"),
            account=case.get("account"),
            **case.get("options", {}),
        )

    return classify_case


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that takes a ``case`` over all of ``cases/*.yaml``."""
    if "case" in metafunc.fixturenames:
        ids = [f"{case['event']}: {case['name']}" for case in CASES]
        metafunc.parametrize("case", CASES, ids=ids)
