"""``bucketward baseline``: captured, shown, compared."""

import json

import pytest

from cli.conftest import (
    BUCKET,
    MALLORY,
    OPERATOR_SESSION,
    PIPELINE,
    Operator,
    create,
    refused,
    tag,
    wipe,
    written,
)

PUBLIC = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
            }
        ],
    }
)


def test_capture_says_what_was_captured_and_what_was_left_out_and_why(open_account):
    account = open_account(Remediation="none")
    s3 = create(account)
    s3.delete_public_access_block(Bucket=BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=PUBLIC)
    account.settle()
    tag(account, "mallory")
    account.settle()
    wipe(account)
    bucketward = Operator(account)

    ran = bucketward("baseline", "capture", BUCKET)

    assert (ran.code, ran.err) == (0, "")
    assert f"{BUCKET}: captured 17 of 20 aspects" in ran.out
    assert "  left out: policy: NON_COMPLIANT by bucket-policy-public" in ran.out
    assert "  left out: public access block: NON_COMPLIANT by bucket-public-access-block" in ran.out
    assert f"  left out: tagging: last changed by {MALLORY} at 2026-" in ran.out
    assert "(unauthorised)" in ran.out

    [again] = bucketward.json("baseline", "capture", "--all")
    assert again["captured"] == []
    assert again["left_out"]["cors"] == "approved already"
    shown = bucketward.json("baseline", "show", BUCKET)
    assert len(shown) == 17
    assert shown[0]["why"] == f"bucketward baseline capture by {OPERATOR_SESSION}"


def test_a_bucket_that_cannot_be_captured_does_not_stop_the_others(account, bucketward):
    wipe(account)
    create(account, "acme-new")  # AWS Config has not judged it yet

    ran = bucketward("baseline", "capture", "acme-new", "acme-gone", BUCKET, BUCKET)

    assert ran.code == 2
    lines = sorted(ran.out.splitlines())
    assert lines[0] == f"{BUCKET}: captured 20 of 20 aspects"
    assert lines[1].startswith("acme-gone: not captured.")
    assert lines[2].startswith("acme-new: not captured. AWS Config has not judged bucket acme-new")


def test_show_and_history_tell_who_approved_what_and_why(account, bucketward):
    tag(account, "ana", PIPELINE)
    account.settle()

    shown = bucketward("baseline", "show", BUCKET)
    [row] = [line for line in shown.out.splitlines() if line.startswith("tagging")]
    assert PIPELINE in row
    assert "Authorisation AuthorisedRoles-1 allows it" in row
    [full] = [
        row for row in bucketward.json("baseline", "show", BUCKET) if row["aspect"] == "tagging"
    ]
    assert full["document"] == {"TagSet": [{"Key": "owner", "Value": "ana"}]}

    past = bucketward.json("baseline", "history", BUCKET, "--aspect", "tagging")
    assert [row["approved by"] for row in past] == [PIPELINE, "bucketward (trust on first use)"]
    assert past[0]["digest"] == full["digest"]
    told = bucketward("baseline", "history", BUCKET, "--aspect", "tagging")
    assert len(told.out.splitlines()) == 3


def test_diff_shows_what_drifted_and_who_changed_it(account, bucketward):
    clean = bucketward("baseline", "diff", BUCKET)
    assert (clean.code, clean.out) == (
        0, f"Bucket {BUCKET} is as approved in all 20 aspects compared.\n",
    )  # fmt: skip

    tag(account, "\x1b[31mm\u202eallory [red]x[/red]")
    unsettled = bucketward("baseline", "diff", BUCKET, "--aspect", "tagging")
    assert unsettled.code == 1
    assert "--- tagging approved\n+++ tagging now\n" in unsettled.out
    assert '+      "Value": "\\u001b[31mm\\u202eallory [red]x[/red]"' in unsettled.out
    assert "\x1b" not in unsettled.out
    assert "CloudTrail has told of no change" in unsettled.out

    assert bucketward("baseline", "diff", BUCKET, "--aspect", "policy").code == 0
    [row] = bucketward.json("baseline", "diff", BUCKET)
    assert (row["aspect"], row["approved"]) == ("tagging", None)


