"""``bucketward plan`` and ``remediate``: what would be done, and that nothing else is."""

import io
import json
import sys

import boto3
import pytest

from scan.conftest import ALL_ON, READS, REGION

BLOCK = ("--control", "bucket_public_access_block")


def writes(aws):
    return [name for name, _, _ in aws.calls if not name.startswith(READS)]


def test_a_plan_is_the_call_and_the_difference_that_it_makes(run, make):
    make("acme-data", BlockPublicPolicy=False)
    ran = run("plan", "acme-data", *BLOCK)
    assert ran.code == 0
    assert "bucket_public_access_block: NON_COMPLIANT (high)" in ran.out
    assert "leaves BlockPublicPolicy off" in ran.out
    assert "would call PutPublicAccessBlock" in ran.out
    assert '-  "BlockPublicPolicy": false,\n+  "BlockPublicPolicy": true,\n' in ran.out


def test_a_plan_for_programs_is_a_list(run, make):
    make("acme-data", BlockPublicPolicy=False)
    ran = run("plan", "acme-data", *BLOCK, "--format", "json")
    [plan] = json.loads(ran.out)
    [call] = plan.pop("calls")
    assert plan == {
        "bucket": "acme-data",
        "control": "bucket_public_access_block",
        "compliance": "NON_COMPLIANT",
        "severity": "high",
        "annotation": plan["annotation"],
        "refusal": "",
        "note": "",
    }
    assert call == {
        "call": "PutPublicAccessBlock",
        "aspect": "public_access_block",
        "arguments": {"PublicAccessBlockConfiguration": ALL_ON},
        "before": {**ALL_ON, "BlockPublicPolicy": False},
        "after": ALL_ON,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_plan_writes_nothing(run, make, aws, form):
    make("acme-data", "acme-logs", BlockPublicPolicy=False)
    assert run("plan", "--all", "--format", form).code == 1
    assert len(aws.calls) > 30
    assert writes(aws) == []


def test_a_refusal_is_a_sentence_and_exit_code_1(run, make):
    make("acme-data")
    ran = run("plan", "acme-data", "--control", "bucket_logging")
    assert ran.code == 1
    assert "Nothing would be done: No target is known for the access log" in ran.out


def test_a_compliant_bucket_has_no_plan(run, make):
    make("acme-data")
    assert "nothing would be called" in run("plan", "acme-data", *BLOCK).out
    ran = run("plan", "acme-data", *BLOCK, "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, [])


def test_the_past_is_asked_for_where_it_is_allowed_and_done_without_else(run, make, aws):
    make("acme-data")
    aws.answers["GetResourceConfigHistory"] = "AccessDeniedException"
    ran = run("plan", "acme-data", "--control", "bucket_encryption")
    assert ran.code == 0
    assert (
        "Planned without the bucket's earlier settings: GetResourceConfigHistory said "
        "AccessDeniedException" in ran.out
    )
    assert '"SSEAlgorithm": "AES256"' in ran.out


def encrypted(key):
    rule = {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": key},
        "bucketKeyEnabled": True,
    }
    return {
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "acme-data",
        "resourceName": "acme-data",
        "arn": "arn:aws:s3:::acme-data",
        "awsRegion": REGION,
        "accountId": "111122223333",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00Z",
        "supplementaryConfiguration": {
            "ServerSideEncryptionConfiguration": json.dumps({"rules": [rule]})
        },
    }


def test_an_earlier_value_is_put_back(run, make, aws):
    key = f"arn:aws:kms:{REGION}:111122223333:key/1a2b"
    make("acme-data")
    aws.answers["GetResourceConfigHistory"] = {"configurationItems": [encrypted(key)]}
    ran = run("plan", "acme-data", "--control", "bucket_encryption")
    assert f'"KMSMasterKeyID": "{key}"' in ran.out
    assert run("remediate", "acme-data", "--control", "bucket_encryption", "--yes").code == 0
    asked = [region for name, _, region in aws.calls if name == "GetResourceConfigHistory"]
    assert set(asked) == {REGION}


def test_the_past_is_that_of_the_buckets_region(run, make, aws):
    make("acme-there", region="us-west-2")
    run("plan", "acme-there", "--control", "bucket_encryption")
    asked = [region for name, _, region in aws.calls if name == "GetResourceConfigHistory"]
    assert asked == ["us-west-2"]


def test_the_past_is_asked_for_once_a_bucket(run, make, aws):
    make("acme-data")
    run("plan", "acme-data")
    asked = [name for name, _, _ in aws.calls if name == "GetResourceConfigHistory"]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name one bucket, or pass --all"),
        (("acme-data", "--all"), "Name one bucket, or pass --all"),
        (("acme-data", "--control", "account_config_recording"), "is not about buckets"),
        (("acme-data", "--control", "x"), "There is no control 'x'"),
        (("acme-lost",), "Bucket acme-lost does not exist."),
    ],
)
def test_bad_usage_of_plan_is_exit_code_2(run, aws, arguments, sentence):
    ran = run("plan", *arguments)
    assert ran.code == 2
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_an_unreadable_bucket_has_no_plan(run, make, aws):
    make("acme-data")
    aws.answers["GetPublicAccessBlock"] = "AccessDenied"
    ran = run("plan", "acme-data", *BLOCK)
    assert ran.code == 2
    assert "Not judged: GetPublicAccessBlock said AccessDenied" in ran.out


