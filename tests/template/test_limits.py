"""The application fits into what CloudFormation, IAM and AWS Config accept, with room."""

import json
import re

import pytest

RESOURCES, PARAMETERS, OUTPUTS, BYTES = 500, 200, 200, 1_000_000
MAPPINGS, ATTRIBUTES = 200, 200
INLINE_POLICIES = 10_240
PATTERN = 2048


def test_a_control_is_at_most_six_resources(app):
    for stem, control in app.controls.items():
        own = {
            f"{control.name}{part}"
            for part in ("RuleFunction", "RulePermission", "Rule")
            + (
                ("RemediationFunction", "RemediationRole", "Remediation")
                * bool(control.remediation)
            )
        }
        prefix = rf"{control.name}R(ule|emediation)"
        named = {name for name in app.resources if re.match(prefix, name)}
        assert named == own, stem


def test_nothing_but_the_controls_grows_with_them(shipped, extended):
    def shared(app):
        own = tuple(f"{control.name}R" for control in app.controls.values())
        return {name for name in app.source["Resources"] if not name.startswith(own)}

    assert shared(shipped) == shared(extended)


def test_seventy_controls_fit(extended):
    assert len(extended.controls) == 70
    assert len(extended.resources) <= RESOURCES
    assert len(extended.translated["Parameters"]) <= PARAMETERS
    assert len(extended.translated["Outputs"]) <= OUTPUTS
    assert len(extended.controls) <= len(extended.translated["Mappings"]) <= MAPPINGS
    for rows in extended.translated["Mappings"].values():
        # AWS does not say whether rows, columns or entries are the attributes.
        assert sum(map(len, rows.values())) <= ATTRIBUTES
    assert len(json.dumps(extended.translated)) < BYTES
    assert len(extended.text.encode()) < BYTES


def test_the_automation_role_can_name_seventy_functions(extended):
    arn = f"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:{'f' * 64}"
    filled = re.sub(
        r'{"Fn::If": \["Deploy\w+", {"Fn::GetAtt": \[[^]]*\]}, {"Ref": "AWS::NoValue"}\]}',
        f'"{arn}"',
        json.dumps(extended.properties("AutomationRole")["Policies"]),
    )
    remediated = [each for each in extended.controls.values() if each.remediation]
    assert filled.count(arn) == len(remediated)
    assert len(remediated) > 60
    assert len(filled.replace(" ", "")) <= INLINE_POLICIES


def test_every_role_fits_into_what_iam_accepts_inline(app):
    for role in app.of_type("AWS::IAM::Role"):
        if role != "AutomationRole":  # above, with its ARNs filled in
            text = json.dumps(app.properties(role)["Policies"]).replace(" ", "")
            # An intrinsic function is longer than what it gives, and IAM counts no spaces.
            assert len(text) <= INLINE_POLICIES * 0.75, role


def test_the_pattern_of_what_is_left_to_people_fits(app):
    """EventBridge takes 2,048 characters; a stack's name may have 128, most have under 32."""
    pattern = json.dumps(app.properties("LeftToPeople")["EventPattern"]).replace(" ", "")
    filled = re.sub(
        r'{"Fn::Sub":"\${AWS::StackName}([^"]*)"}', lambda m: f'"{"s" * 32}{m[1]}"', pattern
    )
    assert len(filled) <= PATTERN


def test_names_and_descriptions_fit(app):
    for rule in app.of_type("AWS::Config::ConfigRule").values():
        name = rule["Properties"]["ConfigRuleName"]["Fn::Sub"]
        # A stack's name may have 128 characters; a rule's name, which holds it, no more.
        assert len(name.replace("${AWS::StackName}", "")) <= 128 - 63
        assert 0 < len(rule["Properties"]["Description"]) <= 256
    for function in app.of_type("AWS::Lambda::Function").values():
        assert 0 < len(function["Properties"]["Description"]) <= 256
        assert len(function["Properties"]["Handler"]) <= 128


def test_no_role_function_or_document_has_a_fixed_name(app):
    """CAPABILITY_IAM is enough, two stacks fit into one account, and replacing always works."""
    fixed = {"RoleName", "FunctionName", "QueueName", "TopicName", "LogGroupName", "AlarmName"}
    for name, resource in app.resources.items():
        properties = resource.get("Properties", {})
        assert not [key for key in fixed if isinstance(properties.get(key), str)], name
    assert "Name" not in app.properties("RemediationDocument")
    assert "UpdateMethod" not in app.properties("RemediationDocument")


@pytest.mark.parametrize("literal", ["arn:aws:", "arn:aws-cn:", "us-east-1", "amazonaws.com.cn"])
def test_no_partition_or_region_is_literal(app, literal):
    assert literal not in app.text
    assert literal not in json.dumps(app.translated)