def test_a_policy_is_compared_line_by_line(account, bucketward):
    own = PUBLIC.replace('"*"', '{"AWS": "111122223333"}')
    account.client("s3", MALLORY).put_bucket_policy(Bucket=BUCKET, Policy=own)
    ran = bucketward("baseline", "diff", BUCKET)
    assert '+      "Action": "s3:GetObject",' in ran.out


def test_what_was_tampered_with_is_neither_shown_as_approved_nor_compared(account, bucketward):
    dynamodb = account.internal("dynamodb")
    key = {"bucket": {"S": BUCKET}, "entry": {"S": "now#tagging"}}
    dynamodb.update_item(
        TableName="bucketward-Baselines", Key=key,
        UpdateExpression="SET approved_by = :evil", ExpressionAttributeValues={":evil": {"S": "x"}},
    )  # fmt: skip
    for command in ("show", "diff"):
        ran = bucketward("baseline", command, BUCKET)
        assert refused(ran, "The approved tagging of bucket acme-data has no valid signature")
        assert "as approved in all" not in ran.out
    shown = bucketward("baseline", "show", BUCKET)
    assert "cors" in shown.out

    ran = bucketward("approve", BUCKET, "--reason", "INC-1: restored by ana", "--yes")
    assert ran.code == 0, ran.err
    assert ran.out.endswith(f"Approved by {OPERATOR_SESSION}: tagging.\n")
    assert bucketward("baseline", "diff", BUCKET).code == 0


def test_what_was_never_captured_says_what_to_do(account, bucketward):
    wipe(account)
    assert refused(bucketward("baseline", "diff", BUCKET), f"bucketward baseline capture {BUCKET}")
    shown = bucketward("baseline", "show", BUCKET)
    assert shown.out == f"Nothing of bucket {BUCKET} is approved.\n"
    past = bucketward("baseline", "history", BUCKET)
    assert past.out == f"Nothing of bucket {BUCKET} was ever approved.\n"


BAD = [
    (("capture",), "Name the buckets to capture, or say --all"),
    (("capture", BUCKET, "--all"), "or say --all, but not both"),
    (("capture", "no such\x1b[2J"), "is no name of a bucket"),
    (("show", "x"), "is no name of a bucket"),
    (("diff", "acme-gone"), "Bucket acme-gone does not exist."),
    (("diff", BUCKET, "--aspect", "polcy"), "did you mean policy?"),
    (("history", BUCKET, "--aspect", "\u202e"), "is no aspect of a bucket"),
    (("show", BUCKET, "--stack", "../x"), "which is no name of a stack"),
    (("show", BUCKET, "--stack", "other"), "There is no stack other in eu-central-1"),
    (("show", BUCKET, "--region", "eu-west-1"), "There is no stack bucketward in eu-west-1"),
    (("show", BUCKET, "--profile", "nobody"), "The config profile (nobody) could not be found"),
]


def test_bad_input_is_one_sentence_and_changes_nothing(account, bucketward):
    for arguments, sentence in BAD:
        ran = bucketward("baseline", *arguments)
        assert refused(ran, sentence)
        assert "\x1b" not in ran.err
        assert "\u202e" not in ran.err
    assert written(account) == []


def test_a_bucket_of_another_region_is_another_stacks(account, bucketward):
    s3 = account.client("s3", region="us-east-1")
    s3.create_bucket(Bucket="acme-far")
    ran = bucketward("baseline", "diff", "acme-far")
    assert refused(ran, "Bucket acme-far is in us-east-1, and stack bucketward looks after those")


@pytest.mark.parametrize(
    ("operation", "code", "sentence"),
    [
        ("DescribeStacks", "AccessDenied", "docs/operations.md lists what each command needs"),
        ("Query", "AccessDeniedException", "AWS refused Query with AccessDeniedException: "),
        ("ListStackResources", "ServiceUnavailable", "AWS refused ListStackResources with"),
    ],
)
def test_what_aws_refuses_is_one_sentence(account, bucketward, operation, code, sentence):
    account.fail(operation, code)
    assert refused(bucketward("baseline", "show", BUCKET), sentence)


def test_a_stack_that_lacks_its_tables_is_told_of(account, bucketward):
    del account.wiring.stack.template["Resources"]["Records"]
    ran = bucketward("baseline", "show", BUCKET)
    assert refused(ran, "Stack bucketward in eu-central-1 (CREATE_COMPLETE) has no Records; deploy")
