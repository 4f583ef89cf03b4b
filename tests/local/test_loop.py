"""Drift is found and put back, through every part that the template wires, and nothing else."""

import json

import pytest

from bucketward_tools.local.events import (
    ApiCall,
    Denied,
    Evaluated,
    Invoked,
    ItemRecorded,
    RemediationEnded,
    RemediationStarted,
)
from local.deployment import deploy
from local.story import (
    BUCKETS,
    CONTROLS,
    DRIFTS,
    KEY,
    LAKE,
    LOGS,
    PARAMETERS,
    build,
    compliance,
    create,
    delivery_policy,
    drift,
    encryption,
    logging,
    of_kind,
    verdicts,
    visible,
)


def writes(account):
    return [
        event
        for event in of_kind(account, ApiCall)
        if event.service == "s3" and event.operation.startswith(("Put", "Delete", "Create"))
    ]


def test_an_estate_in_order_is_compliant_and_left_alone(open_account):
    account = open_account()
    build(account)
    assert visible(account) == set()
    assert set(compliance(account).values()) == {"COMPLIANT", "NOT_APPLICABLE"}
    assert account.compliance("bucket_logging", LOGS) == "NOT_APPLICABLE"
    assert {event.actor for event in writes(account)} == {
        account.role_arn("Terraform"),
        account.role_arn("Administrator"),
    }


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_drift_is_put_back_and_nothing_else_is_touched(account, drift):
    before = {bucket: account.snapshot(bucket) for bucket in BUCKETS}
    drift.change(account.client("s3", "arn:aws:iam::111122223333:user/mallory"))
    assert account.snapshot(LAKE)[drift.aspect] != before[LAKE][drift.aspect]

    account.settle()

    assert {bucket: account.snapshot(bucket) for bucket in BUCKETS} == before
    assert verdicts(account, drift.control) == ["NON_COMPLIANT", "COMPLIANT"]
    assert visible(account) == set()


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_the_journal_tells_the_story_in_order(account, drift):
    drift.change(account.client("s3"))
    account.settle()
    rule = account.rule_name(drift.control)
    told = [
        type(event).__name__
        for event in account.events
        if (
            (isinstance(event, Evaluated | RemediationStarted | RemediationEnded))
            and event.rule == rule
        )
        or isinstance(event, ItemRecorded)
        or event in writes(account)
    ]
    assert told == [
        "ApiCall",  # mallory's
        "ItemRecorded",
        "Evaluated",
        "RemediationStarted",
        "ApiCall",  # ours
        "RemediationEnded",
        "ItemRecorded",
        "Evaluated",
    ]
    theirs, ours = writes(account)
    assert ours.operation == theirs.operation
    assert ours.params["ExpectedBucketOwner"] == account.place.account
    (ended,) = of_kind(account, RemediationEnded)
    assert ended.outputs["Confirm.Payload"] == '{"note": "reverted and verified"}'


def test_all_four_drifts_at_once_are_put_back(account):
    before = account.snapshot(LAKE)
    for each in DRIFTS:
        each.change(account.client("s3"))
    account.settle()
    assert account.snapshot(LAKE) == before
    assert visible(account) == set()


def test_the_previous_key_comes_back_with_its_options(account):
    drift("bucket_encryption").change(account.client("s3"))
    account.settle()
    assert account.snapshot(LAKE)["encryption"] == encryption(KEY)


