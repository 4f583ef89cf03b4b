"""Run a rule under rdklib, the only module that imports it.

rdklib 0.3.10 loses evaluations: it prints an error of AWS or of the rule, returns it as a dict,
and Lambda counts that as success, so that nothing retries and the old verdict stays. It assumes
the recorder's role unless told otherwise, fails on oversized items in the form AWS documents,
and does not look at what PutEvaluations refused. This module feeds it events that it handles
and raises whatever it would have swallowed; Lambda then retries and dead-letters.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import rdklib.evaluator
from rdklib import ConfigRule, Evaluation, Evaluator
from rdklib.clientfactory import ClientFactory
from rdklib.util.evaluations import process_evaluations

from . import _aws
from ._log import begin, count, logger
from .configuration_item import BUCKET
from .errors import BadInput, EvaluationLost
from .item_values import timestamp
from .notification import CHANGE, Notification, event_parameters, scheduled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .bucket import Bucket
    from .rule import Rule
    from .verdict import Verdict

if process_evaluations.__module__ != "rdklib.util.external":
    # rdklib's git tree, and its release 0.3.2, hold a process_evaluations that reports nothing.
    raise ImportError("This rdklib does not report evaluations; install rdklib 0.3.10 from PyPI.")


def handle(rule: Rule, event: Mapping[str, Any], context: object) -> dict[str, str]:
    """Judge and report one notification; raises whatever kept the verdict from AWS Config."""
    control = rule.control
    begin(control, context)
    try:
        if rule.live and scheduled(event):
            return _report_all(rule, event)
        notification = Notification.parse(event)
        logger.append_keys(bucket=notification.resource_id)
        if not event.get("resultToken"):
            raise BadInput("The event has no resultToken, so no verdict can be reported.")  # noqa: TRY301
        foreign = notification.item["resourceType"] != BUCKET
        if not (notification.complete or notification.gone or foreign):
            notification = _inflated(notification)
        reported = _report(rule, notification, event)
    except Exception as error:  # every failure is counted, whatever it is
        # None is kept from Lambda.
        count("EvaluationFailed", control=control)
        logger.error("no verdict", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    count("Evaluated", control=control)
    logger.info("verdict", extra=reported)
    return reported


def _report_all(rule: Rule, event: Mapping[str, Any]) -> dict[str, str]:
    """Judge every bucket live and report what could be judged; raises where any could not."""
    from ._scheduled import complain, counted, judge_all

    if not event.get("resultToken") or not event.get("accountId"):
        raise BadInput("The event has no resultToken or no accountId, so nothing can be reported.")
    given = rule.parse_parameters(event_parameters(event))
    verdicts, unread = judge_all(rule, str(event["accountId"]), given)
    if verdicts:
        reply = Evaluator(_Schedule(verdicts)).handle(
            {
                "invokingEvent": json.dumps(scheduled(event)),
                "resultToken": event["resultToken"],
                "executionRoleArn": "",
            },
            None,
        )
        if not isinstance(reply, list) or len(reply) != len(verdicts):
            raise EvaluationLost(f"{rule.control} could not report on its schedule: {reply}")
    count("Evaluated", control=rule.control, number=len(verdicts))
    summary = ", ".join(f"{number} {compliance}" for compliance, number in counted(verdicts))
    logger.info("schedule", extra={"verdicts": summary})
    complain(rule.control, unread)
    return {"control": rule.control, "buckets": str(len(verdicts)), "verdicts": summary}


def _report(rule: Rule, notification: Notification, event: Mapping[str, Any]) -> dict[str, str]:
    """Hand the notification to rdklib, whose one evaluation goes to PutEvaluations."""
    item = notification.item
    evaluator = Evaluator(
        _Adapter(rule, notification),
        expected_resource_types=[item["resourceType"]],  # Rule judges foreign types itself,
        is_applicable_status=True,  # and deleted resources, so that both get an annotation
    )
    reply = evaluator.handle(
        {
            "invokingEvent": json.dumps(
                {
                    "messageType": CHANGE,
                    "configurationItem": {
                        # All that rdklib reads of it.
                        "resourceId": item["resourceId"],
                        "resourceType": item["resourceType"],
                        "configurationItemStatus": item["configurationItemStatus"],
                        "configurationItemCaptureTime": notification.captured.isoformat(),
                    },
                }
            ),
            "ruleParameters": json.dumps(_reserved(notification)),
            "resultToken": event["resultToken"],
            "executionRoleArn": str(event.get("executionRoleArn") or ""),
            "eventLeftScope": notification.left_scope,
        },
        None,
    )
    if not isinstance(reply, list) or len(reply) != 1:
        reason = reply if isinstance(reply, dict) else {"internalErrorMessage": f"{reply!r}"}
        raise EvaluationLost(
            f"{rule.control} could not report on {notification.resource_id}: "
            f"{reason.get('customerErrorCode') or ''} {reason.get('internalErrorMessage')}"
        )
    return {
        "control": rule.control,
        "resource_id": reply[0]["ComplianceResourceId"],
        "compliance": reply[0]["ComplianceType"],
        "annotation": reply[0]["Annotation"],
    }


def _reserved(notification: Notification) -> dict[str, str]:
    """Return the parameters that are rdklib's; it has no use for the control's own."""
    given = notification.parameters
    return {name: str(given[name]) for name in ("ExecutionRoleName",) if given.get(name)}


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


class _Adapter(ConfigRule):  # type: ignore[misc]  # rdklib is untyped
    """What rdklib calls a rule."""

    def __init__(self, rule: Rule, notification: Notification) -> None:
        super().__init__()
        self._rule, self._notification = rule, notification

    def get_assume_role_mode(self, event: Mapping[str, Any]) -> bool:
        """Keep the function's own role unless the rule asks for another one.

        rdklib's default is the recorder's service-linked role, which nobody can assume.
        """
        asked = self._notification.parameters.get("AssumeRoleMode", False)
        assume = str(asked).strip().lower() == "true"
        if assume and not self.get_execution_role_arn(event).startswith("arn:"):
            raise BadInput("AssumeRoleMode is true, but the event has no executionRoleArn.")
        return assume

    def get_assume_role_region(self, event: Mapping[str, Any]) -> None:
        """Report to the function's own Region: no other one knows the result token."""

    def evaluate_change(self, *_: object) -> list[Evaluation]:
        try:
            verdict = self._rule.judge_notification(self._notification, self._read)
        except (_aws.ClientError, ValueError) as error:
            # The errors that rdklib would swallow.
            raise EvaluationLost(
                f"{self._rule.control} failed on {self._notification.resource_id}: {error}"
            ) from error
        return [Evaluation(verdict.compliance.value, annotation=verdict.annotation)]

    def _read(self, bucket: Bucket) -> Bucket:
        return _aws.read_bucket(
            bucket.name, self._rule.live, account=bucket.account, region=bucket.region
        )


