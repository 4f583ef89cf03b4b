"""Rules of the default bus and of the template's own, their targets, and what stops them."""

import json

import pytest
from botocore.exceptions import ClientError

from bucketward_tools.local.events import (
    DeadLettered,
    Denied,
    Emitted,
    Evaluated,
    Invoked,
    Lost,
    Published,
)
from local.deployment import deploy
from local.monitored import bucket, call, monitored
from local.story import LAKE, create, of_kind

ALERT = {"bucket": "acme", "severity": "high"}


def entry(detail=ALERT, **given):
    known = {"Source": "bucketward", "DetailType": "Alert", "EventBusName": "alerts"}
    return {**known, "Detail": json.dumps(detail), **given}


def raise_alert(account, *entries):
    answer = account.client("events").put_events(Entries=list(entries or [entry()]))
    account.settle()
    return answer


def taken(account):
    return [rule for each in of_kind(account, Emitted) for rule in each.rules]


@pytest.fixture
def account(tmp_path):
    with monitored(tmp_path) as opened:
        yield opened


def test_an_event_goes_to_the_targets_of_the_rules_of_its_bus(account):
    answer = raise_alert(account)
    assert answer["FailedEntryCount"] == 0
    assert answer["Entries"][0]["EventId"]
    (published,) = of_kind(account, Published)
    assert published.message == '"high: look at acme"'
    (invoked,) = of_kind(account, Invoked)
    assert invoked.function == "bucketward-Reconciler"
    assert invoked.result["detail"] == ALERT
    assert invoked.result["detail-type"] == "Alert"


def test_an_event_that_no_rule_wants_or_on_another_bus_goes_nowhere(account):
    raise_alert(account, entry({**ALERT, "severity": "low"}), entry(EventBusName="default"))
    assert [each.bus for each in of_kind(account, Emitted)] == ["alerts", "default"]
    assert taken(account) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Detail": "no"}, "MalformedDetail"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"Source": "aws.s3"}, "NotAuthorizedForSourceException"),
        ({"DetailType": ""}, "InvalidArgument"),
    ],
)
def test_a_bad_entry_fails_alone(account, given, code):
    answer = raise_alert(account, entry(**given), entry())
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code
    assert len(of_kind(account, Emitted)) == 1


@pytest.mark.parametrize("entries", [[entry()] * 11, [entry({"x": "y" * 256 * 1024})]])
def test_too_many_or_too_large_entries_are_refused(account, entries):
    with pytest.raises(ClientError, match="ValidationException"):
        raise_alert(account, *entries)


def test_a_function_may_put_events_on_its_bus_only(account):
    put = "found = client('events').put_events(Entries=[{}])"
    assert call(account, put.format(entry())).error is None
    refused = call(account, put.format(entry(EventBusName="default")))
    assert "events:PutEvents on resource: arn:aws:events" in refused.error
    assert "event-bus/default" in refused.error


def without(logical_id):
    def edit(translated):
        del translated["Resources"][logical_id]

    return edit


def test_without_the_topics_policy_nothing_is_published(tmp_path):
    with monitored(tmp_path, edit=without("TopicPolicy")) as account:
        raise_alert(account)
        assert of_kind(account, Published) == []
        assert len(of_kind(account, Invoked)) == 1
        (denied,) = of_kind(account, Denied)
        assert denied.resource.endswith("Topic")


def test_without_the_permission_the_function_is_not_invoked(tmp_path):
    with monitored(tmp_path, edit=without("AlertsMayInvoke")) as account:
        raise_alert(account)
        assert of_kind(account, Invoked) == []
        assert len(of_kind(account, Published)) == 1


def test_a_policy_for_another_rule_is_none_and_the_event_goes_to_the_dead_letter_queue(tmp_path):
    def only_letters(translated):
        policy = translated["Resources"]["QueuePolicy"]["Properties"]["PolicyDocument"]
        allow = policy["Statement"][0]
        allow["Resource"] = allow["Resource"][1]

    with monitored(tmp_path, edit=only_letters) as account:
        bucket(account)
        account.settle()
        (letter,) = of_kind(account, DeadLettered)
        assert letter.queue == "bucketward-Undelivered"
        assert account.messages("Undelivered")[0]["detail"]["eventName"] == "CreateBucket"
        assert account.messages("Changes") == []

    with monitored(tmp_path, edit=without("QueuePolicy")) as account:
        bucket(account)
        account.settle()
        assert of_kind(account, DeadLettered) == []
        assert len(of_kind(account, Lost)) == 1


