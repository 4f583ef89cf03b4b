"""Run a rule under rdklib, the only module that imports it.

rdklib 0.3.10 loses evaluations: it prints an error of AWS or of the rule, returns it as a dict,
and Lambda counts that as success, so that nothing retries and the old verdict stays. It assumes
the recorder's role unless told otherwise, fails on oversized items in the form AWS documents,
and does not look at what PutEvaluations refused. This module feeds it events that it handles
and raises whatever it would have swallowed; Lambda then retries and dead-letters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import rdklib.evaluator
from rdklib import ConfigRule, Evaluation, Evaluator
from rdklib.clientfactory import ClientFactory
from rdklib.util.evaluations import process_evaluations

from . import _aws
from .bucket import Bucket
from .errors import BadInput, EvaluationLost
from .notification import CHANGE, SCHEDULED, Notification, scheduled
from .verdict import not_applicable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .baseline.known import Baseline
    from .resource import Resource
    from .rule import Rule
    from .verdict import Verdict

if process_evaluations.__module__ != "rdklib.util.external":
    # rdklib's git tree, and its release 0.3.2, hold a process_evaluations that reports nothing.
    raise ImportError("This rdklib does not report evaluations; install rdklib 0.3.10 from PyPI.")


def put(
    rule: Rule,
    verdicts: list[tuple[str, str, Verdict]],
    event: Mapping[str, Any],
    moment: datetime | None,
) -> None:
    """Report many verdicts, or those on other resources than the event's, as a schedule does."""
    if not verdicts:
        return
    invoking = {"messageType": SCHEDULED, "notificationCreationTime": moment and moment.isoformat()}
    reply = Evaluator(_Schedule(verdicts)).handle(
        {
            "invokingEvent": json.dumps(invoking if moment else scheduled(event)),
            "resultToken": event["resultToken"],
            "executionRoleArn": "",
        },
        None,
    )
    if not isinstance(reply, list) or len(reply) != len(verdicts):
        raise EvaluationLost(f"{rule.control} could not report on its schedule: {reply}")


def report(rule: Rule, notification: Notification, event: Mapping[str, Any]) -> dict[str, str]:
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
            verdict = self._exempt() or self._rule.judge_notification(
                self._notification, self._read, self._compare
            )
        except (_aws.ClientError, ValueError) as error:
            # The errors that rdklib would swallow.
            raise EvaluationLost(
                f"{self._rule.control} failed on {self._notification.resource_id}: {error}"
            ) from error
        return [Evaluation(verdict.compliance.value, annotation=verdict.annotation)]

    def _read(self, resource: Resource) -> Resource:
        if not isinstance(resource, Bucket):
            from ._account import read_access_point

            return read_access_point(resource)
        return _aws.read_bucket(
            resource.name, self._rule.live, account=resource.account, region=resource.region
        )

    def _exempt(self) -> Verdict | None:
        """Return the verdict on an exempt bucket; a deleted one says that it is gone."""
        if self._rule.subject is not Bucket or self._notification.gone:
            return None
        from ._exemption import exemption

        found = exemption(self._rule.control, self._notification.resource_id)
        return not_applicable(found.sentence) if found else None

    @staticmethod
    def _compare(bucket: str, captured: datetime) -> Baseline:
        from ._baseline import compared

        return compared(bucket, captured)


class _Schedule(ConfigRule):  # type: ignore[misc]  # rdklib is untyped
    """What rdklib calls a rule on a schedule: the verdicts are there already."""

    # Deleted buckets have a notification of their own; rdklib would page through all verdicts.
    delete_old_evaluations_on_scheduled_notification = False

    def __init__(self, verdicts: list[tuple[str, str, Verdict]]) -> None:
        super().__init__()
        self._verdicts = verdicts

    def get_assume_role_mode(self, event: object) -> bool:  # noqa: ARG002
        return False

    def evaluate_periodic(self, *_: object) -> list[Evaluation]:
        return [
            Evaluation(each.compliance.value, name, kind, each.annotation)
            for kind, name, each in self._verdicts
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
