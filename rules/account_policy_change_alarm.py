"""Somebody must be told of every change of a bucket policy, ACL, CORS, lifecycle or replication.

## Why is this bad?
These nine events are how a bucket is opened, copied away or left to be emptied. Nobody looks at a
log in which they stand; an alarm reaches a person while it is going on.

## What it checks
The chain that the audit of CIS 4.8 walks: a multi-Region trail that is switched on and sends all
management events to a log group; a metric filter there that matches all nine events; an alarm on
its metric; and a topic with a confirmed subscription that the alarm notifies. Where the log
group is in another Region or account, the chain is judged there, and so are an organization's
trail and another account's topic, which cannot be looked into from here.

## Remediation safety
Adds what is missing of filter, alarm and topic, under names that begin with `bucketward-`;
nothing that exists is changed. The trail is yours to make, and so is the confirmation that the
receiver of `address` is asked for: until then the rule stays non-compliant and says so.

## References
- https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-8
- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html
"""

from dataclasses import dataclass
from typing import Any

from bucketward import Rule, Severity, Verdict, compliant, non_compliant, not_applicable, parameter
from bucketward.account import ALARMS, METRIC_FILTERS, SUBSCRIPTIONS, TRAILS, Account
from bucketward.policy_change_alarm import (
    alarms,
    confirmed,
    filters,
    foreign_topics,
    log_group,
    place,
    subscriptions,
    trails,
)
from bucketward.trails import owner, unread


@dataclass(frozen=True, slots=True)
class Parameters:
    address: str = parameter(
        "",
        "E-mail address that a topic made by the remediation notifies.",
        pattern=r"[^@\s]+@[^@\s]+",
    )


def evaluate(account: Account, parameters: Parameters = Parameters()) -> Verdict:  # noqa: ARG001
    candidates = trails(account)
    here = [each for each in candidates if place(each) == (account.region, account.name)]
    if not here:
        return _elsewhere(account, candidates)
    watching = [each for trail in here for each in filters(account, trail)]
    if not watching:
        return non_compliant(
            f"No metric filter of log group {log_group(here[0])} matches the nine events."
        )
    alarmed = [alarm for each in watching for alarm in alarms(account, each)]
    if not alarmed:
        name = watching[0].get("filterName")
        return non_compliant(f"No alarm that may act watches the metric of filter {name}.")
    return _heard(account, alarmed)


def _elsewhere(account: Account, candidates: list[Any]) -> Verdict:
    if candidates:
        region, number = place(candidates[0])
        return not_applicable(
            f"Trail {candidates[0]['Name']} sends its log to {region} of account {number}; this "
            "is judged there."
        )
    foreign = unread(account[TRAILS])
    if foreign:
        return not_applicable(
            f"Trail {foreign[0]['Name']} belongs to account {owner(foreign[0])}, which alone can "
            "tell where it sends its log; this is judged there."
        )
    return non_compliant(
        "No multi-Region trail is switched on and sends all management events to a log group."
    )


def _heard(account: Account, alarmed: list[Any]) -> Verdict:
    name = alarmed[0]["AlarmName"]
    told = [each for alarm in alarmed for each in subscriptions(account, alarm)]
    if any(map(confirmed, told)):
        return compliant(f"Alarm {name} tells of the nine events.")
    foreign = [each for alarm in alarmed for each in foreign_topics(account, alarm)]
    if foreign:
        return not_applicable(f"Who hears of topic {foreign[0]} only its own account can tell.")
    if told:
        return non_compliant(f"Nobody hears of alarm {name} yet: no subscription is confirmed.")
    return non_compliant(f"Alarm {name} notifies no topic with a subscription.")


rule = Rule(
    evaluate,
    severity=Severity.LOW,
    reads=(TRAILS, METRIC_FILTERS, ALARMS, SUBSCRIPTIONS),
    parameters=Parameters,
    subject=Account,
)
