"""The exact revert in single cases: the order, what cannot come back, and why."""

import json

import pytest

from bucketward import Bucket, Unknown
from bucketward import aspects as a
from bucketward.aspects import ASPECTS
from bucketward.calls import apply, delete, put
from bucketward.drift import drifted, same
from bucketward.restore import restoring
from estate import NEW_BUCKET, OWNER, bucket
from writes import steps

ALL = tuple(ASPECTS.values())
PUBLIC = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::acme-data/*",
        },
    }
)
ENABLED, SUSPENDED = {"Status": "Enabled"}, {"Status": "Suspended"}
FULL = NEW_BUCKET["acl"]["Grants"][0]
STRANGER = {"Grantee": {"Type": "CanonicalUser", "ID": "b" * 64}, "Permission": "READ"}
GRANTED = {"Owner": OWNER, "Grants": [FULL, STRANGER]}
WRITER = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
SHORT = {"Rules": [{"ID": "a", "Filter": {}, "Status": "Enabled", "Expiration": {"Days": 1}}]}
LOCK = {"ObjectLockEnabled": "Enabled"}
CFN = {"TagSet": [{"Key": "aws:cloudformation:stack-name", "Value": "acme"}]}
COPY = {
    "Role": "arn:aws:iam::111122223333:role/replication",
    "Rules": [{"ID": "a", "Prefix": "", "Status": "Enabled", "Destination": {"Bucket": "b"}}],
}
UNRESTORABLE = [
    ({"versioning": ENABLED}, {"versioning": SUSPENDED}, "versioning would be turned off"),
    ({"versioning": SUSPENDED}, {"versioning": None}, "no way back to never enabled"),
    ({"versioning": ENABLED}, {"versioning": {**ENABLED, "MFADelete": "Enabled"}}, "root user"),
    ({"versioning": {**SUSPENDED, "MFADelete": "Enabled"}}, {"versioning": ENABLED}, "MFA"),
    (
        {"versioning": {**ENABLED, "MFADelete": "Enabled"}, "lifecycle": SHORT},
        {"lifecycle": {"Rules": [{**SHORT["Rules"][0], "Expiration": {"Days": 9}}]}},
        "MFA delete is on",
    ),
    ({"object_lock": LOCK, "versioning": ENABLED}, {"object_lock": None}, "turned off"),
    ({"object_lock": None}, {"object_lock": LOCK}, "only where versioning is enabled"),
    ({"replication": None}, {"replication": COPY}, "only where versioning is enabled"),
    ({"acl": NEW_BUCKET["acl"]}, {"acl": GRANTED}, "while object ownership is BucketOwnerEnforced"),
    (
        {"ownership": WRITER},
        {"acl": {"Owner": {"ID": "c" * 64}, "Grants": [FULL]}},
        "another owner's bucket",
    ),
    ({}, {"ownership": WRITER}, "object ownership would go from"),
    ({}, {"public_access_block": None}, "would be turned off"),
    ({}, {"policy": PUBLIC}, "refused: the public could read"),
    ({"tagging": CFN}, {"tagging": None}, "only AWS can change its own tags"),
]


@pytest.mark.parametrize(("now", "then", "reason"), UNRESTORABLE)
def test_what_cannot_come_back_is_said(now, then, reason):
    live = bucket(**now)
    calls, left = restoring(live, {**live.aspects, **then}, ALL)
    assert calls == ()
    assert reason in " ".join(map(str, left))
    assert {each.aspect.name for each in left} == {list(then)[-1]}


STATIC = {"policy": PUBLIC, "public_access_block": None}


def test_a_public_policy_is_not_written_under_a_block_that_stays():
    live = bucket()
    _, left = restoring(live, {**live.aspects, "policy": PUBLIC}, ALL, even_weaker=True)
    assert "stores no such policy under BlockPublicPolicy" in str(left[0])


def test_a_person_may_bring_back_what_is_weaker_and_it_opens_last():
    live = bucket()
    calls, left = restoring(live, {**live.aspects, **STATIC}, ALL, even_weaker=True)
    assert left == ()
    assert [call.operation.name for call in calls] == [
        "PutPublicAccessBlock",
        "PutBucketPolicy",
        "DeletePublicAccessBlock",
    ]
    assert calls[0].document["RestrictPublicBuckets"] is True
    assert steps(calls, live)[-1][a.POLICY] == PUBLIC


def test_a_public_policy_that_a_block_holds_down_is_written_before_its_refusal_is_on():
    live = bucket(policy=BACKDOOR, public_access_block=None)
    approved = {**NEW_BUCKET, "policy": PUBLIC}
    calls, left = restoring(live, approved, ALL, even_weaker=True)
    assert left == ()
    assert [call.operation.name for call in calls] == [
        "PutPublicAccessBlock",
        "PutBucketPolicy",
        "PutPublicAccessBlock",
    ]
    assert calls[0].document["BlockPublicPolicy"] is False
    assert steps(calls, live)[-1][a.PUBLIC_ACCESS_BLOCK] == NEW_BUCKET["public_access_block"]


BACKDOOR = PUBLIC.replace('"*"', '{"AWS": "999999999999"}').replace("GetObject", "*")


def test_acl_before_owner_enforced_and_after_acls_are_on():
    live = bucket(acl=GRANTED, ownership=WRITER)
    calls, _ = restoring(live, NEW_BUCKET, ALL)
    assert [call.aspect.name for call in calls] == ["acl", "ownership"]
    calls, _ = restoring(bucket(), {**live.aspects}, ALL, even_weaker=True)
    assert [call.aspect.name for call in calls] == ["ownership", "acl"]


def test_versioning_before_what_needs_it_and_suspended_after_it_is_gone():
    live = bucket(versioning=SUSPENDED)
    approved = {**live.aspects, "versioning": ENABLED, "replication": COPY, "object_lock": LOCK}
    calls, _ = restoring(live, approved, ALL)
    assert [call.aspect.name for call in calls] == ["versioning", "replication", "object_lock"]
    live = bucket(versioning=ENABLED, replication=COPY)
    approved = {**live.aspects, "versioning": SUSPENDED, "replication": None}
    calls, _ = restoring(live, approved, ALL, even_weaker=True)
    assert [call.aspect.name for call in calls] == ["replication", "versioning"]


SHIELDED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            json.loads(BACKDOOR)["Statement"],
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
)


@pytest.mark.parametrize(
    ("name", "attack"),
    [
        ("policy", SHIELDED),
        ("policy", SHIELDED.replace('"Deny"', '"Deny", "New": 1')),
        (
            "lifecycle",
            {"Rules": [{**SHORT["Rules"][0], "ID": "nuke"}]},
        ),
        (
            "encryption",
            {
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {
                            "SSEAlgorithm": "aws:kms:dsse",
                            "KMSMasterKeyID": "arn:aws:kms:eu-central-1:999999999999:key/x",
                        },
                    }
                ]
            },
        ),
        # As a control of the posture leaves it, which knows no more than that it was too short.
        ("lifecycle", {"Rules": [{**SHORT["Rules"][0], "Status": "Disabled"}]}),
        ("lifecycle", None),
        ("tagging", {"TagSet": [{"Key": "exempt", "Value": "true"}]}),
        ("notification", None),
    ],
)
def test_an_attack_is_not_safe_from_revert_for_what_it_strengthens(name, attack):
    approved = {
        **NEW_BUCKET,
        "lifecycle": {"Rules": [{**SHORT["Rules"][0], "Filter": {"Prefix": "tmp/"}}]},
        "notification": {"EventBridgeConfiguration": {}},
    }
    live = Bucket("acme-data", "111122223333", "eu-central-1", aspects={**approved, name: attack})
    calls, left = restoring(live, approved, ALL)
    assert left == ()
    assert drifted(apply(calls, live), approved) == ()


def test_the_named_come_back_with_the_approved_policy_and_the_public_does_not():
    named = BACKDOOR.replace("s3:*", "s3:GetObject")
    calls, left = restoring(bucket(), {**NEW_BUCKET, "policy": named}, ALL)
    assert calls == (put(a.POLICY, named),)
    assert left == ()


def test_a_blocked_type_is_unblocked_by_saying_so():
    rule = NEW_BUCKET["encryption"]["Rules"][0]
    blocked = {**rule, "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}
    live = bucket(encryption={"Rules": [blocked]})
    calls, _ = restoring(live, NEW_BUCKET, ALL, even_weaker=True)
    assert same(a.ENCRYPTION, steps(calls, live)[-1][a.ENCRYPTION], NEW_BUCKET["encryption"])


def test_deletes_stand_for_what_was_never_set():
    site = {"IndexDocument": {"Suffix": "index.html"}}
    live = bucket(website=site, accelerate=ENABLED, logging={"LoggingEnabled": {}})
    calls, _ = restoring(live, NEW_BUCKET, [a.WEBSITE, a.ACCELERATE])
    assert calls == (delete(a.WEBSITE), put(a.ACCELERATE, SUSPENDED))


def test_no_knowledge_no_action():
    with pytest.raises(Unknown, match="No website of bucket acme-data is approved"):
        restoring(bucket(), {}, [a.WEBSITE])
    unread = Bucket("acme-data", "111122223333", "eu-central-1", aspects={})
    with pytest.raises(Unknown, match="was not read"):
        restoring(unread, {"website": None}, [a.WEBSITE])
