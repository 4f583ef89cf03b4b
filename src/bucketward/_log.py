"""Logs and metrics; with `_batch`, the only module that imports Powertools.

One JSON line a fact, and counts as CloudWatch embedded metrics (EMF): no API call, no permission.
"""

from __future__ import annotations

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Bucketward"

logger = Logger(service="bucketward")


def begin(control: str, context: object) -> None:
    """Start the log of one invocation; a warm function still holds the keys of the one before."""
    logger.clear_state()
    request = getattr(context, "aws_request_id", None)
    logger.append_keys(control=control, **({"function_request_id": request} if request else {}))


def count(metric: str, *, control: str, number: int = 1) -> None:
    """Add to a metric of the control."""
    with single_metric(
        name=metric, unit=MetricUnit.Count, value=number, namespace=NAMESPACE
    ) as recorded:
        recorded.add_dimension("control", control)
