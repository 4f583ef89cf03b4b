"""``bucketward explain``: why a bucket is red, whose change it was, and what to do."""

import shlex

import pytest

from cli.conftest import BUCKET, MALLORY, Operator, create, refused, wipe
from cli.test_breaker import EVIL, revert
from scan.conftest import ALL_ON

BLOCK = "bucket_public_access_block"


@pytest.fixture
def red(open_account):
    """Open an account with a bucket that Mallory opened, and that nobody puts back."""
    account = open_account(Remediation="none")
    create(account)
    account.settle()
    account.clock.sleep(60)
    account.client("s3", MALLORY).put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration={**ALL_ON, "BlockPublicAcls": False}
    )
    account.settle()
    return account


def test_a_red_bucket_is_explained(red):
    bucketward = Operator(red)
    found = {each["control"]: each for each in bucketward.json("explain", BUCKET)}
    assert set(found) == {BLOCK, "bucket_drift"}
    block = found[BLOCK]
    assert (block["compliance"], block["config"]["compliance"]) == ("NON_COMPLIANT",) * 2
    [evidence] = block["evidence"]
    assert evidence["aspect"] == "public_access_block"
    assert evidence["now"]["BlockPublicAcls"] is False
    assert evidence["approved"] == ALL_ON
    assert evidence["changed"].startswith(f"Last changed by {MALLORY} at 2026-")
    assert "PutBucketPublicAccessBlock (unauthorised)" in evidence["changed"]

    ran = bucketward("explain", BUCKET)
    assert (ran.code, ran.err) == (1, "")
    for text in (f"{BLOCK}: NON_COMPLIANT now (high)", "AWS Config shows NON_COMPLIANT since",
                 '-  "BlockPublicAcls": true', '+  "BlockPublicAcls": false', MALLORY):  # fmt: skip
        assert text in ran.out


def test_the_commands_to_come_next_can_be_run(red):
    bucketward = Operator(red)
    for ago in range(5):
        revert(red, BLOCK, ago=ago, actor=EVIL)
    [found] = bucketward.json("explain", BUCKET, "--control", BLOCK, "--region", "eu-central-1")
    assert [each["command"].split()[1] for each in found["next"]] == [
        "breaker", "plan", "remediate", "approve", "exempt", "undo",
    ]  # fmt: skip
    for each in found["next"]:
        program, *arguments = shlex.split(each["command"])
        assert program == "bucketward"
        if arguments[0] != "undo":  # of a revert that was made up
            ran = bucketward(*arguments, answer="n\n")
            assert (ran.code in {0, 1}, "bucketward: " in ran.err) == (True, False), each
    text = bucketward("explain", BUCKET, "--control", BLOCK)
    assert "\x1b" not in text.out


def test_cloudtrail_tells_who_changed_what_the_monitor_never_heard_of(red):
    bucketward = Operator(red)
    wipe(red, "Records", ("subject", "entry"))
    red.clock.sleep(1200)  # until CloudTrail's history has it
    [found] = bucketward.json("explain", BUCKET, "--control", BLOCK)
    assert f"Last changed by {MALLORY}" in found["evidence"][0]["changed"]
    red.fail("LookupEvents", "AccessDeniedException")
    [found] = bucketward.json("explain", BUCKET, "--control", BLOCK)
    assert "AWS refused LookupEvents with AccessDenied" in found["evidence"][0]["changed"]


def test_an_exemption_and_a_control_that_is_fine_are_explained_where_they_are_named(red):
    bucketward = Operator(red)
    ran = bucketward(
        "exempt", "add", BUCKET, BLOCK, "--reason", "CHG-1", "--expires", "3d", "--yes"
    )
    [found] = bucketward.json("explain", BUCKET, "--control", BLOCK)
    assert found["compliance"] == "NOT_APPLICABLE"
    assert found["exemption"]["id"] in ran.out
    commands = [each["command"] for each in found["next"]]
    assert commands[0] == f"bucketward exempt remove {found['exemption']['id']}"
    assert commands[1].startswith("aws configservice start-config-rules-evaluation")

    ran = bucketward("explain", BUCKET, "--control", "bucket-policy-public")
    assert ran.code == 0
    assert "bucket_policy_public: COMPLIANT now" in ran.out
    assert "not set" in ran.out


def test_what_may_not_be_read_is_exit_status_2(red):
    red.fail("GetPublicAccessBlock", "AccessDenied")
    bucketward = Operator(red)
    ran = bucketward("explain", BUCKET, "--control", BLOCK)
    assert ran.code == 2
    assert f"{BLOCK}: ERROR now" in ran.out
    assert "bucketward doctor" in ran.out


def test_an_approved_value_that_was_forged_is_to_be_approved_anew(account, bucketward):
    account.internal("dynamodb").update_item(
        TableName="bucketward-Baselines",
        Key={"bucket": {"S": BUCKET}, "entry": {"S": "now#tagging"}},
        UpdateExpression="SET approved_by = :evil",
        ExpressionAttributeValues={":evil": {"S": "x"}},
    )
    ran = bucketward("explain", BUCKET)
    assert ran.code == 2
    assert "bucket_drift: ERROR now" in ran.out
    assert "The approved tagging of bucket acme-data has no valid signature" in ran.out
    assert f"bucketward approve {BUCKET} --aspect tagging --reason 'WHY'" in ran.out


def test_what_cannot_be_explained_is_one_sentence(red):
    bucketward = Operator(red)
    assert refused(bucketward("explain", "acme-lost"), "Bucket acme-lost does not exist")
    assert refused(bucketward("explain", BUCKET, "--control", "x"), "choose one of: ")
    assert refused(
        bucketward("explain", BUCKET, "--control", "bucket_cors"),
        "Stack bucketward has no rule of bucket_cors that judges buckets",
    )


def test_a_stacks_rules_are_judged_with_its_parameters(open_account):
    tagging = ("bucket_tagging",)
    account = open_account(tagging, Remediation="none", BucketTaggingRequiredTags="owner")
    create(account)
    account.settle()
    bucketward = Operator(account)
    control = ("--control", *tagging)
    [found] = bucketward.json("explain", BUCKET, *control)
    assert found["compliance"] == "NON_COMPLIANT"
    ran = bucketward("scan", "--bucket", BUCKET, *control, "--stack", "bucketward")
    assert (ran.code, "NON_COMPLIANT" in ran.out) == (1, True)
    assert bucketward("scan", "--bucket", BUCKET, *control).code == 0
    [planned] = bucketward("plan", BUCKET, *control, "--stack", "bucketward").out.splitlines()[1:2]
    assert planned == "  bucket_tagging: NON_COMPLIANT (low)"


def test_a_bucket_that_is_fine_is_one_line(account, bucketward):
    account.schedule("bucket_drift")
    account.settle()
    ran = bucketward("explain", BUCKET)
    assert ran.code == 0
    assert ran.out == (
        f"Bucket {BUCKET} is compliant with every control, here and in AWS Config.\n"
    )
