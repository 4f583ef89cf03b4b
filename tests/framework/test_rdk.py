"""A rule as a Lambda function, under the real rdklib: what is reported, and what raises."""

import json
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from bucketward import (
    POLICY,
    VERSIONING,
    BadInput,
    Compliance,
    Rule,
    Severity,
    Unknown,
    Verdict,
    compliant,
    non_compliant,
    parameter,
)
from bucketward.errors import EvaluationLost
from framework.logs import facts, metrics
from framework.samples import (
    ACCOUNT,
    NAME,
    REGION,
    change,
    deleted,
    envelop,
    item,
    oversized,
    without,
)

CONTROL = __name__.rpartition(".")[2]
ENABLED = {"status": "Enabled", "isMfaDeleteEnabled": None}


@dataclass(frozen=True, slots=True)
class Parameters:
    days: int = parameter(1, "A number.")


def judge_versioning(bucket, parameters):
    status = (bucket[VERSIONING] or {}).get("Status")
    if status == "Enabled":
        return compliant(f"Versioning is enabled for {parameters.days} days.")
    return non_compliant("Versioning is off.")


rule = Rule(judge_versioning, Severity.LOW, reads=(VERSIONING,), parameters=Parameters)


def rule_that(evaluate):
    evaluate.__module__ = __name__
    return Rule(evaluate, Severity.LOW, reads=())


def raises(error):
    def evaluate(_bucket):
        raise error

    return rule_that(evaluate)


def says(sentence):
    return rule_that(lambda _bucket: non_compliant(sentence))


@pytest.fixture
def accepted(aws):
    aws.answers["PutEvaluations"] = {"FailedEvaluations": []}
    return aws


class TestAnOrdinaryChange:
    def test_is_reported_with_one_call_and_nothing_else(self, accepted, context):
        source = item(BucketVersioningConfiguration=ENABLED)
        rule(change(source, ruleParameters='{"days": "7"}'), context)

        assert accepted.calls == [
            (
                "config",
                "PutEvaluations",
                {
                    "Evaluations": [
                        {
                            "ComplianceResourceType": "AWS::S3::Bucket",
                            "ComplianceResourceId": NAME,
                            "ComplianceType": "COMPLIANT",
                            "Annotation": "Versioning is enabled for 7 days.",
                            "OrderingTimestamp": "2026-03-04T05:06:07.890000+00:00",
                        }
                    ],
                    "ResultToken": "token",
                    "TestMode": False,
                },
            )
        ]

    def test_returns_the_verdict_as_json(self, accepted, context):
        reported = rule(change(item()), context)

        assert json.loads(json.dumps(reported)) == {
            "control": CONTROL,
            "resource_id": NAME,
            "compliance": "NON_COMPLIANT",
            "annotation": "Versioning is off.",
        }

    @pytest.mark.parametrize("captured", [1772600767.89, "2026-03-04T00:06:07.890-05:00"])
    def test_is_ordered_by_the_capture_time_in_any_form(self, accepted, context, captured):
        rule(change({**item(), "configurationItemCaptureTime": captured}), context)

        (request,) = accepted.parameters("PutEvaluations")
        stamp = request["Evaluations"][0]["OrderingTimestamp"]
        assert stamp in {"2026-03-04T05:06:07.890000+00:00", "2026-03-04T00:06:07.890000-05:00"}

    def test_of_rdks_own_tests_is_reported_in_test_mode(self, accepted, context):
        rule(change(item(), resultToken="TESTMODE"), context)

        assert accepted.parameters("PutEvaluations")[0]["TestMode"] is True

    def test_needs_no_event_left_scope_and_no_role(self, accepted, context):
        rule(without(change(item()), "eventLeftScope", "executionRoleArn"), context)

        assert accepted.operations() == ["PutEvaluations"]

    def test_needs_no_context(self, accepted):
        assert rule(change(item()), None)["compliance"] == "NON_COMPLIANT"

    def test_uses_the_client_of_the_invocation_before(self, accepted, context, monkeypatch):
        rule(change(item()), context)
        monkeypatch.setattr("boto3.client", None)
        rule(change(item()), context)

        assert accepted.operations() == ["PutEvaluations"] * 2

    def test_with_a_policy_of_300_kilobytes_is_reported(self, accepted, context):
        text = json.dumps({"Statement": [{"Sid": "x" * 300_000}]})
        read = rule_that(lambda bucket: compliant(f"{len(bucket[POLICY])} characters."))
        source = item(BucketPolicy={"policyText": text})

        assert read(change(source), context)["annotation"] == f"{len(text)} characters."

    def test_delivered_twice_is_reported_twice_alike(self, accepted, context):
        assert rule(change(item()), context) == rule(change(item()), context)
        first, second = accepted.parameters("PutEvaluations")
        assert first == second


