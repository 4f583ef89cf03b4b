"""The estimate of costs counts what happens, and its arithmetic is that of AWS's price lists."""

from collections import Counter

import pytest

from bucketward.aspects import ASPECTS
from bucketward_tools import cost
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import ApiCall, Emitted, Invoked
from local.deployment import only

DEPLOY, MALLORY = "pipeline/Deploy", "Mallory"
SIZE = cost.Size(rules=10, daily=2, metrics=20, alarms=5, dashboards=1, queues=1)


def counted(account):
    """Return what the functions did since the last look, by what the estimate calls it."""
    kinds = Counter()
    for each in account.events:
        match each:
            case Invoked():
                kinds["invocations"] += 1
            case Emitted(source="bucketward"):
                kinds["alerts"] += 1
            case ApiCall(service="kms"):
                kinds["signatures"] += 1
            case ApiCall(service="s3", actor=actor) if "bucketward-" in actor:
                kinds["s3"] += 1
            case ApiCall(service="dynamodb", operation="Query" | "GetItem"):
                kinds["reads"] += 1
            case ApiCall(service="dynamodb"):
                kinds["writes"] += 1
    account.events.clear()
    return kinds


@pytest.fixture(scope="module")
def found():
    """Count an authorised change and one that is put back, with `bucket_drift` and one rule."""
    role = "arn:aws:iam::111122223333:role/{}".format
    parameters = {"AuthorisedRoles": role(DEPLOY), "Remediation": "all"}
    edit = only(["bucket_drift", "bucket_versioning"])
    with LocalAccount(parameters=parameters, edit=edit) as account:
        s3 = account.client("s3", role(DEPLOY))
        here = {"LocationConstraint": account.place.region}
        s3.create_bucket(Bucket="acme-data", CreateBucketConfiguration=here)
        account.settle()
        s3.put_bucket_versioning(Bucket="acme-data", VersioningConfiguration={"Status": "Enabled"})
        account.settle()
        account.events.clear()
        s3.put_bucket_tagging(Bucket="acme-data", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        account.settle()
        change = counted(account)
        account.client("s3", role(MALLORY)).put_bucket_versioning(
            Bucket="acme-data", VersioningConfiguration={"Status": "Suspended"}
        )
        account.settle()
        return {"change": change, "drift": counted(account)}


@pytest.mark.parametrize("what", ["change", "drift"])
def test_the_calls_of_a_change_are_those_that_are_made(found, what):
    assert len(ASPECTS) == cost.ASPECTS
    made = found[what]
    assert made["reads"] == cost.READS[what]
    assert made["writes"] == cost.WRITES[what]
    assert made["s3"] == cost.S3_CALLS[what]
    assert made["signatures"] <= cost.SIGNATURES[what]
    items, reverts = (1, 0) if what == "change" else (2, 1)
    two_rules = 2
    assert made["invocations"] <= items * (two_rules + 2) + reverts
    assert made["alerts"] == (0 if what == "change" else cost.ALERTS)


def test_the_bill_is_quantity_times_price():
    rows = {row.what: row for row in cost.bill(SIZE, 1000)}
    # 1,000 buckets: 2,000 changes, 100 drifts and 100 reverts, 400 items of compliance.
    items = rows["AWS Config: configuration items"]
    assert items.quantity == 2600
    assert items.dollars == pytest.approx(7.80)
    # 2,200 items x 10 rules, 30 days x 2 rules x 1,000 buckets: 82,000 at the first tier.
    evaluations = rows["AWS Config: rule evaluations"]
    assert evaluations.quantity == 82_000
    assert evaluations.dollars == pytest.approx(82.0)
    assert rows["CloudWatch: metrics"].dollars == pytest.approx(6.0)
    assert rows["Systems Manager: steps"].dollars == pytest.approx(0.40)
    assert cost.total(SIZE, 1000) == pytest.approx(sum(row.dollars for row in rows.values()))


@pytest.mark.parametrize(
    ("buckets", "dollars"),
    [
        # 820,000 evaluations in one account: 100,000 x 0.001 + 400,000 x 0.0008 + 320,000 x 0.0005
        (10_000, 580.0),
        # The tiers begin anew in each account.
        (20_000, 1160.0),
    ],
)
def test_evaluations_are_billed_by_tiers_in_each_account(buckets, dollars):
    rows = {row.what: row for row in cost.bill(SIZE, buckets)}
    assert rows["AWS Config: rule evaluations"].dollars == pytest.approx(dollars)
