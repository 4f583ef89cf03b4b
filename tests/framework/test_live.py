"""Rules that read from S3 what AWS Config does not record: on a change, and on a schedule."""

import json
from dataclasses import replace

import pytest

from bucketward import (
    OWNERSHIP,
    VERSIONING,
    BadInput,
    Rule,
    Severity,
    Unknown,
    compliant,
    non_compliant,
)
from bucketward.bucket import Bucket
from bucketward.errors import EvaluationLost
from bucketward.notification import Notification
from bucketward_tools.catalogue import control as find
from framework.logs import metrics
from framework.samples import ACCOUNT, NAME, REGION, change, envelop, history, item

FOREIGN = "444455556666"


def topics(accounts):
    configurations = {
        f"to {account}": {
            "type": "TopicConfiguration",
            "topicARN": f"arn:aws:sns:{REGION}:{account}:topic",
            "events": ["s3:ObjectCreated:*"],
            "filter": None,
        }
        for account in accounts
    }
    return {"configurations": configurations}


def replicas(accounts):
    rules = {
        f"to {account}": {
            "prefix": "",
            "status": "Enabled",
            "destinationConfig": {"bucketARN": "arn:aws:s3:::replica", "Account": account},
        }
        for account in accounts
    }
    return {"roleARN": f"arn:aws:iam::{ACCOUNT}:role/replication", "rules": rules}


def judge(bucket):
    rules = (bucket[OWNERSHIP] or {}).get("Rules", [])
    owner = rules[0]["ObjectOwnership"] if rules else "ObjectWriter"
    status = (bucket[VERSIONING] or {}).get("Status", "Off")
    say = compliant if owner == "BucketOwnerEnforced" else non_compliant
    return say(f"{owner}, versioning {status}.")


rule = Rule(judge, Severity.LOW, reads=(VERSIONING, OWNERSHIP), live=(OWNERSHIP,))
recorded = replace(rule, live=())
ENFORCED = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
SCHEDULE = {
    "messageType": "ScheduledNotification",
    "awsAccountId": ACCOUNT,
    "notificationCreationTime": "2026-03-04T05:06:07.890Z",
    "recordVersion": "1.0",
}


@pytest.fixture
def config(aws):
    aws.answers["PutEvaluations"] = {"FailedEvaluations": []}
    return aws


def schedule(**changes):
    return envelop({**SCHEDULE, **changes}, accountId=ACCOUNT)


def evaluations(aws):
    return {
        each["ComplianceResourceId"]: (each["ComplianceType"], each["OrderingTimestamp"])
        for request in aws.parameters("PutEvaluations")
        for each in request["Evaluations"]
    }


def make(s3, *names):
    for name in names:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


class TestOnAChange:
    def test_the_live_aspect_is_read_and_the_others_are_the_items(self, config, s3, context):
        make(s3, NAME)
        config.answers["GetBucketOwnershipControls"] = ENFORCED
        config.calls.clear()
        enabled = item(BucketVersioningConfiguration={"status": "Enabled"})

        reported = rule(change(enabled), context)

        assert reported["annotation"] == "BucketOwnerEnforced, versioning Enabled."
        assert config.operations() == ["GetBucketOwnershipControls", "PutEvaluations"]
        [request] = config.parameters("GetBucketOwnershipControls")
        assert request == {"Bucket": NAME, "ExpectedBucketOwner": ACCOUNT}

    def test_a_bucket_that_is_gone_by_then_is_not_applicable(self, config, context):
        config.answers["GetBucketOwnershipControls"] = "NoSuchBucket"
        assert rule(change(item()), context)["compliance"] == "NOT_APPLICABLE"

    def test_a_bucket_that_cannot_be_read_gets_no_verdict(self, config, context, printed):
        config.answers["GetBucketOwnershipControls"] = "AccessDenied"
        with pytest.raises(EvaluationLost, match="AccessDenied"):
            rule(change(item()), context)
        assert not config.parameters("PutEvaluations")
        assert ("EvaluationFailed", "test_live") in metrics(printed())

    def test_without_s3_the_live_aspect_is_unknown_even_where_the_item_holds_some_of_it(self):
        def versioned(bucket):
            return compliant(f"It says {bucket[VERSIONING]}.")

        partly = Rule(versioned, Severity.LOW, reads=(VERSIONING,), live=(VERSIONING,))
        with pytest.raises(Unknown, match="versioning"):
            partly.judge_notification(Notification.parse(item()))

    @pytest.mark.parametrize(
        ("control", "part", "compliance"),
        [
            ("bucket_event_notifications", [ACCOUNT], "COMPLIANT"),
            ("bucket_event_notifications", [ACCOUNT, FOREIGN], "NON_COMPLIANT"),
            ("bucket_event_notifications", [], None),
            ("bucket_replication_trusted", [ACCOUNT], "COMPLIANT"),
            ("bucket_replication_trusted", [ACCOUNT, FOREIGN], "NON_COMPLIANT"),
            ("bucket_replication_trusted", None, "COMPLIANT"),
            ("bucket_sse_c_blocked", [], None),
            ("bucket_acls_disabled", [], None),
        ],
    )
    def test_without_s3_there_is_a_verdict_where_no_unrecorded_setting_could_change_it(
        self, control, part, compliance
    ):
        own = find(control).rule
        parts = {}
        if control == "bucket_event_notifications":
            parts["BucketNotificationConfiguration"] = topics(part)
        elif part and control == "bucket_replication_trusted":
            parts["BucketReplicationConfiguration"] = replicas(part)
        for source in (item(**parts), history(item(**parts))):
            notification = Notification.parse(source)
            if compliance is None:
                with pytest.raises(Unknown, match=f"too little of the .* a verdict of {control}"):
                    own.judge_notification(notification)
            else:
                assert own.judge_notification(notification).compliance == compliance


