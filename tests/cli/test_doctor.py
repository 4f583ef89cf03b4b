"""``bucketward doctor``: what is missing, before or after a deployment, and what mends it."""

import json
import shlex

import pytest

from bucketward.account import RECORDED, RECORDERS
from bucketward_tools.catalogue import control
from bucketward_tools.cli import permissions
from bucketward_tools.cli.mending import recording_s3, selecting, tells_of_writes
from bucketward_tools.local import iam
from bucketward_tools.local.actors import Actor
from bucketward_tools.local.gateway import Principal
from cli.conftest import OPERATOR, create, refused
from estate import account as an_account


def by_check(found):
    return {each["check"]: each for each in found}


def test_nothing_is_missing_where_all_is_there(account, bucketward):
    ran = bucketward("doctor")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split()[0] for line in ran.out.splitlines()]
    assert set(lines) == {"ok"}
    assert {each["check"] for each in bucketward.json("doctor")} == {
        "recorder", "delivery channel", "trail", "rules", "regions", "stack", "version", "parts",
        "permissions",
    }  # fmt: skip


def test_before_a_deployment_the_commands_that_are_missing_are_told(account, bucketward):
    config, cloudtrail = account.client("config"), account.client("cloudtrail")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "mine",
            "roleARN": "arn:aws:iam::111122223333:role/config",
            "recordingGroup": {"resourceTypes": ["AWS::EC2::Instance"]},
        }
    )
    config.stop_configuration_recorder(ConfigurationRecorderName="mine")
    cloudtrail.stop_logging(Name="management-events")
    account.configuration_recorder.channels.clear()

    ran = bucketward("doctor", "--stack", "guard")
    assert ran.code == 1
    found = by_check(bucketward.json("doctor", "--stack", "guard"))
    assert found["stack"]["mend"] == [
        "sam build", "sam deploy --region eu-central-1 --stack-name guard",
    ]  # fmt: skip
    put, start = found["recorder"]["mend"]
    assert start.startswith("aws configservice start-configuration-recorder")
    assert "put-delivery-channel" in found["delivery channel"]["mend"][0]
    [logging] = found["trail"]["mend"]
    assert all(command in ran.out for command in (put, start, logging))
    assert "permissions" not in found

    words = shlex.split(put)
    wanted = json.loads(words[words.index("--configuration-recorder") + 1])
    config.put_configuration_recorder(ConfigurationRecorder=wanted)
    config.start_configuration_recorder(ConfigurationRecorderName=shlex.split(start)[-3])
    cloudtrail.start_logging(Name=shlex.split(logging)[4])
    mended = by_check(bucketward.json("doctor", "--stack", "guard"))
    assert (mended["recorder"]["status"], mended["trail"]["status"]) == ("ok", "ok")

    config.delete_configuration_recorder(ConfigurationRecorderName="mine")
    none = by_check(bucketward.json("doctor", "--stack", "guard"))
    assert [each.split()[2] for each in none["recorder"]["mend"]] == [
        "put-configuration-recorder", "put-delivery-channel", "start-configuration-recorder",
    ]  # fmt: skip


def test_a_stack_that_is_not_as_it_was_deployed_is_told_of(account, bucketward, monkeypatch):
    monkeypatch.setattr("bucketward_tools.cli.checks.version", lambda name: "9.9.9")
    name = account.wiring.stack.reference("S3Changes").rpartition("|")[2]
    account.client("events").disable_rule(Name=name)
    s3 = account.client("s3", region="us-east-1")
    s3.create_bucket(Bucket="acme-elsewhere")
    found = bucketward.json("doctor")
    by = by_check(found)
    assert by["version"]["found"] == "The stack is 0.1.0, this command 9.9.9."
    assert "S3Changes is disabled" in by["parts"]["found"]
    create_set, *_, execute = map(shlex.split, by["parts"]["mend"])
    assert create_set[create_set.index("--deployment-mode") + 1] == "REVERT_DRIFT"
    kept = json.loads(create_set[-1])
    names = {each["ParameterKey"] for each in kept if each["UsePreviousValue"]}
    assert names == set(account.wiring.stack.parameter_texts()), "else they would be the defaults"
    assert execute[2] == "execute-change-set"
    [other] = [each for each in found if each["check"] == "regions" and each["status"] != "ok"]
    assert other["found"] == "1 bucket in us-east-1, where there is no stack bucketward."
    assert other["mend"] == ["sam build", "sam deploy --region us-east-1"]


