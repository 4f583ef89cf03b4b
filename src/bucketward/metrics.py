"""Every metric that the functions count or measure: its name, what it means, what it is by.

`_log.measure` sends each of them twice with one line of the log: for the whole stack, under the
dimension `SERVICE`, which is what the alarms watch, and by one more dimension, such as the control.
CloudWatch bills each metric and value of a dimension in the hours in which it has data, so there
is one dimension and not two, and nothing is sent that is zero. Alarms, dashboard and
docs/monitoring.md are made of these objects, so that none names a metric that nobody sends.
"""

from __future__ import annotations

from dataclasses import dataclass

SERVICE = ("service", "bucketward")
"""The dimension of what is of the whole stack."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; ``by`` is its second dimension, empty where it has none."""

    name: str
    meaning: str
    by: str = "control"
    unit: str = "Count"


EVALUATED = Metric("Evaluated", "Verdicts that AWS Config took.")
EVALUATION_FAILED = Metric(
    "EvaluationFailed",
    "Runs of a rule that failed. Lambda tries twice more, then the event is lost.",
)
EVALUATION_DEFERRED = Metric(
    "EvaluationDeferred",
    "Runs of `bucket_drift` that wait for CloudTrail to tell who changed the bucket; Lambda tries "
    "again.",
)
DRIFT = Metric(
    "DriftFound",
    "Verdicts NON_COMPLIANT; for `reconciler`, buckets that its daily look found not as approved.",
)
DETECTION_LAG = Metric(
    "DetectionLag",
    "From AWS Config's capture of a change to its verdict; for `change_monitor`, from CloudTrail's "
    "time of the change to what followed. Not of evaluations that no change led to.",
    unit="Seconds",
)
REVERTED = Metric("Reverted", "Reverts that were made and held.")
REVERT_FAILED = Metric(
    "RemediationFailed",
    "Reverts that were refused, failed or did not hold. AWS Config tries up to five times.",
)
REVERT_LAG = Metric(
    "RevertLag",
    "From the change that is to blame, by CloudTrail's time, to its revert that held. Not where "
    "CloudTrail has not told of it.",
    unit="Seconds",
)
BREAKER_OPEN = Metric(
    "BreakerOpen",
    "Reverts that were refused because the same control reverted the same bucket too often.",
)
FAST_REVERTS = Metric("FastReverts", "Reverts that a monitor started at once.", by="")
CHANGES = Metric(
    "Changes", "Changes that the monitor dealt with, by what it judged them to be.", by="standing"
)
CHANGE_FAILED = Metric(
    "ChangeFailed",
    "Changes that a monitor failed on; they come again four times, then they are lost.",
    by="",
)
ALERTS = Metric("Alerts", "Alerts, by their id (see alerts.md).", by="alert")
DELIVERED = Metric("Delivered", "Messages that a channel took.", by="channel")
DELIVERY_FAILED = Metric(
    "DeliveryFailed", "Messages that a channel did not take; they are tried again.", by="channel"
)
HEARTBEAT = Metric("Heartbeat", "Hourly runs of the reconciler that came to their end.", by="")

METRICS = {each.name: each for each in tuple(globals().values()) if isinstance(each, Metric)}
