"""Run a remediation in Lambda, or for an operator: where plans meet AWS."""

from __future__ import annotations

import json
import os
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from . import _aws
from ._guard import Guard
from ._log import begin, count, logger
from .bucket import Bucket
from .configuration_item import DELETED, previous_bucket, read_bucket
from .errors import BadInput, BucketNotFound, CallRefused, LeftAlone, RemediationFailed
from .metrics import REVERT_FAILED, REVERTED
from .notification import Notification
from .remediation import Known, Outcome, first_content, resource_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .baseline.known import Baseline
    from .remediation import Remediation
    from .resource import Resource

PARAMETERS = "BUCKETWARD_PARAMETERS"
"""Environment variable that holds a remediation's parameters: a JSON object of strings."""
_INTERNAL = 500
"""HTTP status of an error of AWS's own, after which it may have done what it was asked for."""


def handle(remediation: Remediation, event: Mapping[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    control = remediation.control
    begin(control, context)
    try:
        name = resource_id(event, remediation.subject)
        logger.append_keys(**{remediation.subject.NOUN: name})
        region, account = _whereabouts(context)
        given = remediation.parse_parameters(_environment())
        notification = _notification(event, name)
        outcome = remediate(
            remediation, name, account, region, given, notification, owner=_request(context)
        )
    except Exception as error:  # every failure is counted, whatever it is
        # None is kept from SSM.
        count(REVERT_FAILED, control)
        logger.error("not reverted", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    if outcome.calls:
        count(REVERTED, control)
    logger.info("remediation", extra={"outcome": outcome.to_dict()})
    return outcome.to_dict()


def _request(context: object) -> str:
    return str(getattr(context, "aws_request_id", "") or uuid4())


def _whereabouts(context: object) -> tuple[str, str]:
    """Return the function's Region and account, which are those of the buckets it looks after."""
    arn = getattr(context, "invoked_function_arn", None)
    match str(arn).split(":"):
        case ["arn", _, "lambda", region, account, *_] if region and account:
            return region, account
    raise BadInput(f"The context's invoked_function_arn is {arn!r}; run this in AWS Lambda.")


def _environment() -> Mapping[str, Any]:
    try:
        given = json.loads(os.environ.get(PARAMETERS) or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise BadInput(
            f"The environment variable {PARAMETERS} is not a JSON object; deploy the stack again."
        )
    return given


def remediate(  # noqa: PLR0913, PLR0917 - identity, parameters and evidence, all needed
    remediation: Remediation,
    name: str,
    account: str,
    region: str | None,
    given: Any,  # noqa: ANN401 - the control's own parameters
    notification: Notification | None = None,
    owner: str = "",
    *,
    known: Known | None = None,
) -> Outcome:
    """Bring one bucket, or the account, back; a bucket that is gone needs nothing.

    ``owner`` names this revert, so that two of the same do not run at a time. Without a ``region``
    S3 is asked for it. ``known`` stands in for what would be fetched: an operator has seen a plan
    that was made with it. Raises `RemediationFailed`, naming control, resource, operation and error
    code, for whatever AWS refuses.
    """
    control = remediation.control
    known = known or knowledge(remediation, name, account, given, notification)
    where = f"{control} failed on {remediation.subject.NOUN} {name}"

    def read() -> Resource:
        if remediation.subject is not Bucket:
            return _account(remediation, name, account, region)
        return _aws.read_bucket(name, remediation.reads, account=account, region=region)

    try:
        with Guard(remediation, name, account, owner or str(uuid4())) as guard:
            if remediation.compares:
                from ._revive import revive

                revive(name, account, region, guard.check)
            write = _writer(remediation, where, guard.wrote)
            outcome = remediation.run(read, write, known, before=guard.before)
            guard.after(outcome)
            return outcome
    except LeftAlone as error:
        return Outcome(control, name, note=str(error), noun=remediation.subject.NOUN)
    except BucketNotFound as error:
        if error.bucket == name:
            return Outcome(control, name, note="the bucket does not exist any more")
        # Another bucket that the plan needs, and did not expect to be missing.
        raise RemediationFailed(f"{where}: {error}") from error
    except _aws.ClientError as error:
        raise RemediationFailed(
            f"{where}: {error.operation_name} said {_aws.error_code(error)}."
        ) from error
    except _aws.BotoCoreError as error:
        raise RemediationFailed(f"{where}: {error}.") from error


def _account(remediation: Remediation, name: str, account: str, region: str | None) -> Resource:
    from ._account import read_account

    if name != account:
        raise BadInput(f"The event is of account {name}, and this is account {account}.")
    here = region or str(_aws.client("s3control").meta.region_name)
    return read_account(account, here, remediation.reads)


def _writer(
    remediation: Remediation, where: str, wrote: Callable[[Any], None]
) -> Callable[[Any, Any], None]:
    """Return what makes a call and raises `CallRefused` where AWS refuses it.

    ``wrote`` hears of every call that may have been carried out: neither no answer nor an internal
    error says that nothing was done.
    """
    send: Callable[[Any, Any], None] = _aws.write
    if remediation.subject is not Bucket:
        from ._account import write as send

    def write(call: Any, resource: Any) -> None:  # noqa: ANN401 - of one subject or the other
        try:
            send(call, resource)
        except _aws.ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == _INTERNAL:
                wrote(call)
            reason = f"{where}: {error.operation_name} said {_aws.error_code(error)}."
            raise CallRefused(reason) from error
        except _aws.BotoCoreError:
            wrote(call)
            raise
        wrote(call)

    return write


def knowledge(
    remediation: Remediation,
    name: str,
    account: str,
    given: Any,  # noqa: ANN401 - the control's own parameters
    notification: Notification | None = None,
) -> Known:
    """Give the plan what it may know of AWS, each fact fetched when it is asked for, once."""

    @cache
    def earlier() -> Bucket | None:
        states = earlier_states(name, account, notification)
        return first_content(remediation, states, given)

    @cache
    def other(name: str) -> Bucket:
        return _aws.read_bucket(name, remediation.others, account=account)

    @cache
    def owned() -> frozenset[str]:
        return frozenset(_aws.bucket_names())

    @cache
    def baseline() -> Baseline:
        from ._baseline import waited

        return waited(name)

    return Known(given, earlier, other, lambda name: name in owned(), baseline)


def earlier_states(
    name: str, account: str, notification: Notification | None = None
) -> Iterator[Bucket]:
    """Yield what was approved, then what AWS Config knows of the past, the newest first."""
    from ._baseline import approved

    documents = approved(name)
    if documents:
        yield Bucket(name, account, "", aspects=documents)
    for state in _records(name, notification):
        try:
            bucket = state()
        except BadInput as error:
            # One unreadable record must not hide the older ones.
            logger.warning("unreadable configuration item", extra={"reason": str(error)})
            continue
        if bucket is not None:
            yield bucket


def _records(name: str, notification: Notification | None) -> Iterator[Callable[[], Bucket | None]]:
    if notification is not None:
        yield partial(previous_bucket, notification.item, notification.diff)
    for item in _aws.item_history(name):
        if item.get("configurationItemStatus") not in DELETED:
            yield partial(read_bucket, item)


def _notification(event: Mapping[str, Any], name: str) -> Notification | None:
    if not event.get("InvokingEvent"):
        return None
    notification = Notification.parse({"invokingEvent": event["InvokingEvent"]})
    if notification.resource_id != name or notification.item["resourceType"] != Bucket.TYPE:
        raise BadInput(
            f"The InvokingEvent is of {notification.item['resourceType']} "
            f"{notification.resource_id}, not of bucket {name}."
        )
    return notification
