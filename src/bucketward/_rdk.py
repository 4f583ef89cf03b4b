"""Run a rule under rdklib, the only module that imports it.

rdklib 0.3.10 loses evaluations: it prints an error of AWS or of the rule, returns it as a dict,
and Lambda counts that as success, so that nothing retries and the old verdict stays. It assumes
the recorder's role unless told otherwise, fails on oversized items in the form AWS documents,
and does not look at what PutEvaluations refused. This module feeds it events that it handles
and raises whatever it would have swallowed; Lambda then retries and dead-letters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import rdklib.evaluator
from rdklib import ConfigRule, Evaluation, Evaluator
from rdklib.clientfactory import ClientFactory
from rdklib.util.evaluations import process_evaluations

from . import _aws
from ._log import count, logger
from .errors import BadInput, EvaluationLost
from .notification import CHANGE, Notification

if TYPE_CHECKING:
    from .rule import Rule

if process_evaluations.__module__ != "rdklib.util.external":
    # rdklib's git tree, and its release 0.3.2, hold a process_evaluations that reports nothing.
    raise ImportError("This rdklib does not report evaluations; install rdklib 0.3.10 from PyPI.")


def handle(rule: Rule, event: Mapping[str, Any], context: object) -> dict[str, str]:  # noqa: ARG001
    """Judge and report one notification; raises whatever kept the verdict from AWS Config."""
    control = rule.control
    logger.append_keys(control=control)
    try:
        notification = Notification.parse(event)
        if "resultToken" not in event:
            raise BadInput("The event has no resultToken, so no verdict can be reported.")  # noqa: TRY301
        logger.append_keys(bucket=notification.resource_id)
        if not notification.complete and not notification.gone:
            notification = _inflated(notification)
        reported = _report(rule, notification, event)
    except Exception as error:
        # Every failure is counted, whatever it is; none is kept from Lambda.
        count("EvaluationFailed", control=control)
        logger.error("no verdict", extra={"error": type(error).__name__, "reason": str(error)})
        raise
    count("Evaluated", control=control)
    logger.info("verdict", extra=reported)
    return reported


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
                        "configurationItemCaptureTime": _timestamp(item),
                    },
                }
            ),
            "ruleParameters": json.dumps(dict(notification.parameters)),
            "resultToken": event["resultToken"],
            "executionRoleArn": event.get("executionRoleArn") or "",
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


def _timestamp(item: Mapping[str, Any]) -> str:
    """The capture time, which orders verdicts; a number of seconds in the history API's JSON."""
    captured = item["configurationItemCaptureTime"]
    if isinstance(captured, int | float):
        return datetime.fromtimestamp(captured, UTC).isoformat()
    return str(captured)


def _inflated(notification: Notification) -> Notification:
    """Fetch the item that an oversized notification summarises, and no later one."""
    summary = notification.item
    captured = datetime.fromisoformat(_timestamp(summary))
    # Whether the bounds are inclusive is not documented, so ask for more and choose by state id.
    for item in _aws.item_history(
        notification.resource_id,
        earlierTime=captured - timedelta(minutes=1),
        laterTime=captured + timedelta(minutes=1),
    ):
        if str(item["configurationStateId"]) == str(summary.get("configurationStateId")):
            return Notification(item=item, parameters=notification.parameters)
    raise EvaluationLost(
        f"AWS Config has no configuration item of {notification.resource_id} with state id "
        f"{summary.get('configurationStateId')} yet."
    )


class _Adapter(ConfigRule):  # type: ignore[misc] - rdklib is untyped
    """What rdklib calls a rule."""

    def __init__(self, rule: Rule, notification: Notification) -> None:
        super().__init__()
        self._rule, self._notification = rule, notification

    def get_assume_role_mode(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Keep the function's own role unless the rule asks for another one.

        rdklib's default is the recorder's service-linked role, which nobody can assume.
        """
        asked = self._notification.parameters.get("AssumeRoleMode", False)
        return str(asked).lower() == "true"

    def evaluate_change(self, *_: object) -> list[Evaluation]:
        try:
            verdict = self._rule.judge_notification(self._notification)
        except ValueError as error:
            # rdklib swallows ValueError; nothing that a rule raises may be swallowed.
            raise EvaluationLost(f"{self._rule.control} failed: {error}") from error
        return [Evaluation(verdict.compliance.value, annotation=verdict.annotation)]


class _Clients(ClientFactory):  # type: ignore[misc] - rdklib is untyped
    """Clients that are made once a process instead of once an evaluation."""

    def __init__(self, role_arn: str, region: str | None, assume_role_mode: bool) -> None:  # noqa: FBT001
        self._role_arn = role_arn if assume_role_mode else None
        self._region = region

    def build_client(self, service: str, *_: object) -> _Reporter:
        return _Reporter(_aws.client(service, self._region, self._role_arn))


class _Reporter:
    """AWS Config's client, as far as rdklib uses it, with nothing refused in silence."""

    def __init__(self, config: Any) -> None:  # noqa: ANN401
        self._config = config

    def put_evaluations(self, **request: Any) -> None:  # noqa: ANN401
        try:
            refused = self._config.put_evaluations(**request).get("FailedEvaluations")
        except _aws.ClientError as error:
            raise EvaluationLost(f"PutEvaluations failed: {error}") from error
        if refused:
            names = ", ".join(each["ComplianceResourceId"] for each in refused)
            raise EvaluationLost(f"AWS Config refused the evaluations of {names}.")


rdklib.evaluator.ClientFactory = _Clients