class TestWhatIsNotABucketAnyMore:
    """Reported as NOT_APPLICABLE, else the old verdict stays; nothing but the status is read."""

    GONE = (
        change(deleted("ResourceDeleted")),
        change(deleted("ResourceDeletedNotRecorded")),
        change(deleted("ResourceNotRecorded")),
        change(item(BucketVersioningConfiguration="no JSON"), eventLeftScope=True),
        change({**item(), "resourceType": "AWS::EC2::Volume"}),
        oversized(deleted()),
        oversized({**item(), "resourceType": "AWS::EC2::Volume"}),
    )

    @pytest.mark.parametrize("event", GONE)
    def test_is_not_applicable_with_a_reason(self, accepted, context, event):
        event = {**event, "ruleParameters": '{"days": "many", "dayz": "3"}'}

        reported = rule(event, context)
        assert reported["compliance"] == "NOT_APPLICABLE"
        assert accepted.operations() == ["PutEvaluations"]
        (request,) = accepted.parameters("PutEvaluations")
        assert request["Evaluations"][0]["Annotation"] == reported["annotation"] != ""

    def test_keeps_its_own_resource_type(self, accepted, context):
        rule(change({**item(), "resourceType": "AWS::EC2::Volume"}), context)

        (request,) = accepted.parameters("PutEvaluations")
        assert request["Evaluations"][0]["ComplianceResourceType"] == "AWS::EC2::Volume"


class TestALostVerdictRaises:
    """Lambda retries what raises; what rdklib returns as a dict it counts as success."""

    @pytest.mark.parametrize(
        "code",
        ["AccessDeniedException", "ThrottlingException", "InvalidResultTokenException", "500"],
    )
    def test_where_aws_config_refuses_the_call(self, aws, context, code):
        aws.answers["PutEvaluations"] = code

        with pytest.raises(EvaluationLost, match=code):
            rule(change(item()), context)

    def test_where_aws_config_does_not_answer(self, aws, context):
        aws.answers["PutEvaluations"] = ReadTimeoutError(endpoint_url="https://config")

        with pytest.raises(EvaluationLost, match="timeout"):
            rule(change(item()), context)

    def test_where_aws_config_refuses_the_evaluation(self, aws, context):
        aws.answers["PutEvaluations"] = {
            "FailedEvaluations": [{"ComplianceResourceId": NAME, "ComplianceType": "COMPLIANT"}]
        }

        with pytest.raises(EvaluationLost, match=f"refused the evaluations of {NAME}"):
            rule(change(item()), context)

    @pytest.mark.parametrize(
        "error",
        [
            ValueError("wrong"),
            json.JSONDecodeError("wrong", "", 0),
            UnicodeError("wrong"),
            ClientError({"Error": {"Code": "AccessDenied", "Message": "wrong"}}, "GetBucketAcl"),
        ],
    )
    def test_where_the_rule_raises_what_rdklib_would_swallow(self, accepted, context, error):
        with pytest.raises(EvaluationLost, match=f"{CONTROL} failed on {NAME}: .*wrong"):
            raises(error)(change(item()), context)
        assert accepted.operations() == []

    @pytest.mark.parametrize("error", [KeyError("wrong"), TypeError("wrong"), Unknown("wrong")])
    def test_where_the_rule_raises_anything_else(self, accepted, context, error):
        with pytest.raises(type(error), match="wrong"):
            raises(error)(change(item()), context)
        assert accepted.operations() == []

    @pytest.mark.parametrize(
        ("parameters", "message"),
        [('{"dayz": "3"}', "no parameter 'dayz'"), ('{"days": "x"}', "expected a whole number")],
    )
    def test_where_a_parameter_is_wrong(self, accepted, context, parameters, message):
        with pytest.raises(BadInput, match=message):
            rule(change(item(), ruleParameters=parameters), context)

    def test_where_the_item_is_malformed(self, accepted, context):
        with pytest.raises(BadInput, match="BucketVersioningConfiguration of bucket ward-data"):
            rule(change(item(BucketVersioningConfiguration={"new": 1})), context)

    @pytest.mark.parametrize("token", [None, ""])
    def test_where_the_event_has_no_result_token(self, accepted, context, token):
        with pytest.raises(BadInput, match="no resultToken"):
            rule(change(item(), resultToken=token), context)

    @pytest.mark.parametrize(
        "event",
        [
            envelop({"messageType": "ScheduledNotification", "recordVersion": "1.0"}),
            {**change(item()), "invokingEvent": "{"},
            {},
            None,
        ],
    )
    def test_where_the_event_is_of_another_kind(self, accepted, context, event):
        with pytest.raises(BadInput):
            rule(event, context)
        assert accepted.operations() == []


