"""The net: what no event told of is found, and whoever switches a watcher off is told of."""

import pytest

from bucketward_tools.local.events import Invoked
from local import convergence as world
from local.story import of_kind
from local.test_monitor import LAKE, opened, told, write

SITE = "acme-site"


@pytest.fixture
def account():
    with opened(Remediation="recommended") as found:
        yield found


def reconcile(account, schedule="Daily"):
    account.schedule(f"ReconcilerFunction{schedule}")
    account.settle()


def name_of(account, logical_id):
    return account.wiring.stack.reference(logical_id)


def watchers(account):
    """Return what the alerts of the watchers say."""
    return [each["reason"] for each in world.alerts(account) if each["id"] == "watcher-off"]


def test_nothing_is_told_of_where_all_is_as_it_should_be(account):
    reconcile(account)
    reconcile(account, "Hourly")
    assert world.alerts(account) == []
    assert account.logs.alarmed() == set()
    runs = [each for each in of_kind(account, Invoked) if "Reconciler" in each.function]
    assert [(each.error, each.result["watchersOff"]) for each in runs] == [(None, 0), (None, 0)]


def _recorder(account):
    recorder = account.configuration_recorder.name
    account.client("config").stop_configuration_recorder(ConfigurationRecorderName=recorder)


def _rule_gone(account):
    rule = account.rule_name("bucket_drift")
    config = account.client("config")
    config.delete_remediation_configuration(ConfigRuleName=rule)
    config.delete_config_rule(ConfigRuleName=rule)


def _remediation_gone(account):
    config = account.client("config")
    config.delete_remediation_configuration(ConfigRuleName=account.rule_name("bucket_drift"))


def _by_hand(account):
    from dataclasses import replace

    rule = account.rule_name("bucket_drift")
    found = account.wiring.remediations[rule]
    account.wiring.remediations[rule] = replace(found, automatic=False)


def _rule_of_events(account, change):
    name = name_of(account, "S3Changes").rpartition("|")[2]
    events = account.client("events")
    if change == "disable":
        events.disable_rule(Name=name)
        return
    ids = [each["Id"] for each in events.list_targets_by_rule(Rule=name)["Targets"]]
    events.remove_targets(Rule=name, Ids=ids)
    if change == "delete":
        events.delete_rule(Name=name)


def _mapping(account, *, gone):
    api = account.client("lambda")
    (found,) = [
        each
        for each in api.list_event_source_mappings()["EventSourceMappings"]
        if "ChangeMonitor" in each["FunctionArn"]
    ]
    if gone:
        api.delete_event_source_mapping(UUID=found["UUID"])
    else:
        api.update_event_source_mapping(UUID=found["UUID"], Enabled=False)


def _throttled(account):
    name = account.wiring.function_of("ChangeMonitorFunction").name
    account.client("lambda").put_function_concurrency(
        FunctionName=name, ReservedConcurrentExecutions=0
    )


def _permission(account):
    rule = account.wiring.rules[account.rule_name("bucket_drift")]
    function = account.wiring.function(rule.function_arn)
    (known,) = [
        each
        for each in account.wiring.permissions
        if each.function in {function.name, function.arn}
    ]
    account.client("lambda").remove_permission(FunctionName=function.name, StatementId=known.sid)


def _queue(account):
    queue = next(q for q in account.wiring.queues.values() if q.logical_id == "ChangeDeadLetters")
    account.internal("sqs").delete_queue(QueueUrl=queue.url)


def _protection(account):
    account.internal("dynamodb").update_table(
        TableName=name_of(account, "Baselines"), DeletionProtectionEnabled=False
    )


def _key(account):
    (key,) = account.wiring.keys.values()
    account.internal("kms").disable_key(KeyId=key.id)


