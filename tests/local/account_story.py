"""A case of a control on the account or an access point, told in the local account.

What a case gives is made through the services' own APIs by an administrator, unseen by the rules;
then the schedule comes round, or AWS Config records the access point.
"""

import json
import re

import boto3

from bucketward.account import ACCESS_POINT_BLOCK, AccessPoint, Account
from bucketward.public_access import FLAGS
from bucketward_tools.catalogue import controls
from bucketward_tools.local.events import ApiCall
from estate import MANAGEMENT_EVENTS, case_calls, case_resource, cases
from local.deployment import prefix
from local.story import create, of_kind

BUCKET = "acme-data"

NOT_TOLD = {
    "account_cloudtrail_data_events": {
        "the organization's trail, which only its account may look into": "There is no other "
        "account; tests/framework/test_account.py has what CloudTrail answers.",
    },
    "account_policy_change_alarm": {
        "the organization's trail, which only its account may look into": "As above.",
    },
    "account_config_recording": {
        "a service's own recorder serves that service alone": "The stand-in has one recorder.",
    },
    "account_detective_services": {
        "the analyzer is not active": "The stand-in's analyzers are active at once.",
    },
}


def told(control):
    """Return the cases that can be told, whatever their verdict."""
    left_out = NOT_TOLD.get(control, {})
    return [case for case in cases(control) if case["name"] not in left_out]


def stories(control):
    """Return the cases after which all is in order: those that are put back, or were so before."""
    remediated = controls()[control].remediation
    return [
        case
        for case in told(control)
        if (case_calls(case) if remediated else case["compliance"] == "COMPLIANT")
    ]


def resource_of(account, control):
    return account.place.account if controls()[control].rule.of_account else "acme-point"


def tell(account, control, case):
    set_up(account, control, case)
    find(account, control)
    put_back(account, control)


def set_up(account, control, case):
    """Bring about what the case gives; an access point is made before the rule's eyes."""
    given = case_resource(controls()[control], case)
    if not isinstance(given, Account):
        make_access_point(account, given)
        return
    rules = dict(account.wiring.rules)
    account.wiring.rules.clear()
    for name, document in given.aspects.items():
        if name in {fact.name for fact in controls()[control].rule.reads}:
            _MADE[name](account, document)
    account.settle()
    account.wiring.rules.update(rules)


def find(account, control):
    if controls()[control].rule.of_account:
        account.schedule(control)
    account.settle()


def put_back(account, control):
    """Let the remediation run, and whoever is asked to confirm a subscription do so."""
    configuration = account.wiring.remediations.get(account.rule_name(control))
    if configuration is None:
        return
    if not configuration.automatic:
        assert account.compliance(control, resource_of(account, control)) == "NON_COMPLIANT"
        account.start_remediation(control, resource_of(account, control))
        account.settle()
    for call in written(account, control):
        if call.operation == "Subscribe":
            account.corrections.confirmed.add(call.params["Endpoint"])
    find(account, control)


def written(account, control):
    """Return what the control's own function wrote, but for the journal and what it told."""
    end = f"/bucketward-{prefix(control)}RemediationFunction"
    reads = ("Get", "Describe", "List")
    return [
        each
        for each in of_kind(account, ApiCall)
        if each.actor.endswith(end)
        and each.service not in {"dynamodb", "events"}
        and not each.operation.startswith(reads)
    ]


def comparable(annotation):
    """Leave out the id that GuardDuty gives a detector."""
    return re.sub(r"\b[0-9a-f]{32}\b", "DETECTOR", annotation)


def make_access_point(account, point):
    if BUCKET not in account.s3.buckets:
        create(account, BUCKET)
    control, owner = account.client("s3control"), account.place.account
    block = point[ACCESS_POINT_BLOCK]
    if isinstance(point, AccessPoint):
        control.create_access_point(
            AccountId=owner,
            Name=point.name,
            Bucket=BUCKET,
            PublicAccessBlockConfiguration=block,
        )
        return
    details = {"Name": point.name, "PublicAccessBlock": block, "Regions": [{"Bucket": BUCKET}]}
    control.create_multi_region_access_point(AccountId=owner, ClientToken="1", Details=details)


