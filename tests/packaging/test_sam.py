"""What sam itself says; skipped where it is not installed, `make check` installs it."""

import pytest
from samtranslator.yaml_helper import yaml_parse

from .conftest import SAM, resources, run

pytestmark = pytest.mark.skipif(SAM is None, reason="sam is neither on PATH nor in .venv-sam/")


def test_sam_validate_lint_accepts_the_template(project):
    assert "is a valid SAM Template" in run(project, SAM, "validate", "--lint")


def test_the_built_template_points_at_what_was_built(project, built):
    template = yaml_parse((built / "template.yaml").read_text(encoding="utf-8"))
    for name in resources(project):
        properties = template["Resources"][name]["Properties"]
        assert (properties.get("CodeUri") or properties.get("ContentUri")) == name
