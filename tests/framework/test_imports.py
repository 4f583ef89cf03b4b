"""What a function pays for at its start: nothing that it does not use."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bucketward
from bucketward_tools.catalogue import load

ROOT = Path(__file__).parents[2]


def imported(statement, **environment):
    code = f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; "
    code += "print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return set(json.loads(done.stdout))


RULES = sorted(path.stem for path in (ROOT / "rules").glob("*.py"))


@pytest.mark.parametrize("stem", RULES)
def test_a_rule_starts_without_aws_and_without_what_remediations_use(stem):
    modules = imported(f"import rules.{stem}")

    unused = {"boto3", "rdklib", "aws_lambda_powertools", "bucketward.remediation"}
    assert (unused | _not_judged(stem)).isdisjoint(modules)


def _not_judged(stem):
    reads = {aspect.name for aspect in load(ROOT / "rules" / f"{stem}.py").rule.reads}
    return set() if "policy" in reads else {"bucketward.policy"}


CHANGES = {"bucketward.changes", "bucketward._monitor", "bucketward._batch"}
"""What only the monitors use: records of CloudTrail, and Powertools' data classes of all events."""
LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "bucketward-Function"}


@pytest.mark.parametrize("stem", ["bucket_encryption", "bucket_policy_public", "bucket_drift"])
def test_a_rule_in_lambda_starts_with_all_that_an_event_needs_and_no_more(stem):
    modules = imported(f"import rules.{stem}", **LAMBDA)

    assert {"boto3", "rdklib", "bucketward._evaluate", "bucketward._exemption"} <= modules
    assert ("bucketward._baseline" in modules) == (stem == "bucket_drift")
    unused = CHANGES | {"bucketward.remediation", "bucketward._guard", "bucketward._account"}
    assert (unused | _not_judged(stem)).isdisjoint(modules)


@pytest.mark.parametrize("stem", ["bucket_encryption", "bucket_policy_public", "bucket_drift"])
def test_a_remediation_in_lambda_starts_without_rdklib_and_the_monitor(stem):
    modules = imported(f"import remediations.{stem}", **LAMBDA)

    assert {"boto3", "bucketward._remediate", "bucketward._guard"} <= modules
    assert (CHANGES | {"rdklib", "bucketward._account"}).isdisjoint(modules)


@pytest.mark.parametrize("stem", ["change_monitor", "reconciler"])
def test_a_monitor_starts_without_rdklib_and_what_reverts(stem):
    modules = imported(f"import monitors.{stem}")

    assert {"boto3", "bucketward._monitor"} <= modules
    assert {"rdklib", "bucketward.remediation", "bucketward._guard"}.isdisjoint(modules)
    assert ("bucketward._batch" in modules) == (stem == "change_monitor")


def test_comparing_patterns_does_not_load_the_judgement_of_policies():
    """Exemptions and authorisations are patterns, and every event is compared with them."""
    modules = imported("import bucketward.entry, bucketward.changes.principal")

    assert "bucketward.policy" not in modules


def test_every_public_name_is_there():
    for name in bucketward.__all__:
        assert getattr(bucketward, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        bucketward.nothing  # noqa: B018