class _Schedule(ConfigRule):  # type: ignore[misc]  # rdklib is untyped
    """What rdklib calls a rule on a schedule: the verdicts are there already."""

    # Deleted buckets have a notification of their own; rdklib would page through all verdicts.
    delete_old_evaluations_on_scheduled_notification = False

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        super().__init__()
        self._verdicts = verdicts

    def get_assume_role_mode(self, event: object) -> bool:  # noqa: ARG002
        return False

    def evaluate_periodic(self, *_: object) -> list[Evaluation]:
        return [
            Evaluation(each.compliance.value, name, BUCKET, each.annotation)
            for name, each in self._verdicts.items()
        ]


class _Clients(ClientFactory):  # type: ignore[misc]  # rdklib is untyped
    """Clients that are made once a process instead of once an evaluation."""

    def __init__(self, role_arn: str, region: None, assume_role_mode: bool) -> None:  # noqa: ARG002, FBT001
        self._role_arn = role_arn if assume_role_mode else None

    def build_client(self, service: str, *_: object) -> _Reporter:
        return _Reporter(_aws.client(service, None, self._role_arn))


class _Reporter:
    """AWS Config's client, as far as rdklib uses it, with nothing refused in silence."""

    def __init__(self, config: Any) -> None:  # noqa: ANN401
        self._config = config

    def put_evaluations(self, **request: Any) -> None:  # noqa: ANN401
        try:
            refused = self._config.put_evaluations(**request).get("FailedEvaluations")
        except (_aws.ClientError, _aws.BotoCoreError) as error:
            raise EvaluationLost(f"PutEvaluations failed: {error}") from error
        if refused:
            names = ", ".join(each["ComplianceResourceId"] for each in refused)
            raise EvaluationLost(f"AWS Config refused the evaluations of {names}.")


rdklib.evaluator.ClientFactory = _Clients