def test_a_rule_that_is_disabled_or_has_lost_its_target_does_nothing(account):
    events = account.client("events", "arn:aws:iam::111122223333:user/mallory")
    alerts = {"Name": "bucketward-Alerts", "EventBusName": "alerts"}
    assert events.describe_rule(**alerts)["State"] == "ENABLED"
    events.disable_rule(**alerts)
    assert events.describe_rule(**alerts)["State"] == "DISABLED"
    raise_alert(account)
    assert taken(account) == []
    events.enable_rule(**alerts)
    raise_alert(account)
    assert taken(account) == ["bucketward-Alerts"]

    rule = {"Rule": "bucketward-Alerts", "EventBusName": "alerts"}
    targets = events.list_targets_by_rule(**rule)["Targets"]
    assert {each["Id"] for each in targets} == {"topic", "function"}
    with pytest.raises(ClientError, match="has targets"):
        events.delete_rule(**alerts)
    events.remove_targets(Ids=["topic", "function"], **rule)
    account.events.clear()
    raise_alert(account)
    assert of_kind(account, Published) == []
    events.delete_rule(**alerts)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        events.describe_rule(**alerts)


def test_schedules_come_round_when_asked(account):
    for name in ("Reconciler", "Sweeper"):
        account.schedule(name)
    account.settle()
    reconciled, swept = of_kind(account, Invoked)
    assert reconciled.trigger == "scheduler.amazonaws.com"
    assert swept.trigger == "events.amazonaws.com"
    for each in (reconciled, swept):
        assert each.result["detail-type"] == "Scheduled Event"
    account.client("events").disable_rule(Name=account.schedules.find("Sweeper").name)
    account.schedule("Sweeper")
    account.settle()
    assert len(of_kind(account, Invoked)) == 2


def test_a_schedule_needs_its_role(tmp_path):
    def no_policies(translated):
        role = next(
            each
            for each in translated["Resources"].values()
            if each["Type"] == "AWS::IAM::Role" and "scheduler" in json.dumps(each)
        )
        role["Properties"]["Policies"] = []

    with monitored(tmp_path, edit=no_policies) as account:
        account.schedule("Reconciler")
        account.settle()
        assert of_kind(account, Invoked) == []
        assert of_kind(account, Lost)[0].source == "ReconcilerHourly"


def test_a_change_of_compliance_is_an_event():
    def listen(translated):
        translated["Resources"]["Verdicts"] = {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.config"],
                    "detail-type": ["Config Rules Compliance Change"],
                    "detail": {"newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]}},
                },
                "Targets": [],
            },
        }

    with deploy(["bucket_versioning"], {"Remediation": "all"}, listen) as account:
        create(account, LAKE)
        account.settle()
        told = [each.detail for each in of_kind(account, Emitted) if each.source == "aws.config"]
        states = [each["newEvaluationResult"]["complianceType"] for each in told]
        assert states == ["NON_COMPLIANT", "COMPLIANT"]
        first, second = told
        rule = account.rule_name("bucket_versioning")
        assert first["configRuleName"] == rule
        assert first["configRuleARN"] == account.wiring.rules[rule].arn
        assert (first["resourceType"], first["resourceId"]) == ("AWS::S3::Bucket", LAKE)
        assert first["messageType"] == "ComplianceChangeNotification"
        assert "oldEvaluationResult" not in first
        assert first["newEvaluationResult"]["annotation"]
        assert second["oldEvaluationResult"]["complianceType"] == "NON_COMPLIANT"
        verdicts = len(of_kind(account, Evaluated))
        account.client("config").start_config_rules_evaluation(ConfigRuleNames=[rule])
        account.settle()
        assert len(of_kind(account, Evaluated)) == verdicts + 1
        assert len([e for e in of_kind(account, Emitted) if e.source == "aws.config"]) == 2
