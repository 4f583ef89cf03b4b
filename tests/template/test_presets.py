"""The stack's parameter Framework: which controls each value deploys, and with which parameters."""

import json

import pytest

from bucketward.parameters import config_name
from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.frameworks import PRESETS, frameworks
from bucketward_tools.generate import settings

FOUND = frameworks()


def listed(preset):
    """Return the controls that the data names for a preset, read without the tool's own answer."""
    return {
        stem
        for framework in FOUND
        if framework.preset == preset
        for item in framework.requirements
        for stem in item.controls
    }


def compares():
    """Return the control that no standard asks for, and that each is the better for."""
    return {stem for stem, control in controls().items() if control.rule.compares}


def optional():
    return {stem for stem, control in controls().items() if control.rule.opt_in}


EXPECTED = {
    "all": lambda: set(controls()) - optional(),
    "cis": lambda: listed("cis") | compares(),
    "fsbp": lambda: listed("fsbp") | compares(),
    "strict": lambda: set(controls()),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_deploys_exactly_its_controls(shipped, preset):
    assert shipped.deployed(Framework=preset) == EXPECTED[preset]()
    assert EXPECTED[preset]()


def test_nothing_set_deploys_all_but_what_must_be_asked_for(app):
    expected = {stem for stem, control in app.controls.items() if not control.rule.opt_in}
    assert app.deployed() == expected
    assert expected != set(app.controls)


def test_the_parameter_takes_the_presets_and_no_other_value(app):
    assert app.source["Parameters"]["Framework"]["AllowedValues"] == list(PRESETS)
    assert app.source["Parameters"]["Framework"]["Default"] == "all"


def test_every_control_says_for_every_preset_whether_it_is_deployed(app):
    for control in app.controls.values():
        for row in app.source["Mappings"][control.name].values():
            assert row.keys() == set(PRESETS)
            assert {type(value) for value in row.values()} == {str}
        assert set(app.source["Mappings"][control.name]["Deployed"].values()) <= {"true", "false"}


def test_a_control_that_is_left_out_leaves_no_resource(shipped):
    stack = shipped.stack(Framework="cis")
    rules = {name for name, _ in stack.of_type("AWS::Config::ConfigRule")}
    assert rules == {f"{controls()[stem].name}Rule" for stem in listed("cis") | compares()}
    arns = json.dumps(stack.resolve(shipped.statements("AutomationRole")))
    assert "BucketPublicAccessBlockRemediationFunction" in arns
    assert "BucketCorsRemediationFunction" not in arns


def told(app, control, **given):
    """Return what AWS Config gives the rule, and what the remediation reads, in one stack."""
    stack = app.stack(**given, **{f"Deploy{control.name}": "true"})
    rule = stack.resolve(app.properties(f"{control.name}Rule")).get("InputParameters", {})
    if control.remediation is None:
        return rule, None
    function = stack.resolve(app.properties(f"{control.name}RemediationFunction"))
    variables = function.get("Environment", {}).get("Variables", {})
    return rule, json.loads(variables.get("BUCKETWARD_PARAMETERS", "{}"))


@pytest.mark.parametrize("preset", PRESETS)
def test_parameters_have_the_values_that_the_preset_asks_for_and_else_their_defaults(
    shipped, preset
):
    for stem, control in controls().items():
        asked = {
            name: by_preset[preset]
            for name, by_preset in FOUND.asked(stem).items()
            if preset in by_preset
        }
        rule, remediation = told(shipped, control, Framework=preset)
        assert "" not in rule.values(), "AWS Config refuses an empty value"
        assert control.rule.parse_parameters(rule) == control.rule.parse_parameters(asked)
        if remediation is not None:
            own = {name: value for name, value in asked.items() if name in remediation}
            parse = control.remediation.parse_parameters
            assert parse(remediation) == parse(own)


def test_strict_asks_for_at_least_what_any_preset_does():
    for stem in controls():
        for by_preset in FOUND.asked(stem).values():
            assert "strict" in by_preset
            assert set(by_preset.values()) == {by_preset["strict"]}


def test_a_parameter_that_is_set_counts_for_the_rule_and_the_remediation(shipped):
    transport = controls()["bucket_secure_transport"]
    strict = {"minimumTlsVersion": "1.2"}
    assert told(shipped, transport, Framework="strict") == (strict, strict)
    own = {"minimumTlsVersion": "1.3"}
    given = {"Framework": "strict", "BucketSecureTransportMinimumTlsVersion": "1.3"}
    assert told(shipped, transport, **given) == (own, own)


def test_a_parameter_that_a_preset_asks_for_is_empty_by_default_and_says_so(shipped):
    found = 0
    for control in controls().values():
        for logical in settings.values(control, FOUND):
            declared = shipped.source["Parameters"][logical]
            assert declared["Default"] == ""
            assert "Framework" in declared["Description"]
            found += 1
    assert found == sum(len(FOUND.asked(stem)) for stem in controls())


def test_the_page_of_frameworks_says_what_to_set(shipped):
    page = (ROOT / "docs/frameworks.md").read_text(encoding="utf-8")
    for framework in FOUND:
        for stem, control in controls().items():
            for name, value in framework.asked(stem).items():
                [logical] = [
                    each
                    for each, field in settings.declared(control).items()
                    if config_name(field.name) == name
                ]
                assert f"`{logical}={value}`" in page
