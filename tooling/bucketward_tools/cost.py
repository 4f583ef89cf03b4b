"""What the application costs a month, from its template, AWS's list prices and some assumptions.

Prices are those of us-east-1 in US dollars, without free tiers. AWS's pages draw theirs by script,
so these are as others quoted them in 2025 and 2026: vantage.sh (AWS Config), cloudchipr.com
(Lambda), airbyte.com (DynamoDB), aws.amazon.com/kms/pricing and wring.co (KMS), c3x.dev (S3, Logs),
signoz.io (metrics), cloudburn.io (EventBridge). Those of Systems Manager's steps are from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from bucketward.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward_tools.local.template import Stack

DAYS = 30
CHANGES, DRIFTS = 2.0, 0.1
"""Authorised and unauthorised changes of a bucket a month; the latter are put back."""
BUCKETS_OF_AN_ACCOUNT = 10_000
"""In one Region; more buckets are taken to be more accounts."""

ASPECTS = 20
READS = {"change": 18, "drift": 26, "day": 6}
"""Calls that read DynamoDB, of `bucket_drift`, one other rule and the monitors together."""
WRITES = {"change": 4, "drift": 10}
SIGNATURES = {"change": 1 + 2 * ASPECTS, "drift": 3 * ASPECTS, "day": 2 * ASPECTS}
"""Calls of KMS at most: a process remembers what it has verified."""
S3_CALLS = {"change": 2 * ASPECTS + 1, "drift": 3 * ASPECTS + 5, "day": 2 * ASPECTS}
ALERTS = 3
"""Events on the bus for a change that is put back."""

READ_UNITS, WRITE_UNITS = 10, 4
"""Of one call: a whole baseline is up to 40 KB; a transaction, and an index, count twice."""
MEMORY = 0.5
SECONDS = {"rule": 0.2, "drift": 1.0, "change": 0.5, "remediation": 5.0, "call": 0.03}
"""Of one invocation, cold starts included; and of one call in a run over all buckets."""
SWEEPS_AT_A_TIME = 16
LOG_BYTES = 2_000
"""Of one invocation, Lambda's own three lines included."""
POLLS = 5 * 3 * 60 * 24 * DAYS
"""Of one idle queue: five pollers, each of which waits for 20 seconds."""
RULE_METRICS = 2
"""A rule's own where nothing is wrong: its verdicts, and how long they took. Beside them is every
metric of the stack as a whole."""

PRICES = {
    "item": 0.003,
    "request": 0.20e-6,
    "gigabyte second": 0.0000133334,
    "read unit": 0.125e-6,
    "write unit": 0.625e-6,
    "signature": 0.03 / 10_000,
    "key": 1.0,
    "get": 0.0004 / 1000,
    "metric": 0.30,
    "alarm": 0.10,
    "dashboard": 3.00,
    "log gigabyte": 0.50,
    "event": 1.0e-6,
    "message": 0.40e-6,
    "step": 0.002,
    "script second": 0.00003,
}
EVALUATIONS = ((0, 0.0), (100_000, 0.001), (500_000, 0.0008), (float("inf"), 0.0005))
"""Up to how many in an account and Region, and what each costs."""