def test_missing_permissions_come_with_the_command_that_grants_them(account, bucketward):
    policy = json.loads(permissions.POLICY)
    without = [e for e in policy["Statement"] if e["Sid"] not in {"Verify", "Approve"}]
    statements = iam.statements({"Statement": without})
    role = iam.Role("Operator", "Operator", OPERATOR, (), statements)
    bucketward.actor = Principal(OPERATOR, role, actor=Actor(OPERATOR))
    ran = bucketward("doctor")
    assert ran.code == 1
    found = [each for each in bucketward.json("doctor") if each["check"] == "permissions"]
    [missing] = [each for each in found if each["status"] == "missing"]
    assert missing["found"] == "Verify: you may not kms:VerifyMac."
    words = shlex.split(missing["mend"][0])
    assert words[:5] == ["aws", "iam", "put-role-policy", "--role-name", "Operator"]
    [granted] = json.loads(words[-1])["Statement"]
    assert (granted["Action"], granted["Resource"].split(":")[2]) == ("kms:VerifyMac", "kms")
    assert any("Approve is left to others" in each["found"] for each in found)


def test_what_may_not_be_looked_at_is_exit_status_2(account, bucketward):
    account.fail("DescribeTrails", "AccessDeniedException")
    ran = bucketward("doctor")
    assert ran.code == 2
    found = by_check(bucketward.json("doctor"))
    assert found["trail"]["status"] == "unknown"
    assert "AWS refused DescribeTrails" in found["trail"]["found"]
    assert found["recorder"]["status"] == "ok"
    assert refused(bucketward("doctor", "--stack", "no stack"), "which is no name of a stack")


INCLUDING = {"allSupported": False, "resourceTypes": ["AWS::EC2::Instance"]}
EXCLUDING = {
    "allSupported": False,
    "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket", "AWS::EC2::Instance"]},
    "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
}
ONLY_S3 = {**EXCLUDING, "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]}}
EXCEPTION = {"resourceTypes": ["AWS::S3::Bucket", "AWS::EC2::Instance"]}
DAILY = {"recordingFrequency": "DAILY"}
RECORDERS_AT_FAULT = [
    {"recordingGroup": INCLUDING},
    {"recordingGroup": EXCLUDING},
    {"recordingGroup": ONLY_S3},
    {"recordingMode": DAILY},
    {"recordingMode": {**DAILY, "recordingModeOverrides": [{**EXCEPTION, **DAILY}]}},
    {
        "recordingMode": {
            "recordingFrequency": "CONTINUOUS",
            "recordingModeOverrides": [{**EXCEPTION, **DAILY}],
        }
    },
]


@pytest.mark.parametrize("fault", RECORDERS_AT_FAULT)
def test_a_mended_recorder_is_what_the_control_asks_and_records_no_less(fault):
    judge = control("account_config_recording").rule.judge
    before = an_account(recorders=[fault])
    assert judge(before).compliance == "NON_COMPLIANT"
    [recorder] = before[RECORDERS]
    mended = recording_s3(recorder)
    assert judge(an_account(recorders=[{**recorder, **mended}])).compliance == "COMPLIANT"
    assert len((mended.get("recordingMode") or {}).get("recordingModeOverrides", [])) <= 1
    kept = (mended["recordingGroup"].get("exclusionByResourceTypes") or {}).get("resourceTypes")
    assert fault.get("recordingGroup") is not EXCLUDING or kept == ["AWS::EC2::Instance"]
    included = mended["recordingGroup"].get("resourceTypes") or ()
    assert fault.get("recordingGroup") is not INCLUDING or included == [
        "AWS::EC2::Instance",
        *RECORDED,
    ]


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
DATA = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}


@pytest.mark.parametrize(
    ("selectors", "tells"),
    [
        ({"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All"}]}, True),
        ({"EventSelectors": [{"IncludeManagementEvents": False}]}, False),
        (
            {"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "ReadOnly"}]},
            False,
        ),
        ({"AdvancedEventSelectors": [DATA]}, False),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT]}, DATA]}, True),
        (
            {"AdvancedEventSelectors": [{"FieldSelectors": [
                MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}]}]},
            False,
        ),
        (
            {"AdvancedEventSelectors": [{"FieldSelectors": [
                MANAGEMENT, {"Field": "eventSource", "NotEquals": ["s3.amazonaws.com"]}]}]},
            False,
        ),
    ],
)  # fmt: skip
def test_a_trail_tells_of_writes_by_its_selectors_and_is_mended_without_losing_any(
    selectors, tells
):
    trail = {"TrailARN": "arn:aws:cloudtrail:r:1:trail/t", "HomeRegion": "r", **selectors}
    assert tells_of_writes(trail) is tells
    *_, option, wanted = shlex.split(selecting(trail))
    member = {"--event-selectors": "EventSelectors"}.get(option, "AdvancedEventSelectors")
    assert tells_of_writes({**trail, member: json.loads(wanted)})
    if DATA in selectors.get("AdvancedEventSelectors", ()):
        assert DATA in json.loads(wanted)


def test_an_account_without_a_region_is_told_to_name_one(account, bucketward, monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    create(account, "acme-more")
    assert refused(bucketward("doctor"), "No Region is set; name the stack's with --region")
