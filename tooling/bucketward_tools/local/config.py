"""AWS Config's rules: notifications out, evaluations in, compliance, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from bucketward.notification import CHANGE, OVERSIZED, SCHEDULED
from bucketward.verdict import ANNOTATION_LIMIT, Compliance

from . import compliance_events
from .errors import NotEmulated, TemplateError
from .events import Denied, Evaluated
from .gateway import Call, Reply
from .history import history
from .recorder import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount
    from .wiring import ConfigRule

DELIVERY = 5
"""Virtual seconds from an item to the functions that judge it."""

SERVICE = "config.amazonaws.com"
_EVALUATIONS, _RULES = 100, 25
_TYPES = {
    "AWS::::Account",
    "AWS::S3::AccessPoint",
    "AWS::S3::Bucket",
    "AWS::S3::MultiRegionAccessPoint",
}
"""Of the types that PutEvaluations takes, those that our rules report on."""
_SUMMARY = (
    "configurationItemVersion",
    "configurationItemCaptureTime",
    "configurationStateId",
    "awsAccountId",
    "configurationItemStatus",
    "resourceType",
    "resourceId",
    "resourceName",
    "ARN",
    "awsRegion",
    "availabilityZone",
    "configurationStateMd5Hash",
    "resourceCreationTime",
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    compliance: str
    annotation: str
    ordering: datetime


class Config:
    """The rules of the template, and the newest evaluation of each bucket by each rule."""

    def __init__(self, account: LocalAccount, oversized_at: int) -> None:
        self._account = account
        self._oversized_at = oversized_at
        self._tokens: dict[str, str] = {}
        self._evaluated: dict[str, datetime] = {}
        self.evaluations: dict[tuple[str, str], Evaluation] = {}

    def changed(self, item: Mapping[str, Any], diff: Mapping[str, Any] | None) -> bool:
        """Send a notification to every rule; returns whether it is too large to hold the item."""
        gone = item["configurationItemStatus"] == "ResourceDeleted"
        text = json.dumps(
            {
                "configurationItemDiff": {"changedProperties": {}, "changeType": "DELETE"}
                if gone
                else diff,
                "configurationItem": item,
                "notificationCreationTime": timestamp(self._account.clock.now),
                "messageType": CHANGE,
                "recordVersion": "1.3",
            }
        )
        oversized = len(text) > self._oversized_at
        if oversized:
            # As documented, without notificationCreationTime and recordVersion.
            change = (diff or {}).get("changeType", "CREATE")
            summary = {"changeType": change} | {key: item[key] for key in _SUMMARY}
            text = json.dumps({"configurationItemSummary": summary, "messageType": OVERSIZED})
        for rule in self._account.wiring.rules.values():
            self.invoke(rule, text)
        return oversized

    def schedule(self, rule: ConfigRule) -> None:
        """Send what a rule gets on its schedule, which names no resource."""
        if rule.frequency is None:
            raise TemplateError(f"Rule {rule.name} has no schedule in the template.")
        message = {
            "awsAccountId": self._account.place.account,
            "notificationCreationTime": timestamp(self._account.clock.now),
            "messageType": SCHEDULED,
            "recordVersion": "1.0",
        }
        self.invoke(rule, json.dumps(message))

    def invoke(self, rule: ConfigRule, invoking_event: str) -> None:
        """Invoke a rule's function, if the rule wants the message and Config may."""
        account = self._account
        message = json.loads(invoking_event)
        about = message.get("configurationItem") or message.get("configurationItemSummary")
        if message["messageType"] not in rule.messages:
            return
        if about and rule.types and about["resourceType"] not in rule.types:
            return
        function = account.wiring.function(rule.function_arn)
        if function is None or not account.functions.permits(function, SERVICE, rule.arn):
            reason = "the function's resource policy does not allow it"
            account.happened(
                Denied(
                    account.clock.now, SERVICE, "lambda:InvokeFunction", rule.function_arn, reason
                )
            )
            return
        token = account.identifier("token")
        self._tokens[token] = rule.name
        event = {
            "version": "1.0",
            "invokingEvent": invoking_event,
            "ruleParameters": json.dumps(rule.parameters),
            "resultToken": token,
            "eventLeftScope": False,
            "executionRoleArn": account.place.arn(
                "iam", f"role/aws-service-role/{SERVICE}/AWSServiceRoleForConfig"
            ),
            "configRuleArn": rule.arn,
            "configRuleName": rule.name,
            "configRuleId": rule.arn.rpartition("/")[2],
            "accountId": account.place.account,
        }
        account.clock.later(
            DELIVERY, lambda: account.functions.invoke_asynchronously(function, event, SERVICE)
        )

    def answer(self, call: Call) -> Reply:
        """Answer the operations of the AWS Config API that moto lacks."""
        params = call.params
        match call.operation:
            case "PutEvaluations":
                return self._put_evaluations(params)
            case "GetResourceConfigHistory":
                items = self._account.recorder.items.get(params["resourceId"], ())
                return history(items, params, self._account.clock.now)
            case "StartConfigRulesEvaluation":
                return self._start_evaluation(params.get("ConfigRuleNames", ()))
        raise NotEmulated(f"AWS Config's {call.operation} is not emulated.")

    def _put_evaluations(self, params: Mapping[str, Any]) -> Reply:
        evaluations = params.get("Evaluations", ())
        fault = _fault(evaluations)
        if fault:
            return Reply(status=400, code="InvalidParameterValueException", message=fault)
        rule = self._tokens.get(params["ResultToken"])
        if rule is None and params.get("TestMode") is not True:
            return Reply(
                status=400,
                code="InvalidResultTokenException",
                message="The result token provided is invalid",
            )
        if rule is not None and params.get("TestMode") is not True:
            for each in evaluations:
                # Later, so that the journal shows the call first.
                self._account.clock.later(0, partial(self._store, rule, each))
        return Reply({"FailedEvaluations": []})

    def _store(self, rule: str, given: Mapping[str, Any]) -> None:
        account, bucket = self._account, given["ComplianceResourceId"]
        evaluation = Evaluation(
            given["ComplianceType"],
            given.get("Annotation", ""),
            parse_to_aware_datetime(given["OrderingTimestamp"]),
        )
        known = self.evaluations.get((rule, bucket))
        superseded = known is not None and known.ordering > evaluation.ordering
        account.happened(
            Evaluated(
                account.clock.now,
                rule,
                bucket,
                evaluation.compliance,
                evaluation.annotation,
                superseded,
            )
        )
        if superseded or rule not in account.wiring.rules:
            return
        self.evaluations[rule, bucket] = evaluation
        kind = given["ComplianceResourceType"]
        compliance_events.tell(account, rule, (kind, bucket), known, evaluation)
        if evaluation.compliance == Compliance.NON_COMPLIANT:
            account.remediator.found(rule, bucket)

    def _start_evaluation(self, names: tuple[str, ...]) -> Reply:
        unknown = [name for name in names if name not in self._account.wiring.rules]
        if unknown:
            return Reply(
                status=400, code="NoSuchConfigRuleException", message=f"No rule {unknown[0]}"
            )
        now = self._account.clock.now
        recent = [n for n in names if now - self._evaluated.get(n, now) < timedelta(minutes=1)]
        if len(names) > _RULES or any(name in self._evaluated for name in recent):
            return Reply(status=400, code="LimitExceededException", message="Try again later.")
        for name in names:
            self._evaluated[name] = now
            self._evaluate_again(self._account.wiring.rules[name])
        return Reply({})

    def _evaluate_again(self, rule: ConfigRule) -> None:
        """Send the last recorded item of each bucket: the same state id, a new token, no diff."""
        account = self._account
        for items in (*account.recorder.items.values(), *account.account_recorder.items.values()):
            message = {
                "configurationItemDiff": None,
                "configurationItem": items[-1],
                "notificationCreationTime": timestamp(self._account.clock.now),
                "messageType": CHANGE,
                "recordVersion": "1.3",
            }
            if items[-1]["configurationItemStatus"] != "ResourceDeleted":
                self.invoke(rule, json.dumps(message))


def _fault(evaluations: tuple[Mapping[str, Any], ...]) -> str | None:
    """Say which documented constraint of PutEvaluations is not met, or None."""
    if len(evaluations) > _EVALUATIONS:
        return f"Evaluations holds {len(evaluations)}, more than {_EVALUATIONS}."
    for each in evaluations:
        if each["ComplianceType"] not in set(Compliance):
            return f"ComplianceType {each['ComplianceType']} is not valid."
        if not 1 <= len(each.get("Annotation", "x")) <= ANNOTATION_LIMIT:
            return f"Annotation must have 1 to {ANNOTATION_LIMIT} characters."
        if each["ComplianceResourceType"] not in _TYPES:
            return f"ComplianceResourceType {each['ComplianceResourceType']} is not valid."
    return None