@dataclass(frozen=True, slots=True)
class Size:
    """What the template says: rules on a bucket's item, those also run daily, what has a price."""

    rules: int
    daily: int
    metrics: int
    alarms: int
    dashboards: int
    queues: int

    @classmethod
    def of(cls, stack: Stack) -> Size:
        rules = [each for _, each in stack.of_type("AWS::Config::ConfigRule")]
        ours = [
            each
            for each in rules
            if "AWS::S3::Bucket" in each.get("Scope", {}).get("ComplianceResourceTypes", ())
        ]
        kinds = [kind for _, kind in stack.resources()]
        return cls(
            rules=len(ours),
            daily=sum("ScheduledNotification" in str(each["Source"]) for each in ours),
            metrics=RULE_METRICS * len(rules) + len(METRICS),
            alarms=kinds.count("AWS::CloudWatch::Alarm"),
            dashboards=kinds.count("AWS::CloudWatch::Dashboard"),
            queues=kinds.count("AWS::Lambda::EventSourceMapping"),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bill: what, how many of it a month, and US dollars."""

    what: str
    quantity: float
    dollars: float


def bill(size: Size, buckets: int) -> list[Row]:
    """Return the lines of a month's bill."""
    return list(_rows(size, buckets))


def total(size: Size, buckets: int) -> float:
    return sum(row.dollars for row in _rows(size, buckets))


def _rows(size: Size, buckets: int) -> Iterator[Row]:
    places = ceil(buckets / BUCKETS_OF_AN_ACCOUNT)
    changes, drifts, days = buckets * CHANGES, buckets * DRIFTS, buckets * DAYS
    # The change and, where it is put back, the revert; and what AWS Config records of a resource's
    # compliance, where it does: two rules that turn red and green again.
    bucket_items = changes + 2 * drifts
    items = bucket_items + 4 * drifts
    evaluations = bucket_items * size.rules + days * size.daily
    runs = places * DAYS * (size.daily + 24 + 1)
    # The monitor as well, and `bucket_drift` once more: it waits for the author of a change.
    invocations = bucket_items * (size.rules + 2) + drifts + runs

    def calls(per: dict[str, int], daily: float = 0) -> float:
        return changes * per["change"] + drifts * per["drift"] + days * (per.get("day", 0) + daily)

    swept = days * (S3_CALLS["day"] + SIGNATURES["day"] + size.daily)
    seconds = (
        bucket_items * ((size.rules - 1) * SECONDS["rule"] + SECONDS["drift"] + SECONDS["change"])
        + drifts * SECONDS["remediation"]
        + swept * SECONDS["call"] / SWEEPS_AT_A_TIME
    )
    # Every other rule asks once for exemptions.
    others = bucket_items * (size.rules - 2)
    yield _row("AWS Config: configuration items", items, "item")
    dollars = places * _tiered(evaluations / places)
    yield Row("AWS Config: rule evaluations", evaluations, dollars)
    yield _row("Lambda: invocations", invocations, "request")
    yield _row("Lambda: GB-seconds (Arm)", seconds * MEMORY, "gigabyte second")
    yield _row("DynamoDB: read units", (calls(READS) + others) * READ_UNITS, "read unit")
    yield _row("DynamoDB: write units", calls(WRITES) * WRITE_UNITS, "write unit")
    yield _row("KMS: HMAC requests", calls(SIGNATURES), "signature")
    yield _row("KMS: keys", places, "key")
    yield _row("S3: requests that read", calls(S3_CALLS, size.daily - 1), "get")
    yield _row("CloudWatch: metrics", places * size.metrics, "metric")
    yield _row("CloudWatch: alarms", places * size.alarms, "alarm")
    yield _row("CloudWatch: dashboards", places * size.dashboards, "dashboard")
    yield _row("CloudWatch Logs: GB taken in", invocations * LOG_BYTES / 1e9, "log gigabyte")
    yield _row("EventBridge: alerts and reverts", drifts * ALERTS, "event")
    yield _row("SQS: requests", places * size.queues * POLLS + 3 * bucket_items, "message")
    yield _row("Systems Manager: steps", drifts * 2, "step")
    yield _row("Systems Manager: seconds of script", drifts, "script second")


def _row(what: str, quantity: float, price: str) -> Row:
    return Row(what, quantity, quantity * PRICES[price])


def _tiered(evaluations: float) -> float:
    """Return what the evaluations of one account and Region cost: the more, the less each."""
    return sum(
        max(0.0, min(evaluations, upper) - lower) * price
        for (lower, _), (upper, price) in pairwise(EVALUATIONS)
    )