class TestTheRole:
    """moto answers, as a call is only signed (and a role only assumed) on its way out."""

    ROLE = f"arn:aws:iam::{ACCOUNT}:role/config/recorder"

    @pytest.mark.parametrize(
        "parameters", ["{}", '{"AssumeRoleMode": "false"}', '{"AssumeRoleMode": false}']
    )
    def test_is_the_functions_own_unless_asked_for_another(self, aws, context, parameters):
        rule(change(item(), resultToken="TESTMODE", ruleParameters=parameters), context)

        assert aws.operations("sts") == []

    @pytest.mark.parametrize("asked", ["true", "True", True])
    def test_is_assumed_once_a_process_in_the_functions_region(self, aws, context, asked):
        event = change(
            item(), resultToken="TESTMODE", ruleParameters=json.dumps({"AssumeRoleMode": asked})
        )
        event["executionRoleArn"] = f"{self.ROLE}-{asked!r}"
        rule(event, context)
        rule(event, context)

        assert aws.operations("sts") == ["AssumeRole"]
        assert aws.parameters("AssumeRole")[0]["RoleArn"] == event["executionRoleArn"]
        assert ("sts", REGION) in aws.clients
        assert aws.operations("config") == ["PutEvaluations"] * 2

    def test_may_have_another_name_and_path(self, aws, context):
        asked = {"AssumeRoleMode": "true", "ExecutionRoleName": "ward/reporter"}
        rule(change(item(), resultToken="TESTMODE", ruleParameters=json.dumps(asked)), context)

        (request,) = aws.parameters("AssumeRole")
        assert request["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/ward/reporter"

    def test_that_cannot_be_assumed_raises(self, aws, context):
        aws.answers["AssumeRole"] = "AccessDenied"
        event = change(item(), resultToken="TESTMODE", ruleParameters='{"AssumeRoleMode": "true"}')
        event["executionRoleArn"] = f"{self.ROLE}-closed"

        with pytest.raises(EvaluationLost, match="AssumeRole"):
            rule(event, context)
        assert aws.operations("sts") == ["AssumeRole"]

    def test_that_is_not_named_raises_instead_of_using_the_own_one(self, aws, context):
        event = change(
            item(),
            resultToken="TESTMODE",
            ruleParameters='{"AssumeRoleMode": "true"}',
            executionRoleArn="",
        )

        with pytest.raises(BadInput, match="no executionRoleArn"):
            rule(event, context)
        assert aws.operations() == []

    def test_does_not_move_the_report_to_another_region(self, aws, context):
        asked = {"AssumeRoleMode": "true", "ExecutionRoleRegion": "us-east-1"}
        event = change(item(), resultToken="TESTMODE", ruleParameters=json.dumps(asked))
        event["executionRoleArn"] = f"{self.ROLE}-region"
        rule(event, context)

        assert ("config", REGION) in aws.clients
        assert ("config", "us-east-1") not in aws.clients


class TestTheAnnotation:
    SENTENCES = (
        "x" * 256,
        "x" * 257,
        "x" * 1000,
        "ß" * 300,
        "🪣" * 200,
        "Wörter " * 60,
        "a\nb\tc",
        "nul \x00 and half \ud83d",
    )

    @pytest.mark.parametrize("sentence", SENTENCES)
    def test_has_1_to_256_characters_however_they_are_counted(self, accepted, context, sentence):
        reported = says(sentence)(change(item()), context)["annotation"]

        (request,) = accepted.parameters("PutEvaluations")
        assert request["Evaluations"][0]["Annotation"] == reported
        assert 1 <= len(reported.encode("utf-16-le")) // 2 <= 256
        assert reported.isprintable()

    def test_that_fits_is_not_cut(self):
        assert Verdict(Compliance.COMPLIANT, "x" * 256).annotation == "x" * 256

    def test_that_is_too_long_is_cut_at_a_word(self):
        cut = Verdict(Compliance.COMPLIANT, "seven77 " * 40).annotation

        assert cut.endswith("seven77…")
        assert len(cut) > 240

    def test_keeps_its_facts_where_it_is_one_long_word(self):
        cut = Verdict(Compliance.COMPLIANT, "Key " + "k" * 300).annotation

        assert len(cut) == 256

    @pytest.mark.parametrize("empty", ["", " \n "])
    def test_is_never_empty(self, empty):
        with pytest.raises(ValueError, match="needs an annotation"):
            Verdict(Compliance.COMPLIANT, empty)


class TestWhatIsPrinted:
    def test_a_verdict_is_counted_and_logged(self, accepted, context, printed):
        rule(change(item()), context)

        lines = printed()
        assert metrics(lines) == [("Evaluated", CONTROL), ("DriftFound", CONTROL)]
        (log,) = facts(lines)
        assert (log["bucket"], log["compliance"]) == (NAME, "NON_COMPLIANT")
        assert log["function_request_id"] == "request-1"

    @pytest.mark.parametrize("event", [{}, None, change(deleted(), resultToken="")])
    def test_a_failure_is_counted_even_where_nothing_was_parsed(
        self, accepted, context, printed, event
    ):
        with pytest.raises(BadInput):
            rule(event, context)
        lines = printed()
        assert metrics(lines) == [("EvaluationFailed", CONTROL)]
        assert [fact["error"] for fact in facts(lines)] == ["BadInput"]

    def test_a_refused_report_is_counted_once_as_failed(self, aws, context, printed):
        aws.answers["PutEvaluations"] = "AccessDeniedException"
        with pytest.raises(EvaluationLost):
            rule(change(item()), context)

        assert metrics(printed()) == [("EvaluationFailed", CONTROL)]

    def test_the_log_of_one_bucket_names_no_other(self, accepted, context, printed):
        rule(change(item()), context)
        with pytest.raises(BadInput):
            rule({}, context)

        *_, log = facts(printed())
        assert log["message"] == "no verdict"
        assert "bucket" not in log
