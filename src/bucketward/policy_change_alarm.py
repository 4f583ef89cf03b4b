"""The chain that tells somebody of changed bucket policies: trail, filter, alarm, topic.

It is the audit of *CIS AWS Foundations Benchmark* 4.8 (versions 3.0 to 5.0), whose nine events are
the writes of policy, ACL, CORS, lifecycle and replication.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .account import ALARMS, METRIC_FILTERS, SUBSCRIPTIONS, TRAILS
from .trails import multi_region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import Account

EVENTS = (
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)
PATTERN = (
    "{ ($.eventSource = s3.amazonaws.com) && ("
    + " || ".join(f"($.eventName = {event})" for event in EVENTS)
    + ") }"
)
_SOURCE = "$.eventSource=s3.amazonaws.com"


def covers(pattern: str) -> bool:
    """Whether a metric filter's pattern matches all nine events.

    Without its brackets, a pattern that we accept is the event source and a choice of names; one
    with any further condition may leave some of the nine out.
    """
    text = re.sub(r"[\s(){}\"']", "", pattern)
    terms = [term for term in text.split("&&") if term != _SOURCE]
    if len(terms) != 1:
        return False
    return {f"$.eventName={event}" for event in EVENTS} <= set(terms[0].split("||"))


def trails(account: Account) -> list[Any]:
    """Return the multi-Region trails that send all management events to a log group."""
    return [
        each
        for each in multi_region(account[TRAILS])
        if each.get("CloudWatchLogsLogGroupArn") and _management(each)
    ]


def _management(trail: Any) -> bool:  # noqa: ANN401 - JSON
    for one in trail.get("EventSelectors") or ():
        if one.get("IncludeManagementEvents") and one.get("ReadWriteType", "All") == "All":
            return True
    for one in trail.get("AdvancedEventSelectors") or ():
        fields = one.get("FieldSelectors") or ()
        if [each for each in fields if each.get("Field") != "eventCategory"]:
            continue
        if any(each.get("Equals") == ["Management"] for each in fields):
            return True
    return False


def log_group(trail: Any) -> str:  # noqa: ANN401 - JSON
    """Return the name in ``arn:aws:logs:<region>:<account>:log-group:<name>:*``."""
    return str(trail["CloudWatchLogsLogGroupArn"]).split(":")[6]


def filters(account: Account, trail: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the metric filters of the trail's log group that match all nine events."""
    return [
        each
        for each in account[METRIC_FILTERS]
        if each.get("logGroupName") == log_group(trail) and covers(each.get("filterPattern") or "")
    ]


def alarms(account: Account, metric_filter: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the alarms on what a metric filter counts."""
    counted = {
        (each["metricNamespace"], each["metricName"])
        for each in metric_filter["metricTransformations"]
    }
    return [
        each
        for each in account[ALARMS]
        if (each.get("Namespace"), each.get("MetricName")) in counted and each["ActionsEnabled"]
    ]


def subscriptions(account: Account, alarm: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield who is told of an alarm, those that have not confirmed yet included."""
    for topic in alarm.get("AlarmActions") or ():
        yield from account[SUBSCRIPTIONS].get(topic, ())


def confirmed(subscription: Any) -> bool:  # noqa: ANN401 - JSON
    return str(subscription["SubscriptionArn"]).startswith("arn:")
