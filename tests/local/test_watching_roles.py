"""The roles of the monitor, the reconciler and the drift control have no permission to spare.

One story needs every action that they have, and nothing is refused in it. (That a refusal shows is
for test_roles and for the tests of faults: what is denied raises, and ends in a queue.)
"""

import pytest

from bucketward.aspects import ASPECTS
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import Denied
from local import convergence as world
from local.deployment import only
from local.story import of_kind
from local.test_monitor import LAKE
from local.test_roles import spare

ROLES = ("ChangeMonitorRole", "ReconcilerRole", "BucketDriftRemediationRole")


ELSEWHERE = {
    # Asked once a process, which the functions share here and not in AWS.
    "cloudformation:ListStackResources",
    "kms:VerifyMac",
    "iam:PassRole",  # to S3, with a replication
    "s3:ListAllMyBuckets",  # to judge a replication
    "ssm:StartAutomationExecution",  # of three ARNs, of which AWS's pages name one or another
    "sqs:SendMessage",  # the reconciler's failed runs: test_reconciler
}
"""What other stories need."""


def open_story(then=None):
    parameters = world.PARAMETERS | {"DangerousChanges": "alert"}
    return LocalAccount(parameters=parameters, edit=only(["bucket_drift"], then))


def tell(account):
    pipeline = account.client("s3", world.PEOPLE["pipeline"])
    where = {"LocationConstraint": account.place.region}
    pipeline.create_bucket(Bucket="acme-new", CreateBucketConfiguration=where)
    account.settle()
    world.create(account, LAKE)
    _overtaken(account)
    _put_back(account)
    _unheard(account)
    account.client("s3", world.PEOPLE["mallory"]).delete_bucket(Bucket=LAKE)
    account.settle()
    for schedule in ("Hourly", "Daily"):
        account.schedule(f"ReconcilerFunction{schedule}")
        account.settle()


def _overtaken(account):
    """Let an approval be withdrawn, and one more follow."""
    tags = world.GOOD["tagging"]
    account.trail.disturb(copies=2)  # asks which changes are known
    pipeline = account.client("s3", world.PEOPLE["pipeline"])
    world.send(pipeline, LAKE, "tagging", tags[0])
    account.clock.run(5)
    account.trail.disturb(delay=200)
    world.send(account.client("s3", world.PEOPLE["mallory"]), LAKE, "tagging", tags[1])
    account.settle()
    world.send(pipeline, LAKE, "tagging", tags[0])
    account.settle()


def _put_back(account):
    """Let every aspect drift, one after the other, and be put back."""
    mallory = account.client("s3", world.PEOPLE["mallory"])
    for name, documents in world.EVIL.items():
        if name == "acl":
            continue  # S3 takes none where the bucket's owner owns all
        world.send(mallory, LAKE, name, documents[0])
        account.settle()
        account.clock.run(900)  # five within an hour would be a war


def _unheard(account):
    account.trail.disturb(drop=True)
    mallory = account.client("s3", world.PEOPLE["mallory"])
    world.send(mallory, LAKE, "metrics", world.EVIL["metrics"][0])
    account.clock.run(4000)
    account.schedule("ReconcilerFunctionDaily")
    account.clock.run(1)
    account.schedule("bucket_drift")
    account.settle()


@pytest.fixture(scope="module")
def told():
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", "testing")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        with open_story() as account:
            tell(account)
    assert of_kind(account, Denied) == []
    return account


@pytest.mark.parametrize("role", ROLES)
def test_every_action_is_needed_by_somebody(told, role):
    needless = {action for action, _ in spare(told, role)} - ELSEWHERE
    # Writes of the aspects that the story leaves alone are in test_restore, each.
    needless -= {operation.action for aspect in ASPECTS.values() for operation in aspect.writes}
    assert needless == set()
