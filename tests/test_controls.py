"""Every case of every control: what the rule says, and what the remediation would call."""

import pytest

from bucketward import Compliance, Refused
from bucketward_tools.catalogue import Control, controls
from estate import CASES, case_baseline, case_calls, case_known, case_resource, cases

ALL = [
    pytest.param(control, case, id=f"{stem}: {case['name']}")
    for stem, control in controls().items()
    for case in cases(stem)
]


@pytest.mark.parametrize(("control", "case"), ALL)
def test_rule_judges_as_the_case_says(control: Control, case):
    parameters = control.rule.parse_parameters(case.get("parameters", {}))
    verdict = control.rule.judge(case_resource(control, case), parameters, case_baseline(case))
    assert (verdict.compliance.value, verdict.annotation) == (
        case["compliance"],
        case["annotation"],
    )


@pytest.mark.parametrize(
    ("control", "case"), [each for each in ALL if each.values[0].remediation is not None]
)
def test_remediation_plans_as_the_case_says(control: Control, case):
    remediation = control.remediation
    assert remediation
    known = case_known(case, remediation.parse_parameters(case.get("parameters", {})))
    if "refused" in case:
        with pytest.raises(Refused) as refusal:
            remediation.planned(case_resource(control, case), known)
        assert str(refusal.value) == case["refused"]
        return
    calls = remediation.planned(case_resource(control, case), known)
    assert [{call.operation.name: call.document} for call in calls] == case_calls(case)


@pytest.mark.parametrize("stem", controls())
def test_cases_show_both_sides_of_the_boundary(stem: str):
    verdicts = {case["compliance"] for case in cases(stem)}
    assert {Compliance.COMPLIANT.value, Compliance.NON_COMPLIANT.value} <= verdicts


def test_every_case_file_belongs_to_a_control():
    assert {path.stem for path in CASES.glob("*.yaml")} == set(controls())


@pytest.mark.parametrize("stem", controls())
def test_cases_hold_only_keys_that_are_read(stem: str):
    known = {
        "name", "bucket", "given", "parameters", "compliance", "annotation",
        "earlier", "others", "calls", "refused", "approved", "changes",
    }  # fmt: skip
    for case in cases(stem):
        assert case.keys() <= known, case["name"]
