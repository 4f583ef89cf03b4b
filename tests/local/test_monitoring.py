"""What is measured, what is silent, what was tampered with, and CIS 4.8, in the local account."""

import pytest

from bucketward_tools.local import LocalAccount, NotEmulated
from bucketward_tools.local.events import Denied
from bucketward_tools.local.filter_patterns import counts
from local import convergence as world
from local.deployment import only
from local.story import create, of_kind
from local.test_monitor import EVIL, LAKE, opened, write

AUDIT = "account_policy_change_alarm"
GROUP = "trail-log"
SECURITY = "security@example.com"
DAY = 86_400


def sent(metrics, name):
    """Return the values of a metric by those of its second dimension, and of the whole stack."""
    found = {}
    for each in metrics:
        if (each.namespace, each.name) == ("Bucketward/bucketward", name):
            (of,) = each.dimensions.values()
            found.setdefault(of, []).append(each.value)
    return found


@pytest.fixture(scope="class")
def story():
    """Return the account, its metrics when all was quiet, and when mallory changed a bucket."""
    with opened(Remediation="recommended") as account:
        begun = account.clock.now
        write(account, "mallory", EVIL)
        account.settle()
        yield account, list(account.logs.metrics), begun


class TestAStackThatPutAChangeBack:
    def test_counts_by_control_and_for_the_whole_stack(self, story):
        _, metrics, _ = story
        assert sent(metrics, "DriftFound") == {"bucket_drift": [1], "bucketward": [1]}
        assert sent(metrics, "Reverted") == {"bucket_drift": [1], "bucketward": [1]}
        verdicts = sent(metrics, "Evaluated")
        assert verdicts["bucket_drift"] == verdicts["bucketward"]
        assert sent(metrics, "Changes")["unauthorised"] == [1]
        assert sent(metrics, "Alerts")["tagging-changed"] == [1]
        assert sent(metrics, "RemediationFailed") == {}

    def test_measures_from_the_change_to_its_handling(self, story):
        account, metrics, _ = story
        lags = sent(metrics, "DetectionLag")
        # CloudTrail's time of an event has no fractions of a second.
        assert account.trail.delay <= lags["change_monitor"][0] < account.trail.delay + 2
        assert lags["bucket_drift"]
        assert all(0 <= each < 300 for each in lags["bucket_drift"])

    def test_measures_from_the_change_that_is_to_blame_to_its_revert(self, story):
        account, metrics, begun = story
        journal = world.store(account).records.journal(LAKE)
        first = min(e.time for e in journal if "tagging" in e.after and e.time > begun)
        (lag,) = sent(metrics, "RevertLag")["bucket_drift"]
        took = (first - begun).total_seconds()
        assert took - 1 <= lag < took + 60

    def test_measures_no_lag_of_an_evaluation_that_no_change_led_to(self, story):
        account, _, _ = story
        before = len(account.logs.metrics)
        account.schedule("bucket_drift")
        account.settle()
        after = account.logs.metrics[before:]
        assert sent(after, "Evaluated")
        assert sent(after, "DetectionLag").keys() <= {"change_monitor", "bucketward"}

    def test_raises_an_alarm_when_it_falls_silent_and_only_then(self, story):
        account, _, _ = story
        account.clock.run(3 * DAY)
        assert account.logs.silent() == {"ReconcilerMissingAlarm", "EvaluationsMissingAlarm"}
        account.schedule("ReconcilerFunctionHourly")
        account.schedule("bucket_drift")
        account.settle()
        assert account.logs.silent() == set()
        account.clock.run(2 * 3600)
        assert account.logs.silent() == {"ReconcilerMissingAlarm"}

    def test_raises_an_alarm_where_somebody_wrote_an_approved_document(self, story):
        account, _, _ = story
        table = next(n for n in account.wiring.tables if n.endswith("Baselines"))
        dynamodb = account.internal("dynamodb")
        items = [
            each
            for each in dynamodb.scan(TableName=table)["Items"]
            if each["bucket"]["S"] == LAKE and each.get("approved_by", {}).get("S") == "ana"
        ]
        for each in items:
            dynamodb.put_item(TableName=table, Item=each | {"approved_by": {"S": "mallory"}})
        write(account, "mallory", EVIL)
        account.settle()
        assert "TamperedAlarm" in account.logs.alarmed()
        for each in items:
            dynamodb.put_item(TableName=table, Item=each)
        account.schedule("bucket_drift")
        account.settle()


@pytest.fixture(scope="class")
def audited():
    given = {"CloudTrailLogGroup": GROUP, "AlertEmail": SECURITY}
    with LocalAccount(parameters=given, edit=only([AUDIT])) as account:
        create(account, LAKE)
        create(account, "trail-bucket")
        account.client("logs").create_log_group(logGroupName=GROUP)
        cloudtrail = account.client("cloudtrail")
        cloudtrail.create_trail(
            Name="audit",
            S3BucketName="trail-bucket",
            IsMultiRegionTrail=True,
            CloudWatchLogsLogGroupArn=account.place.arn("logs", f"log-group:{GROUP}:*"),
            CloudWatchLogsRoleArn=account.role_arn("CloudTrail"),
        )
        cloudtrail.start_logging(Name="audit")
        account.settle()
        yield account


class TestCIS48:
    """Given the trail's log group, the stack's filter, alarm and topic are what CIS asks for."""

    def test_the_audit_is_content_once_somebody_confirmed_to_be_told(self, audited):
        def verdict():
            audited.schedule(AUDIT)
            audited.settle()
            return audited.compliance(AUDIT, audited.place.account)

        assert verdict() == "NON_COMPLIANT"  # nobody has confirmed the subscription
        audited.corrections.confirmed.add(SECURITY)
        assert verdict() == "COMPLIANT"
        assert of_kind(audited, Denied) == []

    def test_one_of_the_nine_events_is_an_alarm_and_no_other_event_is(self, audited):
        s3 = audited.client("s3", world.PEOPLE["mallory"])
        s3.put_bucket_tagging(Bucket=LAKE, Tagging={"TagSet": []})
        audited.settle()
        assert "PolicyChangesAlarm" not in audited.logs.alarmed()
        s3.delete_bucket_cors(Bucket=LAKE)
        audited.settle()
        assert "PolicyChangesAlarm" in audited.logs.alarmed()


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("{ $.a = x }", True),
        ("{ $.a = y }", False),
        ('{ ($.a = "x") && ($.b.c = 2) }', True),
        ("{ $.a = y || $.a = x && $.b.c = 2 }", True),
        ("{ ($.a = y || $.a = x) && $.b.c = 3 }", False),
        ("{ $.a = x* }", True),
        ("{ $.d = x }", False),
    ],
)
def test_a_pattern_of_a_metric_filter_is_understood(pattern, found):
    assert counts(pattern, {"a": "x", "b": {"c": 2}}) is found


@pytest.mark.parametrize("pattern", ["ERROR", "{ $.a > 1 }", "{ ($.a = 1 }", "{ $.a = 1 $.b = 1 }"])
def test_a_pattern_of_a_metric_filter_that_is_not_understood_is_no_guess(pattern):
    with pytest.raises(NotEmulated):
        counts(pattern, {"a": 1, "b": 1})
