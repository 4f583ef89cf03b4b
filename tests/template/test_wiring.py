"""What calls what: functions, rules and remediations."""

import re

import pytest

from bucketward import Automatic
from bucketward_tools.catalogue import ROOT, load

from .conftest import holds

CHANGES = ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")


def test_every_handler_exists_in_its_code(shipped):
    for function in shipped.source["Resources"].values():
        if function["Type"] == "AWS::Serverless::Function":
            properties = function["Properties"]
            module, _, name = properties["Handler"].rpartition(".")
            assert callable(getattr(load(ROOT / properties["CodeUri"] / f"{module}.py"), name))


def test_all_functions_share_one_layer_and_its_runtime(app):
    [layer] = app.of_type("AWS::Lambda::LayerVersion")
    assert layer.startswith("FrameworkLayer")
    compatible = app.properties(layer)
    for function in app.of_type("AWS::Lambda::Function").values():
        assert function["Properties"]["Layers"] == [{"Ref": layer}]
        assert [function["Properties"]["Runtime"]] == compatible["CompatibleRuntimes"]
        assert function["Properties"]["Architectures"] == compatible["CompatibleArchitectures"]


def test_a_lost_evaluation_goes_to_the_queue(app):
    for control in app.controls.values():
        assert app.properties(f"{control.name}RuleFunction")["DeadLetterConfig"] == {
            "TargetArn": {"Fn::GetAtt": ["EvaluationDeadLetters", "Arn"]}
        }


MONITORS = {
    "ChangeMonitorFunction",
    "NotifierFunction",
    "ObjectMonitorFunction",
    "ReconcilerFunction",
}


def test_every_function_logs_to_a_group_that_forgets(app):
    for name, function in app.of_type("AWS::Lambda::Function").items():
        group = "RuleLogs" if name.endswith("RuleFunction") else "RemediationLogs"
        group = "MonitorLogs" if name in MONITORS else group
        assert function["Properties"]["LoggingConfig"] == {"LogGroup": {"Ref": group}}
        assert app.properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}


SCOPES = {
    "access_point_public_access_block": ["AWS::S3::AccessPoint"],
    "account_cloudtrail_data_events": ["AWS::CloudTrail::Trail"],
    "account_config_recording": None,
    "account_detective_services": None,
    "account_policy_change_alarm": None,
    "account_public_access_block": ["AWS::S3::AccountPublicAccessBlock"],
    "multi_region_access_point_public_access_block": ["AWS::S3::MultiRegionAccessPoint"],
}
"""Whose changes wake the rules that do not judge buckets; None: only their schedule does."""


def test_rules_judge_changes_of_their_resources_and_the_account_on_a_schedule(app):
    for control in app.controls.values():
        rule = app.resources[f"{control.name}Rule"]
        source = rule["Properties"]["Source"]
        assert rule["DependsOn"] == f"{control.name}RulePermission"
        stem = re.sub(r"_\d+$", "", control.stem)  # of a copy, in the extended template
        types = SCOPES.get(stem, ["AWS::S3::Bucket"])
        scope = {"ComplianceResourceTypes": types} if types else None
        assert rule["Properties"].get("Scope") == scope
        assert source["SourceIdentifier"] == {"Fn::GetAtt": [f"{control.name}RuleFunction", "Arn"]}
        changes = {
            "ConfigurationItemChangeNotification",
            "OversizedConfigurationItemChangeNotification",
        }
        scheduled = control.rule.live or control.stem.startswith("account_")
        assert {each["MessageType"] for each in source["SourceDetails"]} == {
            *(changes if types else ()),
            *(["ScheduledNotification"] if scheduled else []),
        }
        for each in source["SourceDetails"]:
            daily = each["MessageType"] == "ScheduledNotification"
            assert (each.get("MaximumExecutionFrequency") == "TwentyFour_Hours") == daily


def test_remediations_give_the_document_its_parameters(app):
    for control in app.controls.values():
        if control.remediation:
            remediation = app.properties(f"{control.name}Remediation")
            assert remediation["ConfigRuleName"] == {"Ref": f"{control.name}Rule"}
            assert remediation["TargetType"] == "SSM_DOCUMENT"
            assert remediation["TargetId"] == {"Ref": "RemediationDocument"}
            assert remediation["Parameters"].keys() == app.document["parameters"].keys()
            assert remediation["Parameters"] == {
                "AutomationAssumeRole": {
                    "StaticValue": {"Values": [{"Fn::GetAtt": ["AutomationRole", "Arn"]}]}
                },
                "FunctionName": {
                    "StaticValue": {"Values": [{"Ref": f"{control.name}RemediationFunction"}]}
                },
                "ResourceId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
            }


@pytest.mark.parametrize(
    ("setting", "running"),
    [
        ("none", set()),
        ("recommended", {Automatic.RECOMMENDED}),
        ("all", {Automatic.RECOMMENDED, Automatic.ALL}),
    ],
)
def test_a_remediation_runs_by_itself_where_the_stack_says_so(app, setting, running):
    conditions = app.translated["Conditions"]
    for control in app.controls.values():
        if control.remediation:
            automatic = app.properties(f"{control.name}Remediation")["Automatic"]
            expected = control.remediation.automatic in running
            assert holds(automatic, conditions, {"Remediation": setting}) is expected


def test_nothing_runs_by_itself_until_somebody_says_so(app):
    assert app.translated["Parameters"]["Remediation"]["Default"] == "none"
