"""A remediation as a Lambda function: what it calls, and how it fails."""

import json
from dataclasses import dataclass

import pytest
from botocore.exceptions import ConnectTimeoutError

from bucketward import (
    LOGGING,
    VERSIONING,
    Automatic,
    BadInput,
    Refused,
    Remediation,
    put,
)
from bucketward.errors import DidNotHold, RemediationFailed
from framework.logs import facts, metrics
from framework.samples import ACCOUNT, NAME, REGION, change, deleted, history, item

CONTROL = __name__.rpartition(".")[2]
EVENT = {"ResourceId": NAME}
TARGET = {"LoggingEnabled": {"TargetBucket": "ward-logs", "TargetPrefix": "data/"}}


@dataclass(frozen=True, slots=True)
class Parameters:
    status: str = "Enabled"


def enable(bucket, known):
    if (bucket[VERSIONING] or {}).get("Status") != known.parameters.status:
        yield put(VERSIONING, {**(bucket[VERSIONING] or {}), "Status": known.parameters.status})


def restore(bucket, known):
    """Put the earlier target back."""
    if not bucket[LOGGING]:
        earlier = known.earlier()
        if earlier is None:
            raise Refused("No earlier target is known.")
        yield put(LOGGING, earlier[LOGGING])


def follow(bucket, known):
    if not bucket[LOGGING]:
        known.other("ward-gone")
        yield put(LOGGING, TARGET)


versioning = Remediation(
    enable, (VERSIONING.put,), (VERSIONING,), Automatic.ALL, parameters=Parameters
)
logging = Remediation(restore, (LOGGING.put,), (LOGGING,), Automatic.ALL, earlier=True)
following = Remediation(follow, (LOGGING.put,), (LOGGING,), Automatic.ALL, others=(VERSIONING,))


@pytest.fixture
def bucket(s3):
    for name in (NAME, "ward-logs"):
        s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectOwnership="ObjectWriter",
        )
    s3.put_bucket_acl(Bucket="ward-logs", ACL="log-delivery-write")


@pytest.fixture
def no_wait(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)


def logged_to(target, **changes):
    part = {"destinationBucketName": target, "logFilePrefix": "data/" if target else None}
    return history(item(BucketLoggingConfiguration=part), **changes)


class TestABucketThatNeedsIt:
    def test_is_changed_and_verified(self, bucket, s3, aws, context):
        aws.calls.clear()
        outcome = versioning(EVENT, context)

        assert aws.operations() == [
            "GetBucketVersioning",
            "GetBucketVersioning",
            "PutBucketVersioning",
            "GetBucketVersioning",
        ]
        assert s3.get_bucket_versioning(Bucket=NAME)["Status"] == "Enabled"
        assert outcome == {
            "control": CONTROL,
            "bucket": NAME,
            "calls": ["PutBucketVersioning"],
            "before": {"versioning": None},
            "after": {"versioning": {"Status": "Enabled"}},
            "note": "reverted and verified",
        }
        json.dumps(outcome)

    def test_is_named_with_its_owner_in_every_call(self, bucket, aws, context):
        aws.calls.clear()
        versioning(EVENT, context)

        assert {given["ExpectedBucketOwner"] for _, _, given in aws.calls} == {ACCOUNT}

    def test_is_counted_and_logged(self, bucket, context, printed):
        versioning(EVENT, context)

        lines = printed()
        assert metrics(lines) == [("Reverted", CONTROL)]
        (fact,) = facts(lines)
        assert fact["bucket"] == NAME
        assert fact["outcome"]["calls"] == ["PutBucketVersioning"]

    def test_gets_the_parameters_of_the_stack(self, bucket, s3, context, monkeypatch):
        monkeypatch.setenv("BUCKETWARD_PARAMETERS", '{"status": "Suspended"}')
        versioning(EVENT, context)

        assert s3.get_bucket_versioning(Bucket=NAME)["Status"] == "Suspended"

    def test_that_is_changed_back_at_once_fails(self, bucket, aws, context, no_wait):
        aws.answers["PutBucketVersioning"] = {}

        with pytest.raises(DidNotHold):
            versioning(EVENT, context)


