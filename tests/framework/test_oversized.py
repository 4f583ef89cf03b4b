"""An oversized item is fetched: the one that the notification is about, and no other."""

import pytest

from bucketward import VERSIONING, Rule, Severity, _aws, compliant
from bucketward.errors import EvaluationLost
from framework.samples import NAME, history, item, oversized


def report_versioning(bucket):
    return compliant(f"Versioning is {(bucket[VERSIONING] or {}).get('Status', 'off')}.")


rule = Rule(report_versioning, Severity.LOW, reads=(VERSIONING,))


def recorded(status, **changes):
    part = {"status": status, "isMfaDeleteEnabled": None}
    return history(item(BucketVersioningConfiguration=part), **changes)


LATER = recorded(
    "Suspended",
    configurationStateId="1772600799999",
    configurationItemCaptureTime="2026-03-04T05:06:39.999Z",
)


@pytest.fixture
def accepted(aws):
    aws.answers["PutEvaluations"] = {}
    return aws


def test_the_item_is_chosen_by_its_state_id_and_not_a_later_one(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = {
        "configurationItems": [LATER, recorded("Enabled")]
    }

    assert rule(oversized(item()), context)["annotation"] == "Versioning is Enabled."
    assert accepted.operations() == ["GetResourceConfigHistory", "PutEvaluations"]


def test_the_history_is_asked_around_the_capture_time(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = {"configurationItems": [recorded("Enabled")]}
    rule(oversized(item()), context)

    (request,) = accepted.parameters("GetResourceConfigHistory")
    assert (request["resourceType"], request["resourceId"]) == ("AWS::S3::Bucket", NAME)
    assert request["earlierTime"].isoformat() == "2026-03-04T05:05:07.890000+00:00"
    assert request["laterTime"].isoformat() == "2026-03-04T05:07:07.890000+00:00"


def test_the_verdict_is_ordered_by_the_capture_time(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = {"configurationItems": [recorded("Enabled")]}
    rule(oversized(item()), context)

    (request,) = accepted.parameters("PutEvaluations")
    assert request["Evaluations"][0]["OrderingTimestamp"] == "2026-03-04T05:06:07.890000+00:00"


def test_all_pages_of_the_moment_are_looked_through(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = [
        {"configurationItems": [LATER], "nextToken": "2"},
        {"configurationItems": [], "nextToken": "3"},
        {"configurationItems": [recorded("Enabled")]},
    ]

    assert rule(oversized(item()), context)["annotation"] == "Versioning is Enabled."
    tokens = [each.get("nextToken") for each in accepted.parameters("GetResourceConfigHistory")]
    assert tokens == [None, "2", "3"]


def test_a_state_id_of_0_as_in_awss_example_is_found_by_its_moment(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = {
        "configurationItems": [LATER, recorded("Enabled")]
    }
    event = oversized(item(), configurationStateId=0)

    assert rule(event, context)["annotation"] == "Versioning is Enabled."


@pytest.mark.parametrize("answer", [{"configurationItems": []}, {"configurationItems": [LATER]}])
def test_an_item_that_is_not_there_yet_raises_so_that_lambda_retries(accepted, context, answer):
    accepted.answers["GetResourceConfigHistory"] = answer

    with pytest.raises(EvaluationLost, match="no configuration item of ward-data with state id 17"):
        rule(oversized(item()), context)
    assert accepted.operations("config") == ["GetResourceConfigHistory"]


def test_a_bucket_that_aws_config_does_not_know_raises(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = "ResourceNotDiscoveredException"

    with pytest.raises(EvaluationLost):
        rule(oversized(item()), context)


def test_a_refused_history_raises(accepted, context):
    accepted.answers["GetResourceConfigHistory"] = "AccessDeniedException"

    with pytest.raises(Exception, match="AccessDeniedException"):
        rule(oversized(item()), context)


def test_history_and_report_share_one_client(accepted, context, monkeypatch):
    accepted.answers["GetResourceConfigHistory"] = {"configurationItems": [recorded("Enabled")]}
    _aws.client("config", None, None)
    monkeypatch.setattr("boto3.client", None)

    assert rule(oversized(item()), context)["compliance"] == "COMPLIANT"
