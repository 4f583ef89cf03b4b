"""Settings of every test: no AWS account in reach, and hypothesis the same everywhere."""

import os
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: a red build must be red for its author as well. No deadline: no timed tests.
settings.register_profile(
    "default",
    max_examples=50,  # CI has two cores and a quarter of an hour; `nightly` looks further
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("nightly", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


SLOW = {
    "test_account_cases.py",
    "test_convergence.py",
    "test_guard.py",
    "test_reconciler.py",
    "test_watching_roles.py",
}
"""Modules of long stories in virtual time: `make slow` runs them, CI's two cores do not."""


def pytest_collection_modifyitems(items):
    for item in items:
        of_config = item.path.name == "test_scenarios.py" and "[config" in item.name
        if item.path.name in SLOW or of_config:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def aws_environment():
    """Credentials that are none, and a Region, so that no test depends on the machine's own.

    What a test leaves in the environment, as a command's ``--profile`` does, goes with it.
    """
    with patch.dict(os.environ):
        for name in list(os.environ):
            if name.startswith(("AWS_", "BUCKETWARD_", "POWERTOOLS_")):
                del os.environ[name]
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        yield
