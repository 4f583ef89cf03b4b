"""Run a remediation in Lambda, or for an operator: where plans meet AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import count, logger
from .configuration_item import DELETED, previous_bucket, read_bucket
from .errors import BadInput, BucketNotFound, RemediationFailed
from .notification import Notification
from .remediation import Known, Outcome, bucket_name, first_content

if TYPE_CHECKING:
    from .bucket import Bucket
    from .remediation import Remediation

PARAMETERS = "BUCKETWARD_PARAMETERS"
"""Environment variable that holds a remediation's parameters: a JSON object of strings."""


def handle(remediation: Remediation, event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    control = remediation.control
    logger.append_keys(control=control)
    try:
        name = bucket_name(event)
        logger.append_keys(bucket=name)
        _, _, _, region, account, *_ = context.invoked_function_arn.split(":")
        given = remediation.parse_parameters(json.loads(os.environ.get(PARAMETERS, "{}")))
        notification = _notification(event, name)
        outcome = remediate(remediation, name, account, region, given, notification)
    except Exception as error:
        # Every failure is counted, whatever it is; none is kept from SSM.
        count("RemediationFailed", control=control)
        logger.error("not reverted", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    if outcome.calls:
        count("Reverted", control=control)
    logger.info("remediation", extra={"outcome": outcome.to_dict()})
    return outcome.to_dict()


def remediate(  # noqa: PLR0913 - identity, parameters and evidence, all needed
    remediation: Remediation,
    name: str,
    account: str,
    region: str,
    given: Any,  # noqa: ANN401 - the control's own parameters
    notification: Notification | None = None,
) -> Outcome:
    """Bring one bucket back; a bucket that is gone needs nothing."""
    read = partial(_aws.read_bucket, name, remediation.reads, account=account, region=region)
    known = knowledge(remediation, name, account, given, notification)
    try:
        return remediation.run(read, _aws.write, known)
    except BucketNotFound:
        return Outcome(remediation.control, name, note="the bucket does not exist any more")
    except _aws.ClientError as error:
        raise RemediationFailed(
            f"{remediation.control} failed on bucket {name}: {error.operation_name} said "
            f"{_aws.error_code(error)}."
        ) from error


def knowledge(
    remediation: Remediation,
    name: str,
    account: str,
    given: Any,  # noqa: ANN401 - the control's own parameters
    notification: Notification | None = None,
) -> Known:
    """What the plan may know of AWS, each fact fetched when it is asked for, once."""

    @cache
    def earlier() -> Bucket | None:
        states = _earlier_states(name, notification)
        return first_content(remediation, states, given)

    @cache
    def other(name: str) -> Bucket:
        return _aws.read_bucket(name, remediation.others, account=account)

    return Known(given, earlier, other)


def _earlier_states(name: str, notification: Notification | None) -> Iterator[Bucket]:
    """Yield what AWS Config knows of the bucket's past, the newest first."""
    if notification is not None:
        previous = previous_bucket(notification.item, notification.diff)
        if previous is not None:
            yield previous
    for item in _aws.item_history(name):
        if item.get("configurationItemStatus") not in DELETED:
            yield read_bucket(item)


def _notification(event: Mapping[str, Any], name: str) -> Notification | None:
    if not event.get("InvokingEvent"):
        return None
    notification = Notification.parse({"invokingEvent": event["InvokingEvent"]})
    if notification.resource_id != name:
        raise BadInput(
            f"The InvokingEvent is of bucket {notification.resource_id}, not of {name}."
        )
    return notification
