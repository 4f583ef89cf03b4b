"""The application fits into what CloudFormation, IAM and AWS Config accept, with room."""

import json
import re

import pytest

from .conftest import CONTROLS

RESOURCES, PARAMETERS, OUTPUTS, BYTES = 500, 200, 200, 1_000_000
MAPPINGS, ATTRIBUTES = 200, 200
INLINE_POLICIES = 10_240
PATTERN = 2048
ENVIRONMENT = 4_096
LONGEST = 160
"""Characters of a name or ARN: a stack's name has up to 128, and CloudFormation adds to it."""
PARAMETERS_TOGETHER = 1_024
"""Characters of InputParameters that AWS Config accepts."""


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


def test_twice_as_many_controls_fit(extended):
    assert len(extended.controls) == 64
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
    others = CONTROLS - len(remediated)  # the fixture's controls without a remediation
    assert others < 20
    assert len(filled.replace(" ", "")) + others * len(f'"{arn}",') <= INLINE_POLICIES


def longest(value, app):
    """Fill a value with the longest texts that a stack could have for it."""
    found = value
    match value:
        case {"Fn::If": [_, *either]}:
            found = max((longest(each, app) for each in either), key=lambda x: len(json.dumps(x)))
        case {"Ref": name}:
            found = "x" * _longest_text(name, app)
        case {"Fn::Join": [str(), {"Ref": "ObjectAlertBuckets"}]}:
            # An event pattern of 2,048 characters holds them twice, so they are few or short.
            found = "x" * 4096
        case {"Fn::GetAtt": _} | {"Fn::FindInMap": _}:
            found = "x" * LONGEST
        case {"Fn::Sub": [str(text), dict(names)]}:
            found = _substituted(text, app, names)
        case {"Fn::Sub": str(text)}:
            found = _substituted(text, app, {})
        case dict():
            found = {key: longest(each, app) for key, each in value.items()}
        case list():
            found = [longest(each, app) for each in value]
    return found


def _longest_text(name, app):
    if name in app.source["Parameters"]:
        declared = app.source["Parameters"][name]
        values = map(str, declared.get("AllowedValues", [""]))
        return max(declared.get("MaxLength", 0), *map(len, values))
    return {"AWS::NoValue": 0, "AWS::StackId": 228}.get(name, LONGEST)


def _substituted(text, app, names):
    def filled(hole):
        return longest(names.get(hole[1], {"Ref": hole[1]}), app)

    return re.sub(r"\$\{([^}]+)\}", filled, text)


def test_a_role_s_policies_fit(app):
    """IAM counts all inline policies of a role together, without white space."""
    for name in app.of_type("AWS::IAM::Role"):
        if name != "AutomationRole":  # above
            filled = longest(app.properties(name).get("Policies", []), app)
            documents = [each["PolicyDocument"] for each in filled]
            assert len(json.dumps(documents, separators=(",", ":"))) <= INLINE_POLICIES, name


def test_a_function_s_environment_fits(app):
    """Lambda takes 4 KB of names and values together."""
    for name, function in app.of_type("AWS::Lambda::Function").items():
        variables = longest(function["Properties"]["Environment"]["Variables"], app)
        given = variables.pop("BUCKETWARD_PARAMETERS", "")
        # A rule that has these parameters as well takes no more of them together.
        size = min(len(given), PARAMETERS_TOGETHER) + sum(
            len(k) + len(v) for k, v in variables.items()
        )
        assert size <= ENVIRONMENT, (name, size)


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