def block(name):
    reply = boto3.client("s3", region_name=REGION).get_public_access_block(Bucket=name)
    return reply["PublicAccessBlockConfiguration"]


def test_remediate_does_what_was_shown_and_verifies_it(run, make, aws):
    make("acme-data", BlockPublicPolicy=False)
    ran = run("remediate", "acme-data", *BLOCK, "--yes")
    assert ran.code == 0
    assert "would call PutPublicAccessBlock" in ran.out
    assert "called PutPublicAccessBlock\n" in ran.out
    assert "reverted and verified" in ran.out
    assert writes(aws) == ["PutPublicAccessBlock"]
    assert block("acme-data") == ALL_ON


def test_remediate_leaves_a_compliant_bucket_alone(run, make, aws):
    make("acme-data")
    ran = run("remediate", "acme-data", *BLOCK, "--yes")
    assert ran.code == 0
    assert "nothing is called" in ran.out
    assert writes(aws) == []


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_remediate_asks_first(run, make, aws, monkeypatch, answer):
    make("acme-data", BlockPublicPolicy=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert run("remediate", "acme-data", *BLOCK).code != 0
    assert writes(aws) == []


def test_remediate_refuses_with_a_sentence(run, make, aws):
    make("acme-data")
    ran = run("remediate", "acme-data", "--control", "bucket_logging", "--yes")
    assert ran.code == 1
    assert "No target is known" in ran.out
    assert writes(aws) == []


def test_what_changed_since_it_was_shown_is_not_written(run, make, aws, monkeypatch):
    """Somebody writes another policy while the operator reads the plan."""
    make("acme-data")
    s3 = boto3.client("s3", region_name=REGION)

    class Slow(io.StringIO):
        def readline(self, *arguments):
            statement = {
                "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::acme-data/*",
            }  # fmt: skip
            s3.put_bucket_policy(
                Bucket="acme-data",
                Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            )
            aws.calls.clear()
            return super().readline(*arguments)

    monkeypatch.setattr(sys, "stdin", Slow("y\n"))
    ran = run("remediate", "acme-data", "--control", "bucket_secure_transport")
    assert ran.code == 1
    assert "changed since the plan was shown" in ran.err
    assert writes(aws) == []


def test_a_refused_write_is_a_sentence(run, make, aws):
    make("acme-data", BlockPublicPolicy=False)
    aws.answers["PutPublicAccessBlock"] = "AccessDenied"
    ran = run("remediate", "acme-data", *BLOCK, "--yes")
    assert ran.code == 1
    assert "PutPublicAccessBlock said AccessDenied" in ran.err


def test_a_bucket_that_does_not_exist_cannot_be_remediated(run, aws):
    ran = run("remediate", "acme-lost", *BLOCK, "--yes")
    assert (ran.code, ran.err) == (2, "bucketward: Bucket acme-lost does not exist.\n")