class TestABucketThatNeedsNothing:
    def test_gets_no_write_and_no_question_about_its_past(self, bucket, aws, context, printed):
        versioning(EVENT, context)
        printed()
        aws.calls.clear()
        outcome = versioning(EVENT, context)

        assert aws.operations() == ["GetBucketVersioning"]
        assert outcome["calls"] == []
        assert metrics(printed()) == []

    def test_as_it_does_not_exist_is_no_failure(self, aws, context):
        outcome = versioning(EVENT, context)

        assert outcome["note"] == "the bucket does not exist any more"
        assert aws.operations() == ["GetBucketVersioning"]

    def test_as_it_vanished_before_the_write_is_no_failure(self, bucket, aws, context):
        aws.answers["PutBucketVersioning"] = "NoSuchBucket"

        assert versioning(EVENT, context)["note"] == "the bucket does not exist any more"


class TestAFailure:
    @pytest.mark.parametrize("operation", ["GetBucketVersioning", "PutBucketVersioning"])
    @pytest.mark.parametrize("code", ["AccessDenied", "SlowDown"])
    def test_of_s3_names_control_bucket_operation_and_code(
        self, bucket, aws, context, operation, code, printed
    ):
        aws.answers[operation] = code

        with pytest.raises(RemediationFailed) as error:
            versioning(EVENT, context)
        assert str(error.value) == f"{CONTROL} failed on bucket {NAME}: {operation} said {code}."
        assert metrics(printed()) == [("RemediationFailed", CONTROL)]

    def test_of_the_network_names_control_and_bucket(self, bucket, aws, context):
        aws.answers["GetBucketVersioning"] = ConnectTimeoutError(endpoint_url="https://s3")

        with pytest.raises(RemediationFailed, match=f"{CONTROL} failed on bucket {NAME}: Connect"):
            versioning(EVENT, context)

    def test_to_find_another_bucket_is_not_taken_for_the_own_ones_end(self, bucket, aws, context):
        with pytest.raises(RemediationFailed, match=f"bucket {NAME}: Bucket ward-gone does not"):
            following(EVENT, context)
        assert "PutBucketLogging" not in aws.operations()

    @pytest.mark.parametrize("text", ["{", "[]", "3", '"x"'])
    def test_of_the_environment_is_one_clear_sentence(self, aws, context, monkeypatch, text):
        monkeypatch.setenv("BUCKETWARD_PARAMETERS", text)

        with pytest.raises(BadInput, match="BUCKETWARD_PARAMETERS is not a JSON object; deploy"):
            versioning(EVENT, context)
        assert aws.operations() == []

    @pytest.mark.parametrize("arn", [None, "", "arn:aws:lambda", "arn:aws:sqs:r:1:x"])
    def test_to_know_the_account_is_one_clear_sentence(self, aws, context, arn):
        context.invoked_function_arn = arn

        with pytest.raises(BadInput, match="run this in AWS Lambda"):
            versioning(EVENT, context)
        with pytest.raises(BadInput, match="run this in AWS Lambda"):
            versioning(EVENT, None)

    @pytest.mark.parametrize("event", [{}, None, {"ResourceId": "a/b"}])
    def test_of_the_event_is_counted(self, aws, context, printed, event):
        with pytest.raises(BadInput):
            versioning(event, context)
        assert metrics(printed()) == [("RemediationFailed", CONTROL)]

    def test_does_not_name_the_bucket_before(self, bucket, context, printed):
        versioning(EVENT, context)
        with pytest.raises(BadInput):
            versioning({}, context)

        assert "bucket" not in printed()[-1]


