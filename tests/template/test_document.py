"""The SSM document: what it accepts, and that a failed function never ends as Success."""

import json
import re

import pytest

from bucketward.remediation import BUCKET_NAME, Outcome

ROLES = [
    "arn:aws:iam::123456789012:role/bucketward-AutomationRole-1A2B",
    "arn:aws-cn:iam::123456789012:role/path/bucketward-AutomationRole-1A2B",
    "arn:aws-us-gov:iam::123456789012:role/bucketward-AutomationRole-1A2B",
]
ACCEPTED = {
    "AutomationAssumeRole": ROLES,
    "FunctionName": ["bucketward-BucketEncryptionRemediationFunction-Ab12Cd34Ef56"],
    "ResourceId": ["acme-data", "acme.data", "Legacy_Bucket", "a" * 63],
}
INJECTIONS = ['x", "Other": "y', "{{ global:DATE }}", "a b c", "", "acme\n", "arn:aws:s3:::acme"]


def step(app, name):
    [found] = [each for each in app.document["mainSteps"] if each["name"] == name]
    return found


@pytest.mark.parametrize(("name", "value"), [(n, v) for n in ACCEPTED for v in ACCEPTED[n]])
def test_parameters_accept_what_aws_config_passes(app, name, value):
    assert re.search(app.document["parameters"][name]["allowedPattern"], value)


@pytest.mark.parametrize("name", ACCEPTED)
@pytest.mark.parametrize("value", INJECTIONS)
def test_parameters_accept_nothing_else(app, name, value):
    pattern = app.document["parameters"][name]["allowedPattern"]
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    assert not re.fullmatch(pattern[1:-1], value)


def test_every_parameter_is_limited(app):
    assert app.document["parameters"].keys() == ACCEPTED.keys()


def test_a_bucket_that_the_function_accepts_gets_as_far_as_the_function(app):
    assert app.document["parameters"]["ResourceId"]["allowedPattern"] == f"^{BUCKET_NAME.pattern}$"


def test_the_document_runs_as_the_role_it_is_given(app):
    assert app.document["schemaVersion"] == "0.3"
    assert app.document["assumeRole"] == "{{ AutomationAssumeRole }}"


def test_the_function_gets_the_bucket_and_time_to_finish(app):
    call = step(app, "Revert")
    assert call["action"] == "aws:invokeLambdaFunction"
    assert call["inputs"]["InputPayload"] == {"ResourceId": "{{ ResourceId }}"}
    timeouts = {
        function["Properties"]["Timeout"]
        for name, function in app.of_type("AWS::Lambda::Function").items()
        if name.endswith("RemediationFunction")
    }
    assert max(timeouts) < call["timeoutSeconds"] <= 300


def test_every_step_that_fails_ends_the_execution(app):
    steps = app.document["mainSteps"]
    assert [each["name"] for each in steps] == ["Revert", "Confirm"]
    for each in steps:
        assert each["onFailure"] == "Abort"
        assert each.get("isCritical", True)
        assert "nextStep" not in each
    assert steps[-1]["isEnd"] is True


@pytest.fixture
def confirm(app):
    """Run the document's script, as SSM would with the reply of the function."""
    inputs = step(app, "Confirm")["inputs"]
    assert inputs["InputPayload"] == {"Reply": "{{ Revert.Payload }}"}
    names = {}
    exec(inputs["Script"], names)
    return lambda reply: names[inputs["Handler"]]({"Reply": reply}, {})


@pytest.mark.parametrize("encode", [json.dumps, lambda reply: reply], ids=["text", "object"])
def test_an_outcome_ends_as_success(confirm, encode):
    outcome = Outcome("bucket_encryption", "acme-data", note="reverted and verified")
    assert confirm(encode(outcome.to_dict())) == {"note": "reverted and verified"}


@pytest.mark.parametrize("encode", [json.dumps, lambda reply: reply], ids=["text", "object"])
def test_a_function_that_raised_ends_as_failed_with_its_message(confirm, encode):
    reply = {"errorMessage": "No target is known.", "errorType": "Refused", "stackTrace": []}
    with pytest.raises(RuntimeError, match="No target is known"):
        confirm(encode(reply))


@pytest.mark.parametrize("reply", ["", "null", "{}", "[]", '"done"', "Task timed out"])
def test_a_reply_without_an_outcome_ends_as_failed(confirm, reply):
    with pytest.raises((RuntimeError, ValueError, TypeError, AttributeError)):
        confirm(reply)
