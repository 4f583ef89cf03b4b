"""Handle what AWS Config invokes a rule with: judge, report, count, or raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import begin, count, logger, measure
from ._rdk import put, report
from .bucket import Bucket
from .clock import now
from .errors import BadInput, EvaluationLost, Unsettled
from .item_values import timestamp
from .metrics import (
    DETECTION_LAG,
    DRIFT,
    EVALUATED,
    EVALUATION_DEFERRED,
    EVALUATION_FAILED,
)
from .notification import Notification, event_parameters, scheduled
from .verdict import Compliance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .metrics import Metric
    from .rule import Rule


def handle(rule: Rule, event: Mapping[str, Any], context: object) -> dict[str, str]:
    """Judge and report one notification; raises whatever kept the verdict from AWS Config."""
    control = rule.control
    begin(control, context)
    try:
        if rule.of_account:
            return _report_account(rule, event)
        if rule.live and scheduled(event):
            return _report_all(rule, event)
        notification = Notification.parse(event)
        logger.append_keys(**{rule.subject.NOUN.replace(" ", "_"): notification.resource_id})
        if not event.get("resultToken"):
            raise BadInput("The event has no resultToken, so no verdict can be reported.")  # noqa: TRY301
        ours = notification.item["resourceType"] == rule.subject.TYPE
        # Of an access point the summary is enough: what it lacks is read live.
        if ours and rule.subject is Bucket and not (notification.complete or notification.gone):
            notification = _inflated(notification)
        reported = report(rule, notification, event)
    except Unsettled as error:
        # Lambda tries again in a minute, when CloudTrail has told more.
        count(EVALUATION_DEFERRED, control)
        logger.info("no verdict yet", extra={"reason": str(error)})
        raise
    except Exception as error:  # every failure is counted, whatever it is
        # None is kept from Lambda.
        count(EVALUATION_FAILED, control)
        logger.error("no verdict", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    _told(control, [reported["compliance"]], notification)
    logger.info("verdict", extra=reported)
    return reported


def _told(control: str, verdicts: Sequence[str], notification: Notification | None = None) -> None:
    """Count the verdicts that AWS Config took, and how long after the change that led to them."""
    values: dict[Metric, float] = {
        EVALUATED: len(verdicts),
        DRIFT: verdicts.count(Compliance.NON_COMPLIANT),
    }
    # An evaluation that no change led to comes without a difference, and its item may be old.
    if notification is not None and notification.diff is not None:
        values[DETECTION_LAG] = (now() - notification.captured).total_seconds()
    measure(values, control)


def _report_all(rule: Rule, event: Mapping[str, Any]) -> dict[str, str]:
    """Judge every bucket live and report what could be judged; raises where any could not."""
    from ._scheduled import complain, counted, judge_all

    if not event.get("resultToken") or not event.get("accountId"):
        raise BadInput("The event has no resultToken or no accountId, so nothing can be reported.")
    given = rule.parse_parameters(event_parameters(event))
    verdicts, unread = judge_all(rule, str(event["accountId"]), given)
    put(rule, [(Bucket.TYPE, name, each) for name, each in verdicts.items()], event, None)
    _told(rule.control, [each.compliance for each in verdicts.values()])
    summary = ", ".join(f"{number} {compliance}" for compliance, number in counted(verdicts))
    logger.info("schedule", extra={"verdicts": summary})
    complain(rule.control, unread)
    return {"control": rule.control, "buckets": str(len(verdicts)), "verdicts": summary}


def _report_account(rule: Rule, event: Mapping[str, Any]) -> dict[str, str]:
    """Judge the account as it is now, on its schedule or because something woke the rule."""
    from ._account import read_account

    name = str(event.get("accountId") or "")
    if not event.get("resultToken") or not name:
        raise BadInput("The event has no resultToken or no accountId, so nothing can be reported.")
    logger.append_keys(account=name)
    # The time of what woke the rule: AWS Config keeps the verdict with the newest.
    moment = None if scheduled(event) else Notification.parse(event).captured
    given = rule.parse_parameters(event_parameters(event))
    region = str(_aws.client("s3control").meta.region_name)
    try:
        account = read_account(name, region, rule.reads)
    except (_aws.ClientError, _aws.BotoCoreError) as error:
        raise EvaluationLost(f"{rule.control} could not read account {name}: {error}") from error
    verdict = rule.judge(account, given)
    parts = rule.each(account, given) if rule.each else ()
    # PutEvaluations takes the types of a list of AWS Config's own, and refuses the whole request
    # for any other: the parts are the account's, told apart by their ids.
    found = [(name, verdict), *((f"{name}/{part}", each) for part, each in parts)]
    put(rule, [(rule.subject.TYPE, each, said) for each, said in found], event, moment)
    reported = {
        "control": rule.control,
        "resource_id": name,
        "compliance": verdict.compliance.value,
        "annotation": verdict.annotation,
    }
    _told(rule.control, [said.compliance for _, said in found])
    logger.info("verdict", extra=reported)
    return reported


def _inflated(notification: Notification) -> Notification:
    """Fetch the item that an oversized notification summarises, and no later one."""
    summary, captured = notification.item, notification.captured
    # Whether the bounds are inclusive is not documented, so ask for more than the one moment.
    items = list(
        _aws.item_history(
            notification.resource_id,
            earlierTime=captured - timedelta(minutes=1),
            laterTime=captured + timedelta(minutes=1),
        )
    )
    state = str(summary.get("configurationStateId"))
    for item in items:
        if str(item.get("configurationStateId", "")) == state:
            return replace(notification, item=item, complete=True)
    for item in items:
        # AWS's own example has 0 for the state id; a resource has one item a moment.
        moment = timestamp(item["configurationItemCaptureTime"])
        if abs(moment - captured) < timedelta(milliseconds=1):
            return replace(notification, item=item, complete=True)
    raise EvaluationLost(
        f"AWS Config has no configuration item of {notification.resource_id} with state id "
        f"{state} yet."
    )
