"""The stack's parameters reach the rule and the remediation as one and the same text."""

import json
import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward.changes import from_parameter
from bucketward.channels import channels
from bucketward.errors import BadInput
from bucketward.parameters import config_name
from bucketward_tools import generate
from bucketward_tools.catalogue import controls
from bucketward_tools.frameworks import PRESETS

from .conftest import application, copied

KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/11111111-1111-4111-8111-111111111111"


def stack_parameter(control, each):
    return control.name + "".join(part.capitalize() for part in each.name.split("_"))


def accepts(app, name, value):
    declared = app.source["Parameters"][name]
    return bool(re.fullmatch(declared["AllowedPattern"], value)) and (
        len(value) <= declared["MaxLength"]
    )


def substituted(app, control, given):
    """Return the remediation's environment as CloudFormation would fill it in."""
    function = app.source["Resources"][f"{control.name}RemediationFunction"]
    variables = function["Properties"]["Environment"]["Variables"]
    return json.loads(app.stack(**given).resolve(variables)["BUCKETWARD_PARAMETERS"])


def test_every_field_is_a_parameter_with_its_default(app):
    for control in app.controls.values():
        for each in fields(control.rule.parameters):
            name = stack_parameter(control, each)
            default = app.source["Parameters"][name]["Default"]
            assert each.metadata["description"] in app.source["Parameters"][name]["Description"]
            assert accepts(app, name, default)
            parsed = control.rule.parse_parameters({config_name(each.name): default})
            assert parsed == control.rule.parameters()


def test_every_control_can_be_left_out(app):
    """Each of its resources hangs on its parameter, whatever the framework says."""
    for stem, control in app.controls.items():
        switch = app.source["Parameters"][f"Deploy{control.name}"]
        assert switch["Default"] == "default"
        assert switch["AllowedValues"] == ["default", "true", "false"]
        for preset in PRESETS:
            given = {"Framework": preset, f"Deploy{control.name}": "true"}
            assert stem in app.deployed(**given)
            assert stem not in app.deployed(**given | {f"Deploy{control.name}": "false"})
        own = rf"{control.name}R(ule|emediation)"
        resources = [each for name, each in app.resources.items() if re.match(own, name)]
        assert resources
        assert {each.get("Condition") for each in resources} == {f"Deploy{control.name}"}


def test_no_parameter_belongs_to_nothing(app):
    shared = {
        "AlertEmail",
        "AuthorisedRoles",
        "CentralBusArn",
        "CloudTrailLogGroup",
        "DangerousChanges",
        "FastRevert",
        "Framework",
        "LogRetentionDays",
        "Remediation",
        "Tracing",
    }
    shared |= {"AlertPhone", "ObjectAlertBuckets", "ObjectContentTypes", "ObjectTypes"}
    shared |= {each.parameter for each in channels().values()}
    shared |= {f"{each.prefix}Severity" for each in channels().values()}
    shared |= {f"Deploy{control.name}" for control in app.controls.values()}
    owned = {
        stack_parameter(control, each)
        for control in app.controls.values()
        for side in filter(None, (control.rule, control.remediation))
        for each in fields(side.parameters)
    }
    assert app.source["Parameters"].keys() == shared | owned
    groups = app.source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert {name for group in groups for name in group["Parameters"]} == shared | owned


def unset(app, control, logical):
    """Return what a rule gets for a parameter that is left empty."""
    if f"Asks{logical}" not in app.translated["Conditions"]:
        return {"Ref": "AWS::NoValue"}
    row = [control.name, logical.removeprefix(control.name), {"Ref": "Framework"}]
    return {"Fn::If": [f"Asks{logical}", {"Fn::FindInMap": row}, {"Ref": "AWS::NoValue"}]}


def test_a_rule_gets_its_parameters_and_no_empty_one(app):
    for control in app.controls.values():
        names = {
            config_name(each.name): stack_parameter(control, each)
            for each in fields(control.rule.parameters)
        }
        assert app.properties(f"{control.name}Rule").get("InputParameters", {}) == {
            name: {"Fn::If": [f"Has{logical}", {"Ref": logical}, unset(app, control, logical)]}
            for name, logical in names.items()
        }
        for logical in names.values():
            assert app.translated["Conditions"][f"Has{logical}"] == {
                "Fn::Not": [{"Fn::Equals": [{"Ref": logical}, ""]}]
            }


def test_a_remediation_gets_the_parameters_of_its_rule(app):
    for control in app.controls.values():
        if control.remediation and fields(control.remediation.parameters):
            defaults = {name: each["Default"] for name, each in app.source["Parameters"].items()}
            given = substituted(app, control, defaults)
            assert given.keys() == {
                config_name(each.name) for each in fields(control.remediation.parameters)
            }
            assert control.remediation.parse_parameters(given) == control.remediation.parameters()
            shared = {each.name for each in fields(control.rule.parameters)}
            for each in fields(control.remediation.parameters):
                if each.name in shared:
                    ours = control.rule.parse_parameters(
                        {n: v for n, v in given.items() if n == config_name(each.name)}
                    )
                    theirs = control.remediation.parse_parameters(given)
                    assert getattr(ours, each.name) == getattr(theirs, each.name)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("BucketEncryptionKmsKeyArns", KEY, True),
        ("BucketEncryptionKmsKeyArns", f"{KEY}, {KEY}", True),
        ("BucketEncryptionKmsKeyArns", f"{KEY},", False),
        ("BucketEncryptionKmsKeyArns", "alias/acme", False),
        ("BucketEncryptionKmsKeyArns", ",".join([KEY] * 13), False),
        ("BucketEncryptionAlgorithms", "aws:kms", True),
        ("BucketEncryptionAlgorithms", "AES128", False),
        ("BucketLoggingTargetBuckets", "acme-logs,acme-audit", True),
        ("BucketLoggingTargetBuckets", 'a", "x": "b', False),
        ("BucketLoggingTargetBuckets", "", True),
    ],
)
def test_cloudformation_refuses_what_the_control_would(shipped, name, value, accepted):
    assert accepts(shipped, name, value) is accepted


