"""Settings of every test: no AWS account in reach, and hypothesis the same everywhere."""

import os

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


OF_AWS = ("AWS_", "BUCKETWARD_", "POWERTOOLS_")


@pytest.fixture(autouse=True)
def aws_environment():
    """Credentials that are none, and a Region, so that no test depends on the machine's own.

    What a test leaves in the environment, as a command's ``--profile`` does, goes with it.
    """
    before = emptied()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    yield
    emptied()
    os.environ |= before


def emptied():
    """Take what concerns AWS out of the environment, and return it."""
    return {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(OF_AWS)}