def _block(account, block):
    if block is not None:
        account.client("s3control").put_public_access_block(
            AccountId=account.place.account,
            PublicAccessBlockConfiguration={flag: block.get(flag, False) for flag in FLAGS},
        )


def _trails(account, trails):
    account.client("cloudtrail").delete_trail(Name="management-events")  # is there from the start
    for trail in trails:
        if "trail-bucket" not in account.s3.buckets:
            create(account, "trail-bucket")
        cloudtrail = boto3.client("cloudtrail", region_name=trail["HomeRegion"])
        group = trail.get("CloudWatchLogsLogGroupArn")
        role = account.role_arn("CloudTrail")
        arn = cloudtrail.create_trail(
            Name=trail["Name"],
            S3BucketName="trail-bucket",
            IsMultiRegionTrail=trail["IsMultiRegionTrail"],
            **(
                {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role} if group else {}
            ),
        )["TrailARN"]
        selectors = {
            name: trail[name]
            for name in ("EventSelectors", "AdvancedEventSelectors")
            if trail[name] and trail[name] != [MANAGEMENT_EVENTS]
        }
        if selectors:
            cloudtrail.put_event_selectors(TrailName=arn, **selectors)
        if trail["IsLogging"]:
            cloudtrail.start_logging(Name=arn)
        if group and group.split(":")[3:5] == [account.place.region, account.place.account]:
            account.client("logs").create_log_group(logGroupName=group.split(":")[6])


def _metric_filters(account, filters):
    logs = account.client("logs")
    for each in filters:
        known = logs.describe_log_groups()["logGroups"]
        if each["logGroupName"] not in {group["logGroupName"] for group in known}:
            logs.create_log_group(logGroupName=each["logGroupName"])
        logs.put_metric_filter(**each)


def _alarms(account, alarms):
    usual = {
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Period": 300,
        "Statistic": "Sum",
        "Threshold": 0,
    }
    for each in alarms:
        account.client("cloudwatch").put_metric_alarm(**usual, **each)


def _subscriptions(account, subscriptions):
    sns = account.client("sns")
    for topic, told_ in subscriptions.items():
        sns.create_topic(Name=topic.rpartition(":")[2])
        for each in told_:
            sns.subscribe(TopicArn=topic, Protocol=each["Protocol"], Endpoint=each["Endpoint"])
            if each["SubscriptionArn"] != "PendingConfirmation":
                account.corrections.confirmed.add(each["Endpoint"])


def _recorders(account, recorders):
    config = account.client("config")
    config.delete_configuration_recorder(ConfigurationRecorderName="default")
    for each in recorders:
        own = {"name", "recordingGroup", "recordingMode"}
        config.put_configuration_recorder(
            ConfigurationRecorder={key: value for key, value in each.items() if key in own}
        )
        if each["recording"]:
            config.start_configuration_recorder(ConfigurationRecorderName=each["name"])
        account.configuration_recorder.last_status = each["lastStatus"]


def _detectors(account, detectors):
    for each in detectors:
        on = {"DataSources": {"S3Logs": {"Enable": True}}}
        older = json.dumps(each.get("DataSources", {})).count("ENABLED")
        account.client("guardduty").create_detector(
            Enable=each["Status"] == "ENABLED", Features=each["Features"], **(on if older else {})
        )


def _analyzers(account, analyzers):
    for each in analyzers:
        account.client("accessanalyzer").create_analyzer(
            analyzerName=each["name"], type=each["type"]
        )


def _macie(account, session):
    if session:
        account.client("macie2").enable_macie(status=session["status"])


def _security_hub(account, hub):
    if hub:
        account.client("securityhub").enable_security_hub()


_MADE = {
    "account_public_access_block": _block,
    "trails": _trails,
    "metric_filters": _metric_filters,
    "alarms": _alarms,
    "subscriptions": _subscriptions,
    "recorders": _recorders,
    "detectors": _detectors,
    "analyzers": _analyzers,
    "macie": _macie,
    "security_hub": _security_hub,
}
