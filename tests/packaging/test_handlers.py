"""Every packaged handler imports and answers where there is the layer and its own code only."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bucketward import Bucket
from bucketward_tools.catalogue import controls

BUCKET = "acme-data"
ACCOUNT = "111122223333"
NOTHING_SET = {
    "AccessControlList": json.dumps({"grantSet": None, "owner": {"id": "a" * 64}, "grantList": []}),
    "BucketAccelerateConfiguration": {"status": None},
    "BucketLoggingConfiguration": {"destinationBucketName": None, "logFilePrefix": None},
    "BucketNotificationConfiguration": {"configurations": {}},
    "BucketPolicy": {"policyText": None},
    "BucketVersioningConfiguration": {"status": "Off", "isMfaDeleteEnabled": None},
    "IsRequesterPaysEnabled": False,
}
"""The supplementary configuration of a bucket without any setting."""
INVOKING_EVENT = {
    "messageType": "ConfigurationItemChangeNotification",
    "notificationCreationTime": "2026-02-01T10:00:02.000Z",
    "recordVersion": "1.3",
    "configurationItemDiff": None,
    "configurationItem": {
        "ARN": f"arn:aws:s3:::{BUCKET}",
        "awsAccountId": ACCOUNT,
        "awsRegion": "eu-central-1",
        "configuration": {"name": BUCKET},
        "configurationItemCaptureTime": "2026-02-01T10:00:00.000Z",
        "configurationItemStatus": "OK",
        "configurationStateId": "1769940000000",
        "resourceId": BUCKET,
        "resourceName": BUCKET,
        "resourceType": "AWS::S3::Bucket",
        "supplementaryConfiguration": NOTHING_SET,
        "tags": {},
    },
}
STORE = {
    "BUCKETWARD_STACK": f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/acme/1",
    "BUCKETWARD_BASELINES": "acme-Baselines",
    "BUCKETWARD_DECISIONS": "acme-Decisions",
    "BUCKETWARD_RECORDS": "acme-Records",
    "BUCKETWARD_KEY": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1",
    "BUCKETWARD_BUS": "acme-alerts",
}
"""The environment that the template gives to every function."""
REMEDIATED = [stem for stem, control in controls().items() if control.remediation]


INVOKE = Path(__file__).with_name("invoke.py")


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory):
    """Keep compiled modules between invocations, away from the layer."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def invoke(built, layer, aws, bytecode, tmp_path):
    """Return a function that invokes a handler and looks where its modules came from."""
    python = (sys.executable, "-I", "-S", "-X", f"pycache_prefix={bytecode}")

    def invoked(function, handler, event):
        code = built / function
        done = subprocess.run(
            [*python, INVOKE, code, layer, handler, json.dumps(event)],
            cwd=tmp_path,
            env={
                "AWS_ENDPOINT_URL": aws[0],
                "AWS_REGION": "eu-central-1",
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_LAMBDA_FUNCTION_NAME": function,
                **STORE,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        reply = json.loads(done.stdout.splitlines()[-1])
        allowed = (str(layer), str(code), str(INVOKE), sysconfig.get_path("stdlib"))
        strangers = {
            name
            for name in reply.pop("files")
            if not name.startswith(allowed) or "site-packages" in name
        }
        assert strangers == set()
        return reply

    return invoked


@pytest.mark.parametrize("stem", controls())
def test_a_packaged_rule_reports_its_verdict(invoke, aws, stem):
    control = controls()[stem]
    event = {
        "invokingEvent": json.dumps(INVOKING_EVENT),
        "ruleParameters": "{}",
        "resultToken": stem,
        "eventLeftScope": False,
        "accountId": ACCOUNT,
        "configRuleName": stem,
    }
    reply = invoke(f"{control.name}RuleFunction", f"{stem}.rule", event)
    assert reply["returned"]["control"] == stem
    assert reply["returned"]["resource_id"] == (ACCOUNT if control.rule.of_account else BUCKET)
    [reported] = [
        body["Evaluations"]
        for what, body in aws[1]()
        if what == "PutEvaluations" and body["ResultToken"] == stem
    ]
    assert reported[0]["ComplianceType"] == reply["returned"]["compliance"]


@pytest.mark.parametrize("stem", REMEDIATED)
def test_a_packaged_remediation_has_an_outcome_or_says_why_not(invoke, stem):
    control = controls()[stem]
    of_bucket = control.remediation.subject is Bucket
    bucket = f"{BUCKET}-{stem.replace('_', '-')}" if of_bucket else ACCOUNT
    function = f"{control.name}RemediationFunction"
    reply = invoke(function, f"{stem}.remediation", {"ResourceId": bucket})
    if "returned" in reply:
        noun = control.remediation.subject.NOUN
        assert (reply["returned"]["control"], reply["returned"][noun]) == (stem, bucket)
    else:
        assert (reply["module"], reply["raised"]) == ("bucketward.errors", "Refused")
        assert bucket in reply["message"] or not of_bucket


def test_a_packaged_remediation_changes_the_bucket_and_looks_again(invoke, aws):
    bucket = "acme-drifted"
    event = {"ResourceId": bucket}
    handler = "bucket_versioning.remediation"
    reply = invoke("BucketVersioningRemediationFunction", handler, event)
    assert reply["returned"]["calls"] == ["PutBucketVersioning"]
    assert reply["returned"]["after"] == {"versioning": {"Status": "Enabled"}}
    [written] = [body for what, body in aws[1]() if what == f"/{bucket}?versioning"]
    assert "<Status>Enabled</Status>" in written


CHANGE = {
    "source": "aws.s3",
    "detail-type": "AWS API Call via CloudTrail",
    "detail": {
        "eventTime": "2026-02-01T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteBucketPolicy",
        "awsRegion": "eu-central-1",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/mallory",
            "accountId": ACCOUNT,
        },
        "requestParameters": {"bucketName": BUCKET},
        "eventID": "8c3e7c1c-9a5f-4f5c-8e0f-3b1f5f6b7a2d",
        "readOnly": False,
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
    },
}


def test_the_packaged_change_monitor_remembers_a_change_and_tells_of_it(invoke, aws):
    bodies = {"good": json.dumps(CHANGE), "bad": "{}"}
    records = [
        {"messageId": name, "body": body, "eventSource": "aws:sqs"} for name, body in bodies.items()
    ]
    event = {"Records": records}
    reply = invoke("ChangeMonitorFunction", "change_monitor.monitor", event)
    assert reply["returned"] == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    written = aws[1]()
    subjects = [body["Item"]["subject"] for what, body in written if what == "PutItem"]
    assert {"S": f"change#{BUCKET}"} in subjects
    entries = [each for what, body in written if what == "PutEvents" for each in body["Entries"]]
    told = [json.loads(each["Detail"]) for each in entries if "Alert" in each["DetailType"]]
    # The reconciler, if it was called before, told of something that nobody did.
    assert any("mallory" in each["actor"]["text"] for each in told if each.get("actor"))


def test_the_packaged_reconciler_looks_at_the_watchers(invoke):
    reply = invoke("ReconcilerFunction", "reconciler.reconciler", {"sweep": False})
    assert reply["returned"]["watchersOff"] == 2, "neither a recorder nor a trail is there"


def test_a_rule_cannot_import_what_is_not_packaged_with_it(invoke):
    """The packaging is the architecture: rules/ is neither remediations/ nor tooling/."""
    event = {"ResourceId": BUCKET}
    with pytest.raises(AssertionError, match=r"has no attribute 'remediation'"):
        invoke("BucketVersioningRuleFunction", "bucket_versioning.remediation", event)
    with pytest.raises(AssertionError, match="No module named 'bucketward_tools'"):
        invoke("BucketVersioningRuleFunction", "bucketward_tools.catalogue.controls", event)
