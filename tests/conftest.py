"""Settings of every test: no AWS account in reach, and hypothesis the same everywhere."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: a red build must be red for its author as well. No deadline: no timed tests.
settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("nightly", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch):
    """Credentials that are none, and a Region, so that no test depends on the machine's own."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "BUCKETWARD_", "POWERTOOLS_")):
            monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
