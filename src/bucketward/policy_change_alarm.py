"""The chain that tells somebody of changed bucket policies: trail, filter, alarm, topic.

It is the audit of *CIS AWS Foundations Benchmark* 4.8 (versions 3.0 to 5.0), whose nine events are
the writes of policy, ACL, CORS, lifecycle and replication.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .account import ALARMS, METRIC_FILTERS, SUBSCRIPTIONS, TRAILS
from .trails import multi_region, only

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
    return any(
        _all_management(one.get("FieldSelectors") or ())
        for one in trail.get("AdvancedEventSelectors") or ()
    )


def _all_management(selectors: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether no event of S3 is left out; the console offers to leave out those of KMS."""
    fields = {each.get("Field"): each for each in selectors}
    others = only(fields.pop("eventSource", {"NotEquals": ["kms.amazonaws.com"]}), "NotEquals")
    if not others or "s3.amazonaws.com" in others:
        return False
    return fields.keys() == {"eventCategory"} and only(fields["eventCategory"], "Equals") == [
        "Management"
    ]


def log_group(trail: Any) -> str:  # noqa: ANN401 - JSON
    """Return the name in ``arn:aws:logs:<region>:<account>:log-group:<name>:*``."""
    return str(trail["CloudWatchLogsLogGroupArn"]).split(":")[6]


def place(trail: Any) -> tuple[str, str]:  # noqa: ANN401 - JSON
    """Return the Region and the account of the log group, where the rest of the chain is."""
    _, _, _, region, account, *_ = str(trail["CloudWatchLogsLogGroupArn"]).split(":")
    return region, account


def filters(account: Account, trail: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the metric filters of the trail's log group that count all nine events."""
    return [
        each
        for each in account[METRIC_FILTERS]
        if each.get("logGroupName") == log_group(trail)
        and covers(each.get("filterPattern") or "")
        and metrics(each)
    ]


def metrics(metric_filter: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Return namespace and name of what a filter counts.

    A metric with dimensions is another one for each value, so an alarm on the name alone hears
    nothing of it.
    """
    return [
        (each["metricNamespace"], each["metricName"])
        for each in metric_filter["metricTransformations"]
        if not each.get("dimensions")
    ]


def alarms(account: Account, metric_filter: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the alarms that may act on what a metric filter counts."""
    return [
        each
        for each in account[ALARMS]
        if (each.get("Namespace"), each.get("MetricName")) in metrics(metric_filter)
        and not each.get("Dimensions")
        and each["ActionsEnabled"]
    ]


def subscriptions(account: Account, alarm: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield who is told of an alarm, those that have not confirmed yet included."""
    for topic in alarm.get("AlarmActions") or ():
        yield from account[SUBSCRIPTIONS].get(topic, ())


def foreign_topics(account: Account, alarm: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the topics of other accounts that an alarm notifies; who hears is not known here."""
    arns = (str(each).split(":") for each in alarm.get("AlarmActions") or ())
    return [":".join(arn) for arn in arns if arn[2] == "sns" and arn[4] != account.name]


def confirmed(subscription: Any) -> bool:  # noqa: ANN401 - JSON
    return str(subscription["SubscriptionArn"]).startswith("arn:")
