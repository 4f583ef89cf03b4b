"""What must hold of every control's declarations, whoever adds it."""

from dataclasses import MISSING, fields
from typing import get_type_hints

import pytest

from bucketward.parameters import config_name
from bucketward_tools.catalogue import ROOT, Control, controls

EVERY = [pytest.param(control, id=stem) for stem, control in controls().items()]
SECTIONS = ["## Why is this bad?", "## What it checks", "## Remediation safety", "## References"]


@pytest.mark.parametrize("control", EVERY)
def test_documentation_has_a_title_and_the_four_sections_in_order(control: Control):
    lines = control.rule.doc.splitlines()
    assert lines[0].endswith(".")
    assert len(lines[0]) <= 100
    assert not lines[0].startswith("Ensure")
    assert [line for line in lines if line.startswith("## ")] == SECTIONS


@pytest.mark.parametrize("control", EVERY)
def test_a_control_is_named_by_its_file(control: Control):
    assert control.rule.control == control.stem
    if control.remediation:
        assert control.remediation.control == control.stem


def test_every_remediation_has_a_rule():
    remediations = {path.stem for path in (ROOT / "remediations").glob("*.py")}
    assert remediations <= set(controls())


@pytest.mark.parametrize("control", EVERY)
def test_parameters_are_described_and_parse_their_own_default(control: Control):
    for field in fields(control.rule.parameters):
        assert field.metadata["description"].endswith(".")
        default = field.default
        assert default is not MISSING
        text = ",".join(default) if isinstance(default, tuple) else str(default).lower()
        given = {config_name(field.name): text}
        assert getattr(control.rule.parse_parameters(given), field.name) == default


@pytest.mark.parametrize("control", EVERY)
def test_remediation_takes_its_parameters_from_the_rule(control: Control):
    if control.remediation is None:
        return
    declared = {field.name: field for field in fields(control.rule.parameters)}
    types = get_type_hints(control.rule.parameters)
    for field in fields(control.remediation.parameters):
        assert field.default == declared[field.name].default
        assert get_type_hints(control.remediation.parameters)[field.name] == types[field.name]


@pytest.mark.parametrize("control", EVERY)
def test_declared_calls_write_only_aspects_that_are_read(control: Control):
    if control.remediation is None:
        return
    read = {aspect.name for aspect in control.remediation.reads}
    assert {operation.aspect for operation in control.remediation.calls} <= read
    assert not any(
        operation.name.startswith(("Get", "List")) for operation in control.remediation.calls
    )
