"""What Block Public Access and Object Ownership leave of a public policy or ACL."""

import pytest

from bucketward.policy import (
    effective_exposure,
    effectively_public,
    judge,
    judge_acl,
    most_restrictive,
)

OWNER = "111122223333"
POLICY = {
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::ledger/*",
    }
}
SHARED = {
    "Statement": {**POLICY["Statement"], "Principal": {"AWS": "444455556666"}},
}
ACL = {"Owner": {"ID": "a"}, "Grants": [{"Grantee": {"URI": "x/AllUsers"}, "Permission": "WRITE"}]}
OWNED = {"Owner": {"ID": "a"}, "Grants": []}
FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def exposed(policy=None, acl=OWNED, ownership=None, **flags):
    return effective_exposure(
        None if policy is None else judge(policy, OWNER),
        judge_acl(acl),
        block=flags,
        ownership=ownership,
    )


@pytest.mark.parametrize("flag", FLAGS)
def test_only_restrict_public_buckets_neutralises_a_policy(flag):
    found = exposed(POLICY, **{flag: True})
    neutral = flag == "RestrictPublicBuckets"
    assert found.public is not neutral
    assert found.by_policy is not neutral
    assert found.public_read is not neutral
    assert found.cross_account is not neutral


@pytest.mark.parametrize("flag", FLAGS)
def test_only_ignore_public_acls_neutralises_an_acl(flag):
    found = exposed(acl=ACL, **{flag: True})
    neutral = flag == "IgnorePublicAcls"
    assert found.by_acl is not neutral
    assert found.public_write is not neutral
    assert found.public is not neutral


@pytest.mark.parametrize(
    ("ownership", "public"),
    [
        ("BucketOwnerEnforced", False),
        ("BucketOwnerPreferred", True),
        ("ObjectWriter", True),
        (None, True),
    ],
)
def test_enforced_ownership_switches_acls_off(ownership, public):
    assert exposed(acl=ACL, ownership=ownership).public is public


def test_restrict_public_buckets_leaves_a_policy_that_is_not_public_alone():
    found = exposed(SHARED, RestrictPublicBuckets=True)
    assert not found.public
    assert found.cross_account


def test_no_policy_and_no_acl_open_nothing():
    found = effective_exposure(None, None, block=None, ownership=None)
    assert not found.public
    assert found.reasons == ("Neither the policy nor the ACL is public.",)


def test_what_could_not_be_judged_counts_as_public():
    assert effectively_public(judge("{"), None, block=None, ownership=None)
    assert effectively_public(None, judge_acl("{"), block={}, ownership=None)
    assert not effectively_public(
        judge("{"), judge_acl("{"), block=dict.fromkeys(FLAGS, True), ownership=None
    )


def test_the_most_restrictive_of_several_blocks_holds():
    united = most_restrictive(
        {"BlockPublicAcls": True, "IgnorePublicAcls": False},
        None,
        {"restrictPublicBuckets": True, "ignorePublicAcls": "true", "other": True},
        {"BlockPublicPolicy": 1, "BlockPublicAcls": None},
    )
    assert united == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": True,
    }


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (exposed(POLICY), "The policy is public and RestrictPublicBuckets is off."),
        (
            exposed(POLICY, RestrictPublicBuckets=True),
            (
                "RestrictPublicBuckets holds the public policy down to AWS services and the"
                " owner's account."
            ),
        ),
        (exposed(acl=ACL, IgnorePublicAcls=True), "IgnorePublicAcls switches the public ACL off."),
        (
            exposed(acl=ACL, ownership="BucketOwnerEnforced"),
            "BucketOwnerEnforced ownership switches the public ACL off.",
        ),
        (
            exposed(acl=ACL),
            "The ACL is public and neither IgnorePublicAcls nor ownership stops it.",
        ),
    ],
)
def test_the_reason_names_what_opens_or_closes_the_bucket(found, sentence):
    assert found.reasons == (sentence,)