class TestTheEarlierState:
    def test_comes_from_the_diff_before_the_history_is_asked(self, bucket, s3, aws, context):
        change_of = {
            "changeType": "UPDATE",
            "changedProperties": {
                "SupplementaryConfiguration.BucketLoggingConfiguration": {
                    "previousValue": {
                        "destinationBucketName": "ward-logs",
                        "logFilePrefix": "before/",
                    },
                    "updatedValue": {"destinationBucketName": None, "logFilePrefix": None},
                    "changeType": "UPDATE",
                }
            },
        }
        event = {**EVENT, "InvokingEvent": change(item(), change_of)["invokingEvent"]}
        logging(event, context)

        enabled = s3.get_bucket_logging(Bucket=NAME)["LoggingEnabled"]
        assert (enabled["TargetBucket"], enabled["TargetPrefix"]) == ("ward-logs", "before/")
        assert aws.operations("config") == []

    def test_is_the_newest_of_the_history_that_serves(self, bucket, s3, aws, context):
        unusable = [
            logged_to(None),
            history(deleted()),
            history(item(BucketLoggingConfiguration={"new": "form"})),
            {**logged_to("x"), "supplementaryConfiguration": None},
            {**logged_to("x"), "resourceType": "AWS::S3::AccessPoint"},
        ]
        aws.answers["GetResourceConfigHistory"] = [
            {"configurationItems": unusable, "nextToken": "2"},
            {"configurationItems": [], "nextToken": "3"},
            {"configurationItems": [logged_to("ward-logs"), logged_to("ward-older")]},
        ]
        logging(EVENT, context)

        assert s3.get_bucket_logging(Bucket=NAME)["LoggingEnabled"]["TargetBucket"] == "ward-logs"
        assert aws.operations("config") == ["GetResourceConfigHistory"] * 3

    def test_is_looked_for_once_a_run(self, bucket, aws, context, no_wait):
        aws.answers["GetResourceConfigHistory"] = {"configurationItems": [logged_to("ward-logs")]}
        aws.answers["PutBucketLogging"] = {}

        with pytest.raises(DidNotHold):
            logging(EVENT, context)
        assert aws.operations("config") == ["GetResourceConfigHistory"]

    @pytest.mark.parametrize(
        "answer",
        [
            {"configurationItems": []},
            {"configurationItems": [logged_to(None)]},
            "ResourceNotDiscoveredException",
            "NoAvailableConfigurationRecorderException",
        ],
    )
    def test_may_be_unknown_and_then_nothing_is_written(self, bucket, aws, context, answer):
        aws.answers["GetResourceConfigHistory"] = answer

        with pytest.raises(Refused, match="No earlier target"):
            logging(EVENT, context)
        assert "PutBucketLogging" not in aws.operations()

    def test_is_not_looked_for_without_end(self, bucket, aws, context):
        aws.answers["GetResourceConfigHistory"] = {"configurationItems": [], "nextToken": "more"}

        with pytest.raises(Refused):
            logging(EVENT, context)
        assert len(aws.operations("config")) == 60

    def test_is_not_looked_for_in_more_than_100_items(self, bucket, aws, context):
        page = {"configurationItems": [logged_to(None)] * 10, "nextToken": "more"}
        aws.answers["GetResourceConfigHistory"] = page

        with pytest.raises(Refused):
            logging(EVENT, context)
        assert len(aws.operations("config")) == 10

    def test_that_may_not_be_read_is_a_failure(self, bucket, aws, context):
        aws.answers["GetResourceConfigHistory"] = "AccessDeniedException"

        with pytest.raises(RemediationFailed, match="GetResourceConfigHistory said AccessDenied"):
            logging(EVENT, context)

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (item(name="ward-other"), "ward-other, not of bucket ward-data"),
            ({**item(), "resourceType": "AWS::S3::AccessPoint"}, "AccessPoint ward-data, not of"),
        ],
    )
    def test_is_not_taken_from_the_event_of_another_resource(self, aws, context, source, message):
        event = {**EVENT, "InvokingEvent": change(source)["invokingEvent"]}

        with pytest.raises(BadInput, match=message):
            logging(event, context)

    def test_is_not_taken_from_a_malformed_event(self, aws, context):
        with pytest.raises(BadInput, match="invokingEvent is not JSON"):
            logging({**EVENT, "InvokingEvent": "{"}, context)