class TestOnASchedule:
    def test_every_bucket_of_the_region_is_reported(self, config, s3, context, printed):
        names = [f"ward-{number:03}" for number in range(250)]
        config.answers |= {
            "ListBuckets": lambda given: page(names, given),
            "GetBucketOwnershipControls": lambda given: (
                ENFORCED if given["Bucket"] == "ward-007" else "OwnershipControlsNotFoundError"
            ),
            "GetBucketVersioning": {"Status": "Enabled"},
        }

        reported = rule(schedule(), context)

        found = evaluations(config)
        assert sorted(found) == names
        assert found["ward-007"] == ("COMPLIANT", "2026-03-04T05:06:07.890Z")
        assert found["ward-008"][0] == "NON_COMPLIANT"
        assert max(len(each["Evaluations"]) for each in config.parameters("PutEvaluations")) <= 100
        assert {each["BucketRegion"] for each in config.parameters("ListBuckets")} == {REGION}
        assert json.loads(json.dumps(reported))["verdicts"] == "1 COMPLIANT, 249 NON_COMPLIANT"
        assert ("Evaluated", "test_live") in metrics(printed())

    def test_an_unreadable_bucket_is_told_of_after_the_others_are_reported(
        self, config, context, printed
    ):
        config.answers |= {
            "ListBuckets": {"Buckets": [{"Name": name} for name in ("good", "shut", "gone")]},
            "GetBucketOwnershipControls": lambda given: {
                "good": ENFORCED,
                "shut": "AccessDenied",
                "gone": "NoSuchBucket",
            }[given["Bucket"]],
            "GetBucketVersioning": {},
        }

        with pytest.raises(EvaluationLost, match="could not judge 1 buckets: shut"):
            rule(schedule(), context)

        assert list(evaluations(config)) == ["good"]
        assert ("EvaluationFailed", "test_live") in metrics(printed())

    def test_an_account_without_buckets_reports_nothing(self, config, context):
        config.answers["ListBuckets"] = {"Buckets": []}
        assert rule(schedule(), context)["buckets"] == "0"
        assert not config.parameters("PutEvaluations")

    def test_a_rule_that_needs_no_schedule_refuses_one(self, config, context):
        with pytest.raises(BadInput, match="ScheduledNotification"):
            recorded(schedule(), context)

    @pytest.mark.parametrize("missing", ["resultToken", "accountId"])
    def test_an_event_that_cannot_be_answered_is_refused(self, config, context, missing):
        event = {key: value for key, value in schedule().items() if key != missing}
        with pytest.raises(BadInput, match=missing):
            rule(event, context)

    def test_a_schedule_without_a_time_is_refused(self, config, context):
        with pytest.raises(BadInput, match="notificationCreationTime"):
            rule(schedule(notificationCreationTime="soon"), context)


def page(names, given):
    start = int(given.get("ContinuationToken", "0"))
    part = names[start : start + 100]
    after = {"ContinuationToken": str(start + 100)} if start + 100 < len(names) else {}
    return {"Buckets": [{"Name": name} for name in part], **after}


def test_a_bucket_can_be_narrowed_to_some_aspects():
    bucket = Bucket.from_configuration_item(item())
    narrow = bucket.only([VERSIONING, OWNERSHIP])
    assert VERSIONING in narrow
    assert set(narrow.aspects) == {"versioning"}
