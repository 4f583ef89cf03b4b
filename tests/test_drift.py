"""When two documents of an aspect are the same configuration, and when they are not."""

import json

import pytest

from bucketward import Bucket
from bucketward.aspects import ASPECTS
from bucketward.drift import drifted, same
from estate import ACCOUNT, NEW_BUCKET, OWNER, bucket

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/11111111-0000-4000-8000-000000000000"
GROUP = "http://acs.amazonaws.com/groups/global/AllUsers"


def policy(*statements, **rest):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **rest})


def allow(**differs):
    made = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-data/*",
    }
    return {**made, **differs}


def deny(**differs):
    return allow(Effect="Deny", Principal="*", **differs)


def role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def encrypted(algorithm="AES256", key=None, **rest):
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": default, **rest}]}


def blocking(*types):
    return {"BlockedEncryptionTypes": {"EncryptionType": list(types)}}


def rules(*found, **rest):
    return {"Rules": list(found), **rest}


def expiring(key="old", scope=None, **differs):
    return {"ID": key, **(scope or {"Filter": {}}), "Status": "Enabled", **differs}


def grants(*found, **owner):
    return {"Owner": {**OWNER, **owner}, "Grants": list(found)}


def grant(permission, **grantee):
    return {"Grantee": grantee, "Permission": permission}


def logged(**rest):
    return {"LoggingEnabled": {"TargetBucket": "acme-logs", "TargetPrefix": "s3/", **rest}}


def copied(**differs):
    to = {"Bucket": "arn:aws:s3:::acme-audit"}
    status = {"Status": "Disabled"}
    made = {"ID": "copy", "Priority": 1, "Status": "Enabled", "Destination": to}
    return {**made, "DeleteMarkerReplication": status, "Filter": {}, **differs}


def replicated(*found):
    return {"Role": f"arn:aws:iam::{ACCOUNT}:role/replication", "Rules": list(found)}


def notified(*found, **rest):
    return {"QueueConfigurations": list(found), **rest}


def queue(key="a", *names, events=("s3:ObjectCreated:*",)):
    arn = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:events"
    rules = [{"Name": name, "Value": value} for name, value in names]
    filtered = {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}
    named = {"Id": key} if key else {}
    return {**named, "QueueArn": arn, "Events": list(events), **filtered}


def tagged(*pairs):
    return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs]}


def cors(*found):
    return {"CORSRules": list(found)}


ONE = {"AllowedOrigins": ["https://a", "https://b"], "AllowedMethods": ["GET", "PUT"]}
TWO = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
TAG = {"Key": "Prefix", "Value": "tmp/"}
OTHER_TAG = {"Key": "a", "Value": "b"}
FIELDS = {"Id": "all", "OptionalFields": ["Size", "ETag"]}

SAME = [
    ("policy", policy(allow(), deny()), json.dumps(json.loads(policy(deny(), allow())), indent=3)),
    ("policy", policy(allow()), json.dumps({"Version": "2012-10-17", "Statement": allow()})),
    ("policy", policy(allow(Action=["s3:GetObject"], Sid="")), policy(allow())),
    ("policy", policy(allow(Action=["s3:a", "s3:b"])), policy(allow(Action=["s3:b", "s3:a"]))),
    (
        "policy",
        policy(allow(Principal={"AWS": [role("a"), role("b")]})),
        policy(allow(Principal={"AWS": [role("b"), role("a")]})),
    ),
    (
        "policy",
        policy(allow(Principal={"AWS": ACCOUNT})),
        policy(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
    ),
    (
        "policy",
        policy(deny(Condition={"Bool": {"aws:SecureTransport": False}})),
        policy(deny(Condition={"Bool": {"aws:SecureTransport": ["false"]}})),
    ),
    (
        "policy",
        policy(deny(Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}})),
        policy(deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})),
    ),
    (
        "policy",
        json.dumps({"Statement": [allow()]}),
        json.dumps({"Version": "2008-10-17", "Statement": [allow()]}),
    ),
    (
        "acl",
        grants(grant("READ", Type="Group", URI=GROUP), grant("WRITE", ID="b"), DisplayName="acme"),
        grants(grant("WRITE", ID="b", DisplayName="bob"), grant("READ", URI=GROUP, Type="Group")),
    ),
    (
        "public_access_block",
        None,
        NEW_BUCKET["public_access_block"] | dict.fromkeys(NEW_BUCKET["public_access_block"], False),
    ),
    (
        "public_access_block",
        {"BlockPublicAcls": True},
        {"BlockPublicAcls": True, "IgnorePublicAcls": False},
    ),
    ("encryption", None, encrypted(BucketKeyEnabled=False)),
    ("encryption", None, encrypted(**blocking("NONE"))),
    ("encryption", encrypted("aws:kms", KEY), encrypted("aws:kms", KEY, BucketKeyEnabled=False)),
    ("encryption", encrypted(**blocking("SSE-C", "X")), encrypted(**blocking("X", "SSE-C"))),
    ("versioning", {"Status": "Enabled", "MFADelete": "Disabled"}, {"Status": "Enabled"}),
    ("logging", logged(), logged(TargetObjectKeyFormat={"SimplePrefix": {}})),
    ("logging", logged(), logged(TargetGrants=[])),
    ("logging", None, {}),
    (
        "lifecycle",
        rules(expiring("a"), expiring("b")),
        rules(
            expiring("b", {"Filter": {"Prefix": ""}}),
            expiring("a", {"Prefix": ""}),
            TransitionDefaultMinimumObjectSize="all_storage_classes_128K",
        ),
    ),
    (
        "lifecycle",
        rules(expiring(scope={"Filter": {"And": {"Tags": [TAG, OTHER_TAG], "Prefix": "a"}}})),
        rules(expiring(scope={"Filter": {"And": {"Prefix": "a", "Tags": [OTHER_TAG, TAG]}}})),
    ),
    (
        "lifecycle",
        rules(expiring(Expiration={"Date": "2027-01-01T00:00:00+00:00"})),
        rules(expiring(Expiration={"Date": "2027-01-01T00:00:00Z"})),
    ),
    ("lifecycle", rules(expiring(key="made-by-s3")), rules(expiring(key=""))),
    (
        "replication",
        replicated(copied(), copied(ID="b", Priority=2)),
        replicated(copied(ID="b", Priority=2), copied(Filter={"Prefix": ""})),
    ),
    ("cors", cors(ONE), cors({key: each[::-1] for key, each in ONE.items()})),
    (
        "notification",
        notified(queue("a", ("prefix", "in/"), ("suffix", ".jpg")), queue("b")),
        notified(queue("b"), queue("a", ("Suffix", ".jpg"), ("Prefix", "in/"))),
    ),
    ("notification", notified(queue("made-by-s3")), notified(queue(""))),
    ("notification", None, {"TopicConfigurations": []}),
    ("tagging", tagged(("a", "true"), ("b", "1")), tagged(("b", "1"), ("a", "true"))),
    ("tagging", None, {"TagSet": []}),
    ("request_payment", None, {"Payer": "BucketOwner"}),
    ("accelerate", None, {"Status": "Suspended"}),
    ("inventory", {"all": FIELDS}, {"all": {**FIELDS, "OptionalFields": ["ETag", "Size"]}}),
    ("metrics", None, {}),
]
DIFFERENT = [
    ("policy", None, policy(allow())),
    ("policy", policy(allow()), policy(allow(), allow())),
    ("policy", policy(allow(Principal="*")), policy(allow(Principal={"AWS": "*"}))),
    (
        "policy",
        policy(allow(Principal={"AWS": role("a")})),
        policy(allow(Principal={"AWS": "AROAEXAMPLEEXAMPLE123"})),
    ),
    ("policy", policy(allow(Principal={"AWS": "b"})), policy(allow(Principal={"Service": "b"}))),
    ("policy", policy(allow(Action="s3:a")), policy(allow(NotAction="s3:a"))),
    ("policy", policy(allow()), policy(allow(), Id="x")),
    (
        "policy",
        policy(deny(Condition={"Bool": {"a:b": "true"}})),
        policy(deny(Condition={"Bool": {"a:b": ["true", "false"]}})),
    ),
    ("policy", policy(allow()), policy(allow())[:-1] + ',"Version":"2012-10-17"}'),
    ("policy", policy(allow()), policy(allow()).replace("2012-10-17", "2008-10-17")),
    ("acl", grants(grant("READ", URI=GROUP)), grants(grant("WRITE", URI=GROUP))),
    ("acl", grants(), {"Owner": {"ID": "b" * 64}, "Grants": []}),
    ("ownership", None, {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    ("encryption", encrypted("aws:kms"), encrypted("aws:kms", KEY)),
    ("encryption", encrypted(), encrypted(**blocking("SSE-C"))),
    ("encryption", encrypted("aws:kms", KEY), encrypted("aws:kms", KEY, BucketKeyEnabled=True)),
    ("versioning", None, {"Status": "Suspended"}),
    ("versioning", {"Status": "Enabled"}, {"Status": "Enabled", "MFADelete": "Enabled"}),
    ("logging", logged(), logged(TargetObjectKeyFormat={"PartitionedPrefix": {}})),
    (
        "lifecycle",
        rules(expiring(scope={"Filter": {"Prefix": "tmp/"}})),
        rules(expiring(scope={"Filter": {"Tag": TAG}})),
    ),
    ("lifecycle", rules(expiring("a")), rules(expiring("b"))),
    (
        "lifecycle",
        rules(expiring()),
        rules(expiring(), TransitionDefaultMinimumObjectSize="varies_by_storage_class"),
    ),
    ("lifecycle", rules(expiring(Expiration={"Days": 1})), rules(expiring(Expiration={"Days": 2}))),
    ("replication", replicated(copied()), replicated(copied(Priority=2))),
    (
        "replication",
        replicated(
            {key: each for key, each in copied().items() if key != "Filter"} | {"Prefix": ""}
        ),
        replicated(copied()),
    ),
    ("cors", cors(ONE, TWO), cors(TWO, ONE)),
    ("website", {"RoutingRules": [{"a": 1}, {"b": 1}]}, {"RoutingRules": [{"b": 1}, {"a": 1}]}),
    ("notification", None, {"EventBridgeConfiguration": {}}),
    ("notification", notified(queue("a")), notified(queue("b"))),
    ("notification", notified(queue("a", ("Prefix", "a"))), notified(queue("a", ("Suffix", "a")))),
    ("tagging", tagged(("a", "true")), tagged(("a", "True"))),
    ("tagging", tagged(("a", "true")), tagged(("a", True))),
    ("request_payment", None, {"Payer": "Requester"}),
    ("accelerate", {"Status": "Enabled"}, {"Status": "Suspended"}),
    ("object_lock", None, {"ObjectLockEnabled": "Enabled"}),
    ("metrics", {"a": {"Id": "a"}}, {"a": {"Id": "a"}, "b": {"Id": "b"}}),
    ("lifecycle", {"Rules": "what"}, {"Rules": "ever"}),
    ("policy", "{", "}"),
]


@pytest.mark.parametrize(("name", "left", "right"), SAME)
def test_the_same_configuration(name, left, right):
    assert same(ASPECTS[name], left, right)
    assert same(ASPECTS[name], right, left)


@pytest.mark.parametrize(("name", "left", "right"), DIFFERENT)
def test_another_configuration(name, left, right):
    assert not same(ASPECTS[name], left, right)
    assert not same(ASPECTS[name], right, left)


@pytest.mark.parametrize("name", ASPECTS)
def test_a_document_is_the_same_as_itself(name):
    assert same(ASPECTS[name], NEW_BUCKET[name], NEW_BUCKET[name])


def test_only_what_is_known_on_both_sides_has_drifted():
    live = bucket(versioning={"Status": "Enabled"}, website={"IndexDocument": {"Suffix": "i"}})
    approved = {"versioning": None, "policy": None}
    assert drifted(live, approved) == (ASPECTS["versioning"],)
    unread = Bucket(live.name, ACCOUNT, live.region, aspects={"policy": None})
    assert drifted(unread, approved) == ()
