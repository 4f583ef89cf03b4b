"""samconfig.toml has what `sam build && sam deploy` would otherwise ask for or refuse."""

import tomllib

import pytest

from bucketward_tools.catalogue import ROOT


@pytest.fixture
def config():
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    return {command: each["parameters"] for command, each in settings["default"].items()}


def test_deploying_needs_no_answer(config):
    deploy = config["global"] | config["deploy"]
    assert deploy["stack_name"]
    assert deploy["confirm_changeset"] is False
    assert deploy["resolve_s3"] is True
    assert not deploy.get("guided")


def test_the_capability_is_as_much_as_the_roles_need_and_no_more(config, app):
    roles = app.of_type("AWS::IAM::Role").values()
    assert roles
    assert not [role for role in roles if "RoleName" in role["Properties"]]
    assert config["deploy"]["capabilities"] == "CAPABILITY_IAM"


def test_building_needs_no_container(config):
    assert config["build"]["use_container"] is False


def test_every_parameter_has_a_default(app):
    assert not [name for name, each in app.source["Parameters"].items() if "Default" not in each]


def test_the_stack_s_name_leaves_room_for_the_longest_rule_s_name(config, app):
    for rule in app.of_type("AWS::Config::ConfigRule").values():
        name = rule["Properties"]["ConfigRuleName"]["Fn::Sub"]
        assert len(name.replace("${AWS::StackName}", config["global"]["stack_name"])) <= 128
