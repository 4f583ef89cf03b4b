"""Add what is missing of metric filter, alarm and topic, and change nothing that exists."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import Automatic, Known, Refused, Remediation, parameter
from bucketward.account import (
    ALARMS,
    CREATE_TOPIC,
    METRIC_FILTERS,
    OWN,
    PUT_METRIC_ALARM,
    PUT_METRIC_FILTER,
    SUBSCRIBE,
    SUBSCRIPTIONS,
    TRAILS,
    Account,
    AccountCall,
)
from bucketward.policy_change_alarm import (
    PATTERN,
    alarms,
    filters,
    foreign_topics,
    log_group,
    metrics,
    place,
    subscriptions,
    trails,
)
from bucketward.trails import unread

_NAME = OWN + "policy-changes"
_METRIC = {"metricName": "PolicyChanges", "metricNamespace": "Bucketward/Account"}


@dataclass(frozen=True, slots=True)
class Parameters:
    address: str = parameter(
        "",
        "E-mail address that a topic made by the remediation notifies.",
        pattern=r"[^@\s]+@[^@\s]+",
    )


def plan(account: Account, known: Known) -> Iterator[AccountCall]:
    candidates = trails(account)
    here = [each for each in candidates if place(each) == (account.region, account.name)]
    if not here and (candidates or unread(account[TRAILS])):
        return  # judged elsewhere
    if not here:
        raise Refused(
            "No multi-Region trail is switched on and sends all management events to a log group; "
            "make one first, the filter has nothing to stand on."
        )
    watching = [each for trail in here for each in filters(account, trail)]
    alarmed = [alarm for each in watching for alarm in alarms(account, each)]
    if any(told for alarm in alarmed for told in subscriptions(account, alarm)):
        return  # a person has to confirm it, if anything is missing still
    if any(foreign_topics(account, alarm) for alarm in alarmed):
        return  # another account's to tell
    namespace, metric = (
        metrics(watching[0])[0] if watching else (_METRIC["metricNamespace"], _METRIC["metricName"])
    )
    topic = account.arn("sns", _NAME)
    if not account[SUBSCRIPTIONS].get(topic) and not known.parameters.address:
        raise Refused(
            "Nobody would be told: say in the parameter address who is, or subscribe somebody to "
            f"the topic {_NAME}."
        )
    if not watching:
        yield AccountCall(
            PUT_METRIC_FILTER,
            {
                "logGroupName": log_group(here[0]),
                "filterName": _NAME,
                "filterPattern": PATTERN,
                "metricTransformations": [{**_METRIC, "metricValue": "1"}],
            },
        )
    if topic not in account[SUBSCRIPTIONS]:
        yield AccountCall(CREATE_TOPIC, {"Name": _NAME})
    if not account[SUBSCRIPTIONS].get(topic):
        endpoint = known.parameters.address
        yield AccountCall(SUBSCRIBE, {"TopicArn": topic, "Protocol": "email", "Endpoint": endpoint})
    yield AccountCall(
        PUT_METRIC_ALARM,
        {
            "AlarmName": _NAME,
            "AlarmDescription": "A bucket's policy, ACL, CORS, lifecycle or replication changed.",
            "Namespace": namespace,
            "MetricName": metric,
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "ActionsEnabled": True,
            "AlarmActions": [topic],
        },
    )


remediation = Remediation(
    plan,
    calls=(PUT_METRIC_FILTER, CREATE_TOPIC, SUBSCRIBE, PUT_METRIC_ALARM),
    reads=(TRAILS, METRIC_FILTERS, ALARMS, SUBSCRIPTIONS),
    automatic=Automatic.ALL,
    parameters=Parameters,
    subject=Account,
)
