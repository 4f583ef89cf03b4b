"""Which target can receive an access log."""

import json

import pytest

from bucketward import Bucket, access_log

ACCOUNT = "111122223333"
ALLOW = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::ward-logs/*",
            }
        ],
    }
)


def grants(*permissions):
    group = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
    return {
        "Owner": {"ID": "x"},
        "Grants": [{"Grantee": group, "Permission": p} for p in permissions],
    }


def target(name="ward-logs", account=ACCOUNT, region="eu-central-1", **aspects):
    unset = dict.fromkeys(("policy", "acl", "ownership", "object_lock"))
    return Bucket(name, account, region, aspects={**unset, **aspects})


SOURCE = Bucket("ward-data", ACCOUNT, "eu-central-1")
ENFORCED = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
LOCKED = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Days": 1}}}


@pytest.mark.parametrize(
    "able",
    [
        target(policy=ALLOW),
        target(policy=ALLOW, ownership=ENFORCED),
        target(acl=grants("WRITE", "READ_ACP")),
        target(acl=grants("FULL_CONTROL")),
        target(policy=ALLOW, object_lock={"ObjectLockEnabled": "Enabled"}),
    ],
)
def test_a_target_that_lets_the_service_write_can_receive_the_log(able):
    assert access_log.delivery_fault(SOURCE, able, "data/") is None


@pytest.mark.parametrize(
    ("unable", "fault"),
    [
        (target(name="ward-data", policy=ALLOW), "it is the bucket itself"),
        (target(account="444455556666", policy=ALLOW), "it belongs to account 444455556666"),
        (target(region="us-east-1", policy=ALLOW), "it is in us-east-1, not in eu-central-1"),
        (target(policy=ALLOW, object_lock=LOCKED), "Object Lock gives it a default retention"),
        (target(), "neither its policy nor its ACL lets"),
        (target(acl=grants("WRITE")), "neither its policy nor its ACL lets"),
        (target(acl=grants("FULL_CONTROL"), ownership=ENFORCED), "neither its policy nor its ACL"),
    ],
)
def test_a_target_that_cannot_receive_the_log_is_told_why(unable, fault):
    assert fault in access_log.delivery_fault(SOURCE, unable, "data/")


@pytest.mark.parametrize(
    ("logging", "fault"),
    [
        (None, "Access logging is off."),
        ({"LoggingEnabled": {"TargetBucket": "ward-data"}}, "writes its access log into itself"),
        ({"LoggingEnabled": {"TargetBucket": "ward-else"}}, "goes to ward-else, which is not"),
    ],
)
def test_logging_that_does_not_serve_is_told_why(logging, fault):
    bucket = Bucket("ward-data", ACCOUNT, "eu-central-1", aspects={"logging": logging})

    assert fault in access_log.fault(bucket, ("ward-logs",))
