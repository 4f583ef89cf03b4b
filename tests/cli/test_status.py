"""``bucketward status``: the deployed stack at a glance."""

import pytest

from cli.conftest import BUCKET, MALLORY, Operator, create, refused
from cli.test_breaker import revert
from scan.conftest import ALL_ON


def reconcile(account):
    account.schedule("ReconcilerFunctionHourly")
    account.settle()


def test_a_stack_that_is_well_is_exit_status_0(account, bucketward):
    silent = bucketward.json("status")
    assert (silent["heartbeat"], silent["well"]) == (None, False)
    assert "has not run to its end for two hours" in silent["faults"][0]
    reconcile(account)

    ran = bucketward("status")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Stack bucketward in eu-central-1 of account 111122223333: CREATE_")
    assert ran.out.endswith("All is well.\n")
    found = bucketward.json("status")
    assert (found["well"], found["faults"], found["unknown"]) == (True, [], [])
    assert {each["control"] for each in found["rules"]} == {
        "bucket_drift", "bucket_policy_public", "bucket_public_access_block",
    }  # fmt: skip
    assert found["heartbeat"].startswith(f"{account.clock.now:%Y-%m-%d}")
    assert found["failures"] == dict.fromkeys(
        ("EvaluationFailed", "RemediationFailed", "ChangeFailed"), 0
    )
    assert set(found["dead_letters"]) == {
        "ChangeDeadLetters", "EvaluationDeadLetters", "RemediationDeadLetters",
    }  # fmt: skip


@pytest.fixture
def ill(open_account):
    """Open an account in which nothing is as it should be."""
    account = open_account(Remediation="none")
    create(account)
    account.settle()
    block = {**ALL_ON, "BlockPublicAcls": False}
    account.client("s3", MALLORY).put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration=block
    )
    account.settle()
    return account


def test_whatever_is_not_well_is_named(ill):
    bucketward = Operator(ill)
    reconcile(ill)
    name = ill.wiring.stack.reference("S3Changes").rpartition("|")[2]
    ill.client("events").disable_rule(Name=name)
    queue = next(q for q in ill.wiring.queues.values() if q.logical_id == "ChangeDeadLetters")
    ill.internal("sqs").send_message(QueueUrl=queue.url, MessageBody="{}")
    for ago in range(5):
        revert(ill, "bucket_cors", ago=ago)
    exempt = ("exempt", "add", "acme-*", "bucket_cors", "--reason", "CHG-1", "--yes")
    bucketward(*exempt, "--expires", "3d", "--id", "EX-SOON")
    bucketward(*exempt, "--expires", "30d", "--id", "EX-LATER")

    found = bucketward.json("status")
    red = {each["control"]: each["resources"] for each in found["rules"] if each["resources"]}
    assert red == {key: [BUCKET] for key in ("bucket_drift", "bucket_public_access_block")}
    assert any("S3Changes is disabled" in each for each in found["faults"])
    assert found["dead_letters"]["ChangeDeadLetters"] == 1
    assert [each["control"] for each in found["breakers"]] == ["bucket_cors"]
    assert [each["id"] for each in found["exemptions"]] == ["EX-SOON"]

    ran = bucketward("status")
    assert (ran.code, ran.err) == (1, "")
    for text in (BUCKET, "S3Changes is disabled", "1 ChangeDeadLetters", MALLORY, "EX-SOON"):
        assert text in ran.out
    assert "All is well" not in ran.out


def test_what_may_not_be_asked_is_said_and_no_reason_to_stop(ill):
    ill.fail("GetMetricData", "AccessDenied")
    ill.fail("DescribeComplianceByConfigRule", "AccessDeniedException")
    bucketward = Operator(ill)
    ran = bucketward("status")
    assert ran.code == 2
    assert "Not known: AWS refused GetMetricData with AccessDenied" in ran.out
    assert "rules         not known" in ran.out
    assert "dead letters  none" in ran.out
    found = bucketward.json("status")
    assert (found["failures"], found["well"], len(found["unknown"])) == (None, False, 2)


def test_no_stack_is_one_sentence(account, bucketward):
    assert refused(bucketward("status", "--stack", "other"), "There is no stack other in eu-cent")
