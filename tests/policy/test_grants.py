"""What a public or foreign statement grants: reads, writes, control of the ACL, everything."""

import pytest

from bucketward.policy import judge

OWNER = "111122223333"
FOREIGN = {"AWS": "arn:aws:iam::444455556666:root"}
BUCKET_ARN = "arn:aws:s3:::ledger"


def judged(principal="*", **elements):
    statement = {"Effect": "Allow", "Principal": principal, "Resource": "*", **elements}
    judgement = judge({"Version": "2012-10-17", "Statement": [statement]}, OWNER)
    assert judgement.valid, judgement.reasons
    return judgement


@pytest.mark.parametrize(
    ("action", "read", "write"),
    [
        ("s3:GetObject", True, False),
        ("S3:getobjectversion", True, False),
        ("s3:ListBucket", True, False),
        ("s3:GetBucketPolicy", True, False),
        ("s3:Get?bject", True, False),
        ("s3:List*", True, False),
        ("s3:PutObject", False, True),
        ("s3:DeleteObject", False, True),
        ("s3:AbortMultipartUpload", False, True),
        ("s3:RestoreObject", False, True),
        ("s3:PutBucketAcl", False, True),
        ("s3:Put*", False, True),
        ("s3:*Object", True, True),
        ("s3:*", True, True),
        ("*", True, True),
        ("*:*", True, True),
        ("s3:**", True, True),
        (["s3:PutObject", "s3:ListBucket"], True, True),
        ("s3:GetObjectOfTheFuture", True, False),
        ("s3:DeleteOfTheFuture", False, True),
        ("s3:NoSuchAction", False, False),
        ("ec2:RunInstances", False, False),
    ],
)
def test_actions_are_reads_or_writes_by_the_table(action, read, write):
    judgement = judged(Action=action)
    assert judgement.public
    assert judgement.public_read is read
    assert judgement.public_write is write


@pytest.mark.parametrize(
    ("not_action", "read", "write", "acl"),
    [
        ("s3:GetObject", True, True, True),
        ("s3:PutObject*", True, True, True),
        ("s3:Put*", True, True, True),
        (["s3:Put*", "s3:DeleteBucketPolicy"], True, True, False),
        ("s3:Get*", True, True, True),
        (["s3:Get*", "s3:List*", "s3:Describe*", "s3:Allow*"], False, True, True),
        ("s3:*", False, False, False),
    ],
)
def test_not_action_grants_all_but_what_it_lists(not_action, read, write, acl):
    judgement = judged(NotAction=not_action)
    assert judgement.public
    assert judgement.public_read is read
    assert judgement.public_write is write
    assert judgement.allows_acl_modification is acl


def test_not_resource_still_grants():
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "NotResource": f"{BUCKET_ARN}/private/*",
    }
    assert judge({"Statement": statement}, OWNER).public_read


@pytest.mark.parametrize(
    "action",
    [
        "s3:PutBucketAcl",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
        "s3:PutEncryptionConfiguration",
        "s3:PutObjectAcl",
        "s3:putobjectversionacl",
        "s3:Put?ucketPolicy",
        "s3:P*",
        "s3:*Acl",
        "s3:*",
    ],
)
def test_others_who_may_change_acl_policy_or_encryption_are_found(action):
    judgement = judged(FOREIGN, Action=["s3:GetObject", action])
    assert judgement.allows_acl_modification
    assert judgement.acl_statements == (0,)
    assert not judgement.public
    own = judged({"AWS": f"arn:aws:iam::{OWNER}:role/app"}, Action=action)
    assert not own.allows_acl_modification
    limited = judged(Action=action, Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    assert limited.allows_acl_modification
    assert not limited.public_write


@pytest.mark.parametrize("action", ["s3:GetBucketAcl", "s3:PutObject", "s3:*Object", "s3:Delete?"])
def test_other_actions_do_not_change_the_acl(action):
    assert not judged(Action=action).allows_acl_modification


@pytest.mark.parametrize(
    ("elements", "wildcard"),
    [
        ({"Action": "s3:*"}, True),
        ({"Action": ["s3:GetObject", "*"]}, True),
        ({"Action": "?3:*"}, True),
        ({"Action": "s3:?*"}, True),
        ({"Action": "s3:*?"}, True),
        ({"Action": ["s3:*t*", "s3:*e*"]}, True),
        ({"NotAction": "s3:DeleteBucket"}, True),
        ({"Action": "s3:Get*"}, False),
        ({"Action": ["s3:GetObject", "s3:PutObject"]}, False),
    ],
)
def test_wildcard_actions_count_for_all_but_the_owner(elements, wildcard):
    assert judged(FOREIGN, **elements).wildcard_actions is wildcard
    assert judged({"Service": "a.amazonaws.com"}, **elements).wildcard_actions is wildcard
    assert judged("*", **elements).wildcard_statements == ((0,) if wildcard else ())
    assert not judged({"AWS": OWNER}, **elements).wildcard_actions