ROLE = "arn:aws:iam::111122223333:role/pipeline/Deploy"


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("", True),
        (ROLE, True),
        (f"{ROLE}, arn:aws-cn:iam::111122223333:role/ci-*", True),
        (f"{ROLE},arn:aws-us-gov:iam::{{account}}:role/*/c?", True),
        (f"{ROLE},", False),
        (f"{ROLE};{ROLE}", False),
        ("arn:aws:iam::111122223333:role/*", False),
        ("arn:aws:iam::111122223333:role/?/*", False),
        ("arn:aws:iam::111122223333:role//Deploy", False),
        ("arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/X", False),
        ("arn:aws:iam::111122223333:user/alice", False),
        ("arn:aws:iam::*:role/Deploy", False),
        ("arn:aws:iam::111122223333:root", False),
        ("arn:aws:sts::111122223333:assumed-role/Deploy/alice", False),
        ("Deploy", False),
        ("*", False),
        ("arn:aws:iam::111122223333:role/" + "x" * 2000, False),
    ],
)
def test_the_first_authorised_roles_are_whole_arns_of_known_accounts(shipped, value, accepted):
    assert accepts(shipped, "AuthorisedRoles", value) is accepted
    if accepted:  # else the monitor could not start
        assert len(from_parameter(value)) == len(value.split(",")) * bool(value)


@given(
    account=st.sampled_from(["111122223333", "{account}", "*", "12"]),
    name=st.text("/*?aZ9_+=,.@-:", max_size=12) | st.just("aws-service-role/s3.amazonaws.com/X"),
    kind=st.sampled_from(["role/", "role", "user/", "root"]),
)
def test_the_monitor_can_read_whatever_cloudformation_accepts(shipped, account, name, kind):
    value = f"arn:aws:iam::{account}:{kind}{name}"
    if accepts(shipped, "AuthorisedRoles", value):
        assert from_parameter(value)


def test_nothing_is_reverted_fast_and_what_is_dangerous_is_not_approved_by_default(app):
    declared = app.source["Parameters"]
    assert (declared["FastRevert"]["Default"], declared["DangerousChanges"]["Default"]) == (
        "false",
        "revert",
    )


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("Longest", "63", True),
        ("Longest", "a few", False),
        ("Dots", "false", True),
        ("Dots", "no", False),
        ("Prefix", "acme", True),
        ("Prefix", "acme,data", False),
    ],
)
def test_numbers_flags_and_texts_are_parameters_too(extended, field, value, accepted):
    assert accepts(extended, f"BucketName{field}", value) is accepted


def test_a_rule_s_parameters_fit_what_aws_config_accepts(app):
    for control in app.controls.values():
        given = {}
        for each in fields(control.rule.parameters):
            declared = app.source["Parameters"][stack_parameter(control, each)]
            given[config_name(each.name)] = declared["Default"]
            longest = given | {config_name(each.name): "x" * declared["MaxLength"]}
            assert len(json.dumps(longest)) <= 1024


def test_a_field_of_the_remediation_alone_must_say_what_it_is(tmp_path):
    root = copied(tmp_path)
    remediation = root / "remediations" / "bucket_logging.py"
    text = remediation.read_text(encoding="utf-8")
    field = "    target_buckets: tuple[str, ...] = ()\n"
    assert field in text
    remediation.write_text(text.replace(field, f'{field}    prefix: str = ""\n'), encoding="utf-8")
    with pytest.raises(BadInput, match=r"bucket_logging: declare prefix with parameter\(\)"):
        generate.files(root)


def test_a_field_of_the_remediation_alone_is_a_parameter_of_the_stack(tmp_path):
    root = copied(tmp_path)
    remediation = root / "remediations" / "bucket_logging.py"
    text = remediation.read_text(encoding="utf-8")
    field = "    target_buckets: tuple[str, ...] = ()\n"
    own = '    prefix: str = parameter("", "Prefix of the logs.", pattern="[a-z/]*")\n'
    text = text.replace(field, field + own).replace("    put,\n)", "    parameter,\n    put,\n)")
    remediation.write_text(text, encoding="utf-8")
    app = application(root)
    control = controls(root)["bucket_logging"]
    assert accepts(app, "BucketLoggingPrefix", "logs/")
    given = {"BucketLoggingTargetBuckets": "acme-logs", "BucketLoggingPrefix": "logs/"}
    assert substituted(app, control, given) == {"targetBuckets": "acme-logs", "prefix": "logs/"}
    assert "prefix" not in app.properties("BucketLoggingRule")["InputParameters"]
