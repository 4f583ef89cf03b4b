"""AWS Config's schedule: what makes no configuration item is found and put back all the same."""

import pytest

from bucketward_tools.local import TemplateError
from bucketward_tools.local.events import ApiCall, Evaluated, Invoked
from local.deployment import deploy
from local.story import create, of_kind, verdicts

CONTROL = "bucket_acls_disabled"
HERE = {"LocationConstraint": "eu-central-1"}


@pytest.fixture
def account():
    with deploy([CONTROL, "bucket_versioning"], {"Remediation": "all"}) as opened:
        create(opened, "acme-a")
        create(opened, "acme-b")
        opened.settle()
        opened.events.clear()
        yield opened


def loosen(account, bucket):
    account.client("s3").put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    account.settle()


def test_drift_that_makes_no_item_waits_for_the_schedule(account):
    loosen(account, "acme-a")
    assert of_kind(account, Evaluated) == []
    account.schedule(CONTROL)
    account.settle()
    account.schedule(CONTROL)
    account.settle()
    assert verdicts(account, CONTROL, "acme-a") == ["NON_COMPLIANT", "COMPLIANT"]
    assert verdicts(account, CONTROL, "acme-b") == ["COMPLIANT", "COMPLIANT"]
    ownership = account.snapshot("acme-a")["ownership"]
    assert ownership == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_more_than_a_hundred_buckets_are_reported_in_several_calls():
    with deploy([CONTROL], {"Remediation": "none"}) as account:
        account.trail.hold()  # the monitor would capture 101 buckets, which takes long
        names = [f"acme-{number:03}" for number in range(101)]
        for name in names:
            account.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
        account.schedule(CONTROL)
        account.settle()
        (scheduled,) = [each for each in of_kind(account, Invoked) if "buckets" in each.result]
        assert scheduled.result["buckets"] == "101"
        calls = [each for each in of_kind(account, ApiCall) if each.operation == "PutEvaluations"]
        assert [len(each.params["Evaluations"]) for each in calls[:2]] == [100, 1]
        assert {account.compliance(CONTROL, name) for name in names} == {"COMPLIANT"}


def test_a_bucket_that_cannot_be_read_leaves_the_others_judged_until_it_can(account):
    account.fail("GetBucketOwnershipControls", "AccessDenied", times=1)
    account.schedule(CONTROL)
    account.settle()
    first, second = of_kind(account, Invoked)
    assert "could not judge 1 buckets" in first.error
    assert (second.attempt, second.result["buckets"]) == (2, "2")
    assert sum(len(verdicts(account, CONTROL, each)) for each in ("acme-a", "acme-b")) == 3


def test_a_rule_without_a_schedule_has_none(account):
    with pytest.raises(TemplateError, match="no schedule"):
        account.schedule("bucket_versioning")