def test_a_log_that_was_sent_elsewhere_comes_back_under_its_prefix(account):
    s3 = account.client("s3")
    create(account, "mallory")
    s3.put_bucket_policy(Bucket="mallory", Policy=json.dumps(delivery_policy(account, "mallory")))
    s3.put_bucket_logging(Bucket=LAKE, BucketLoggingStatus=logging("mallory", "x/"))
    account.settle()
    assert verdicts(account, "bucket_logging") == ["NON_COMPLIANT", "COMPLIANT"]
    assert account.snapshot(LAKE)["logging"] == {
        "LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": f"of/{LAKE}/"}
    }


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_with_remediation_none_a_rule_only_reports(open_account, drift):
    account = open_account(parameters=PARAMETERS | {"Remediation": "none"})
    build(account)
    drift.change(account.client("s3"))
    account.settle()
    assert account.compliance(drift.control, LAKE) == "NON_COMPLIANT"
    assert not of_kind(account, RemediationStarted)


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_a_remediation_can_be_started_by_hand(open_account, drift):
    account = open_account(parameters=PARAMETERS | {"Remediation": "none"})
    build(account)
    drift.change(account.client("s3"))
    account.settle()
    account.start_remediation(drift.control, LAKE)
    account.settle()
    (started,) = of_kind(account, RemediationStarted)
    assert not started.automatic
    assert account.compliance(drift.control, LAKE) == "COMPLIANT"


def test_a_remediation_of_a_compliant_bucket_calls_nothing(account):
    for control in CONTROLS:
        account.start_remediation(control, LAKE)
    account.settle()
    assert writes(account) == []
    assert {each.status for each in of_kind(account, RemediationEnded)} == {"Success"}


def test_a_deleted_bucket_becomes_not_applicable(account):
    account.client("s3").delete_bucket(Bucket=LAKE)
    account.settle()
    assert {account.compliance(control, LAKE) for control in CONTROLS} == {"NOT_APPLICABLE"}
    assert visible(account) == set()


def test_a_new_bucket_is_brought_into_line(account):
    account.client("s3").create_bucket(
        Bucket="acme-new", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    account.settle()
    assert {account.compliance(control, "acme-new") for control in CONTROLS} == {"COMPLIANT"}
    assert account.snapshot("acme-new")["logging"] == {
        "LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": "acme-new/"}
    }


@pytest.mark.parametrize("drift", DRIFTS, ids=str)
def test_an_oversized_notification_is_judged_all_the_same(open_account, drift):
    account = open_account(oversized_at=1000)
    build(account)
    account.events.clear()
    drift.change(account.client("s3"))
    account.settle()
    assert all(item.oversized for item in of_kind(account, ItemRecorded))
    assert verdicts(account, drift.control) == ["NON_COMPLIANT", "COMPLIANT"]
    assert visible(account) == set()


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_loop_runs_in_every_partition(open_account, region, partition):
    key = KEY.replace("arn:aws:", f"arn:{partition}:").replace("eu-central-1", region)
    account = open_account(
        region=region, parameters=PARAMETERS | {"BucketEncryptionKmsKeyArns": key}
    )
    build(account, key)
    assert visible(account) == set()
    before = account.snapshot(LAKE)
    for each in DRIFTS:
        each.change(account.client("s3"))
    account.settle()
    assert account.snapshot(LAKE) == before
    assert visible(account) == set()
    assert not of_kind(account, Denied)
    assert all(f"arn:{partition}:" in role.arn for role in account.wiring.roles.values())


def test_two_runs_tell_the_same_story():
    def journal():
        with deploy(CONTROLS, PARAMETERS) as account:
            build(account)
            for each in DRIFTS:
                each.change(account.client("s3"))
            account.settle()
            # The store's entries have random ids, and so have the events that name them.
            told = (ItemRecorded, Evaluated, RemediationEnded)
            return [
                (event.time, event.bucket, type(event).__name__, getattr(event, "compliance", ""))
                for event in account.events
                if isinstance(event, told)
            ]

    assert journal() == journal()


def test_a_function_answers_as_the_role_of_the_template(account):
    drift("bucket_versioning").change(account.client("s3"))
    account.settle()
    function = next(
        each for each in of_kind(account, Invoked) if each.trigger == "ssm.amazonaws.com"
    )
    actors = {call.actor for call in writes(account)[1:]}
    assert [actor.rpartition("/")[2] for actor in actors] == [function.function]
