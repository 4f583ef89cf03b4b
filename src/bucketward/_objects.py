"""Watch the objects of the buckets that the stack is told to: public ACLs, unexpected types."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import _aws, _bus
from ._log import begin, count, logger
from ._stack import Stack
from .changes import ALERTS, Actor, Change, classify
from .changes.alerts.objects import UNEXPECTED_TYPE
from .changes.objects import allowed_types, unexpected, unexpected_content, upload
from .clock import now
from .event import alert_event
from .metrics import CHANGE_FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .changes.objects import Upload
    from .event import Event

TYPES = "BUCKETWARD_OBJECT_TYPES"
CONTENT_TYPES = "BUCKETWARD_OBJECT_CONTENT_TYPES"


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Tell the bus what an event on an object raises; Lambda tries again what fails."""
    begin("object_monitor", context)
    stack = Stack.own()
    try:
        found = list(_alerts(event, stack))
        if found:
            _bus.publish(_bus.ALERT, found)
    except Exception as error:  # every failure is counted, whatever it is
        count(CHANGE_FAILED)
        reason = {"error": type(error).__name__, "reason": str(error)}
        logger.error("object not dealt with", extra=reason)
        raise
    return {"alerts": [each["id"] for each in found]}


def _alerts(event: Mapping[str, Any], stack: Stack) -> Iterator[Event]:
    if event.get("detail-type") == "Object Created":
        yield from _of_upload(event, stack)
        return
    change = Change.from_record(event)
    for finding in classify(change, account=stack.account):
        key = change.parameters.get("key")
        yield alert_event(
            ALERTS[finding.id],
            severity=finding.severity,
            account=stack.account,
            region=change.region or stack.region,
            bucket=change.bucket,
            reason=f"The object {key} grants to everyone; nobody judges who may do that.",
            time=change.time or now(),
            event_name=change.event_name,
            event_id=change.event_id,
            actor=change.actor,
        )


def _of_upload(event: Mapping[str, Any], stack: Stack) -> Iterator[Event]:
    found = upload(event)
    reason = unexpected(found, allowed_types(os.environ.get(TYPES, ""))) or _of_content(
        found, stack.account
    )
    if reason is None:
        return
    yield alert_event(
        UNEXPECTED_TYPE,
        account=stack.account,
        region=str(event.get("region") or stack.region),
        bucket=found.bucket,
        reason=reason,
        time=_time(event.get("time")),
        event_name=found.how,
        # S3 tells the account or the service alone; CloudTrail's data events tell who it was.
        actor=Actor(kind="Unknown", name=found.requester, address=found.address),
    )


def _of_content(found: Upload, account: str) -> str | None:
    """Say why an object's content type is unexpected; None for one that is gone already.

    What is denied raises, and is tried again: it may not pass for a type that was looked at.
    """
    types = allowed_types(os.environ.get(CONTENT_TYPES, ""))
    if found.bucket not in types:
        return None
    version = {"VersionId": found.version} if found.version else {}
    try:
        answer = _aws.client("s3").head_object(
            Bucket=found.bucket, Key=found.key, ExpectedBucketOwner=account, **version
        )
    except _aws.ClientError as error:
        # An answer to HEAD has no body, so its status is the code.
        if _aws.error_code(error) == "404":
            return None
        if _aws.error_code(error) != "400":
            raise
        answer = {}  # what was encrypted with a key of the caller's own takes that key
    return unexpected_content(found, answer.get("ContentType"), types)


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return now()
    return time if time.tzinfo else now()