OFF = {
    "the recorder stopped": (_recorder, "recorder is stopped"),
    "the trail off": (
        lambda account: account.client("cloudtrail").stop_logging(Name="management-events"),
        "No trail is switched on",
    ),
    "a rule deleted": (_rule_gone, "Rule bucketward-bucket-drift is gone"),
    "a remediation deleted": (_remediation_gone, "bucket-drift has lost its remediation"),
    "a remediation by hand": (_by_hand, "bucket-drift does not run by itself"),
    "an event rule disabled": (
        lambda account: _rule_of_events(account, "disable"),
        "S3Changes is disabled",
    ),
    "an event rule without targets": (
        lambda account: _rule_of_events(account, "empty"),
        "S3Changes has lost its targets",
    ),
    "an event rule deleted": (
        lambda account: _rule_of_events(account, "delete"),
        "S3Changes is gone",
    ),
    "a mapping disabled": (lambda account: _mapping(account, gone=False), "is disabled"),
    "a mapping deleted": (lambda account: _mapping(account, gone=True), "is gone"),
    "a function throttled": (_throttled, "ChangeMonitorFunction is throttled to nothing"),
    "a permission removed": (_permission, "BucketDriftRulePermission is gone"),
    "a queue deleted": (_queue, "ChangeDeadLetters is gone"),
    "a table unprotected": (_protection, "Baselines has lost its protection"),
    "the key disabled": (_key, "BaselineKey is Disabled"),
}


@pytest.mark.parametrize("what", OFF)
def test_a_watcher_that_is_off_is_named(account, what):
    switch_off, reason = OFF[what]
    switch_off(account)
    reconcile(account, "Hourly")
    (said,) = watchers(account)
    assert reason in said
    assert len(said.rstrip(".").split(". ")) == 1 + (what == "a rule deleted"), said
    assert account.logs.alarmed() == {"WatcherOffAlarm"}


# ---- The sweep ----------------------------------------------------------------------------------


def test_a_drift_without_an_event_or_an_item_is_found(account):
    write(account, "mallory", world.EVIL["metrics"][0], "metrics", drop=True)
    account.settle()
    reconcile(account)
    assert told(account) == ["drift-found"]


def test_a_bucket_that_was_deleted_unheard_of_is_found(account):
    account.trail.disturb("DeleteBucket", drop=True)
    account.client("s3", world.PEOPLE["mallory"]).delete_bucket(Bucket=LAKE)
    account.settle()
    reconcile(account)
    (alert,) = world.alerts(account, LAKE)
    assert (alert["id"], "deleted" in alert["reason"]) == ("drift-found", True)


def test_a_bucket_deleted_with_leave_is_not_missed(account):
    account.client("s3", world.PEOPLE["pipeline"]).delete_bucket(Bucket=LAKE)
    account.settle()
    reconcile(account)
    assert world.alerts(account) == []


def test_one_bucket_that_cannot_be_read_does_not_stop_the_others(account):
    world.create(account, SITE)
    account.events.clear()
    write(account, "mallory", world.EVIL["metrics"][0], "metrics", drop=True)
    account.s3.foreign.add(SITE)  # S3 refuses what is of it from now on
    reconcile(account)
    assert set(told(account)) == {"drift-found"}  # by each attempt
    assert len(account.messages("EvaluationDeadLetters")) == 1


def test_a_run_without_time_goes_on_where_it_stopped(account, monkeypatch):
    """In batches of one bucket, as a thousand would not fit a test."""
    monkeypatch.setattr("bucketward._reconcile._BATCH", 1)
    world.create(account, SITE)
    account.events.clear()
    for bucket in (LAKE, SITE):
        account.trail.disturb(drop=True)
        s3 = account.client("s3", world.PEOPLE["mallory"])
        world.send(s3, bucket, "metrics", world.EVIL["metrics"][0])
    slow = iter([850])
    account.react("ListBucketMetricsConfigurations", lambda: account.clock.sleep(next(slow, 0)))
    function = account.wiring.function_of("ReconcilerFunction")
    records = world.store(account).records
    runs, kept = [], []
    for _ in range(2):
        runs.append(account.functions.invoke(function, {"sweep": True}, "test"))
        kept.append(records.checkpoint("reconciler"))
    account.settle()
    assert [each.error for each in runs] == [None, None]
    assert kept == [LAKE, ""]
    assert [told(account, each) for each in (LAKE, SITE)] == [["drift-found"]] * 2


def test_a_failed_check_ends_in_the_queue(account):
    account.fail("DescribeConfigRules", "ThrottlingException")
    reconcile(account, "Hourly")
    assert len(account.messages("EvaluationDeadLetters")) == 1
