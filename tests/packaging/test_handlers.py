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
REMEDIATED = [stem for stem, control in controls().items() if control.remediation]
SCHEDULE = {
    "messageType": "ScheduledNotification",
    "notificationCreationTime": "2026-02-01T10:00:02.000Z",
}


def invoking_event(rule):
    """Return a change of a bucket or of an access point, or the account's schedule."""
    if rule.of_account:
        return SCHEDULE
    item = {**INVOKING_EVENT["configurationItem"], "resourceType": rule.subject.TYPE}
    if rule.subject is not Bucket:
        item["configuration"] = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
    return {**INVOKING_EVENT, "configurationItem": item}


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
        "invokingEvent": json.dumps(invoking_event(control.rule)),
        "ruleParameters": "{}",
        "resultToken": stem,
        "eventLeftScope": False,
        "accountId": ACCOUNT,
        "configRuleName": stem,
    }
    reply = invoke(f"{control.name}RuleFunction", f"{stem}.rule", event)
    assert "returned" in reply, reply
    assert reply["returned"]["control"] == stem
    judged = ACCOUNT if control.rule.of_account else BUCKET
    assert reply["returned"]["resource_id"] == judged
    [reported] = [
        body["Evaluations"]
        for what, body in aws[1]()
        if what == "PutEvaluations" and body["ResultToken"] == stem
    ]
    verdicts = {each["ComplianceResourceId"]: each["ComplianceType"] for each in reported}
    assert verdicts.pop(judged) == reply["returned"]["compliance"]
    assert bool(verdicts) == bool(control.rule.each)


@pytest.mark.parametrize("stem", REMEDIATED)
def test_a_packaged_remediation_has_an_outcome_or_says_why_not(invoke, stem):
    control = controls()[stem]
    noun, name = "bucket", f"{BUCKET}-{stem.replace('_', '-')}"
    if control.remediation.subject is not Bucket:
        noun, name = "account", ACCOUNT
    function = f"{control.name}RemediationFunction"
    reply = invoke(function, f"{stem}.remediation", {"ResourceId": name})
    if "returned" in reply:
        assert (reply["returned"]["control"], reply["returned"][noun]) == (stem, name)
    else:
        assert (reply["module"], reply["raised"]) == ("bucketward.errors", "Refused")
        # There is one account: why its remediation refuses has no need to name it.
        assert name in reply["message"] or "No multi-Region trail" in reply["message"]


def test_a_packaged_remediation_changes_the_bucket_and_looks_again(invoke, aws):
    bucket = "acme-drifted"
    event = {"ResourceId": bucket}
    handler = "bucket_versioning.remediation"
    reply = invoke("BucketVersioningRemediationFunction", handler, event)
    assert reply["returned"]["calls"] == ["PutBucketVersioning"]
    assert reply["returned"]["after"] == {"versioning": {"Status": "Enabled"}}
    [written] = [body for what, body in aws[1]() if what == f"/{bucket}?versioning"]
    assert "<Status>Enabled</Status>" in written


def test_a_rule_cannot_import_what_is_not_packaged_with_it(invoke):
    """The packaging is the architecture: rules/ is neither remediations/ nor tooling/."""
    event = {"ResourceId": BUCKET}
    with pytest.raises(AssertionError, match=r"has no attribute 'remediation'"):
        invoke("BucketVersioningRuleFunction", "bucket_versioning.remediation", event)
    with pytest.raises(AssertionError, match="No module named 'bucketward_tools'"):
        invoke("BucketVersioningRuleFunction", "bucketward_tools.catalogue.controls", event)
