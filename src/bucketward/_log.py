"""Logs and metrics, the only module that imports Powertools.

One JSON line a fact, and counts as CloudWatch embedded metrics (EMF): no API call, no permission.
"""

from __future__ import annotations

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Bucketward"

logger = Logger(service="bucketward")


def count(metric: str, *, control: str) -> None:
    """Add one to a metric of the control."""
    with single_metric(
        name=metric, unit=MetricUnit.Count, value=1, namespace=NAMESPACE
    ) as recorded:
        recorded.add_dimension("control", control)
