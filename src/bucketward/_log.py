"""Logs and metrics; with `_batch`, the only module that imports Powertools.

One JSON line a fact, and counts as CloudWatch embedded metrics (EMF): no API call, no permission.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from .metrics import SERVICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .metrics import Metric

logger = Logger(service="bucketward")


def begin(control: str, context: object) -> None:
    """Start the log of one invocation; a warm function still holds the keys of the one before."""
    logger.clear_state()
    request = getattr(context, "aws_request_id", None)
    logger.append_keys(control=control, **({"function_request_id": request} if request else {}))


def count(metric: Metric, of: str = "", number: int = 1) -> None:
    """Add to a metric, ``of`` this control or other value of its dimension."""
    measure({metric: number}, of)


def measure(values: Mapping[Metric, float], of: str = "") -> None:
    """Send metrics that have one dimension, in one line; what is counted as zero is left out."""
    sent = {metric: value for metric, value in values.items() if value or metric.unit != "Count"}
    if not sent:
        return
    metrics = EphemeralMetrics(namespace=_namespace())
    metrics.add_dimension(*SERVICE)
    for metric, value in sent.items():
        metrics.add_metric(metric.name, metric.unit, value)
    (by,) = {metric.by for metric in sent}
    if by:
        metrics.add_dimensions(**{by: of})
    metrics.flush_metrics()


def _namespace() -> str:
    """Return ``Bucketward/<stack>``, of the stack's ARN: a variable of its own would not fit in."""
    _, found, path = os.environ.get("BUCKETWARD_STACK", "").partition(":stack/")
    return f"Bucketward/{path.partition('/')[0]}" if found else "Bucketward"
