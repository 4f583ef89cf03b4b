"""What a function pays for at its start: nothing that it does not use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bucketward
from bucketward_tools.catalogue import load

ROOT = Path(__file__).parents[2]


def imported(statement):
    code = f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; "
    code += "print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout))


RULES = sorted(path.stem for path in (ROOT / "rules").glob("*.py"))


@pytest.mark.parametrize("stem", RULES)
def test_a_rule_starts_without_aws_and_without_what_remediations_use(stem):
    modules = imported(f"import rules.{stem}")

    unused = {"boto3", "rdklib", "aws_lambda_powertools", "bucketward.remediation"}
    if "policy" not in {aspect.name for aspect in load(ROOT / "rules" / f"{stem}.py").rule.reads}:
        unused.add("bucketward.policy")
    assert unused.isdisjoint(modules)


@pytest.mark.parametrize("stem", ["account_policy_change_alarm", "bucket_acl_public"])
def test_a_remediation_starts_without_rdklib(stem):
    modules = imported(f"import remediations.{stem}, bucketward._remediate")

    assert "rdklib" not in modules
    assert "boto3" in modules


def test_every_public_name_is_there():
    for name in bucketward.__all__:
        assert getattr(bucketward, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        bucketward.nothing  # noqa: B018
