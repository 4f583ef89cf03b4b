"""What AWS Config says of its rules and remediations, and what somebody does to them.

A stand-in: moto knows nothing of the template. Source: the AWS Config API reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward.verdict import Compliance

from .config import SERVICE
from .events import Evaluated, Invoked
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .account import LocalAccount
    from .config import Evaluation
    from .events import Event
    from .wiring import ConfigRule

_PAGE = 25
_DETAILS, _MOST_DETAILS = 10, 100


class ConfigApi:
    """Answers for the rules and the remediations of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._last: dict[str, dict[str, Any]] = {}
        self._invoked: dict[str, dict[str, Any]] = {}
        self._operations: dict[str, Callable[[Mapping[str, Any]], Reply]] = {
            "DeleteConfigRule": self._delete_rule,
            "DeleteRemediationConfiguration": self._delete_remediation,
            "DescribeComplianceByConfigRule": self._compliance,
            "DescribeConfigRuleEvaluationStatus": self._statuses,
            "DescribeConfigRules": self._rules,
            "DescribeRemediationConfigurations": self._remediations,
            "GetComplianceDetailsByConfigRule": self._details,
            "GetComplianceDetailsByResource": self._details_of,
        }

    def answer(self, call: Call) -> Reply | None:
        """Answer, or None for what `config` answers."""
        operation = self._operations.get(call.operation)
        return operation(call.params) if operation else None

    def heard(self, event: Event) -> None:
        """Remember when a rule was last invoked, and when it last reported."""
        match event:
            case Evaluated():
                self._last.setdefault(event.rule, {})["LastSuccessfulEvaluationTime"] = event.time
            case Invoked() if event.trigger == SERVICE:
                told = self._invoked.setdefault(event.function, {})
                end = "Successful" if event.error is None else "Failed"
                told[f"Last{end}InvocationTime"] = event.time
                if event.error is not None:
                    told["LastErrorCode"], told["LastErrorMessage"] = "Error", event.error

    # ---- Rules ----------------------------------------------------------------------------------

    def _named(self, params: Mapping[str, Any]) -> list[ConfigRule] | Reply:
        rules = self._account.wiring.rules
        names = params.get("ConfigRuleNames") or sorted(rules)
        unknown = [name for name in names if name not in rules]
        return _no_rule(unknown[0]) if unknown else [rules[name] for name in names]

    def _rules(self, params: Mapping[str, Any]) -> Reply:
        return self._page(params, "ConfigRules", self._rule)

    def _statuses(self, params: Mapping[str, Any]) -> Reply:
        return self._page(params, "ConfigRulesEvaluationStatus", self._status)

    def _compliance(self, params: Mapping[str, Any]) -> Reply:
        return self._page(params, "ComplianceByConfigRules", self._rule_compliance)

    def _page(
        self,
        params: Mapping[str, Any],
        member: str,
        write: Callable[[ConfigRule], dict[str, Any]],
    ) -> Reply:
        found = self._named(params)
        if isinstance(found, Reply):
            return found
        start = int(params.get("NextToken") or 0)
        answer: dict[str, Any] = {member: [write(rule) for rule in found[start : start + _PAGE]]}
        if start + _PAGE < len(found):
            answer["NextToken"] = str(start + _PAGE)
        return Reply(answer)

    def _rule(self, rule: ConfigRule) -> dict[str, Any]:
        frequency = {"MaximumExecutionFrequency": rule.frequency} if rule.frequency else {}
        return {
            **_identity(rule),
            "Scope": {"ComplianceResourceTypes": list(rule.types)},
            "Source": {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": rule.function_arn,
                "SourceDetails": [
                    {
                        "EventSource": "aws.config",
                        "MessageType": message,
                        **(frequency if message == "ScheduledNotification" else {}),
                    }
                    for message in rule.messages
                ],
            },
            "InputParameters": json.dumps(rule.parameters),
            "ConfigRuleState": "ACTIVE",
        }

    def _status(self, rule: ConfigRule) -> dict[str, Any]:
        function = self._account.wiring.function(rule.function_arn)
        told = self._invoked.get(function.name, {}) if function else {}
        told = told | self._last.get(rule.name, {})
        times = {k: v.timestamp() if k.endswith("Time") else v for k, v in told.items()}
        evaluated = "LastSuccessfulEvaluationTime" in told
        return {**_identity(rule), "FirstEvaluationStarted": evaluated, **times}

    def _rule_compliance(self, rule: ConfigRule) -> dict[str, Any]:
        states = {e.compliance for _, e in self._of(rule)} - {str(Compliance.NOT_APPLICABLE)}
        bad = str(Compliance.NON_COMPLIANT) in states
        overall = str(Compliance.NON_COMPLIANT if bad else Compliance.COMPLIANT)
        compliance = overall if states else "INSUFFICIENT_DATA"
        return {"ConfigRuleName": rule.name, "Compliance": {"ComplianceType": compliance}}

    def _of(self, rule: ConfigRule) -> list[tuple[str, Evaluation]]:
        known = self._account.config.evaluations.items()
        return sorted((key[1], each) for key, each in known if key[0] == rule.name)

    def _details(self, params: Mapping[str, Any]) -> Reply:
        rule = self._account.wiring.rules.get(params["ConfigRuleName"])
        if rule is None:
            return _no_rule(params["ConfigRuleName"])
        limit = params.get("Limit") or _DETAILS
        if limit > _MOST_DETAILS:
            return Reply(status=400, code="ValidationException", message="Limit is at most 100.")
        wanted = set(params.get("ComplianceTypes", ()))
        # What is not applicable is no result: it is deleted.
        wanted = wanted or {str(Compliance.COMPLIANT), str(Compliance.NON_COMPLIANT)}
        found = [pair for pair in self._of(rule) if pair[1].compliance in wanted]
        start = int(params.get("NextToken") or 0)
        page = found[start : start + limit]
        answer: dict[str, Any] = {"EvaluationResults": [_result(rule, *pair) for pair in page]}
        if start + limit < len(found):
            answer["NextToken"] = str(start + limit)
        return Reply(answer)

    def _delete_rule(self, params: Mapping[str, Any]) -> Reply:
        account, name = self._account, params["ConfigRuleName"]
        if name not in account.wiring.rules:
            return _no_rule(name)
        if name in account.wiring.remediations:
            message = "Delete the remediation action that is associated with the rule first."
            return Reply(status=400, code="ResourceInUseException", message=message)
        del account.wiring.rules[name]
        for key in [key for key in account.config.evaluations if key[0] == name]:
            del account.config.evaluations[key]
        return Reply({})

    # ---- Remediations ---------------------------------------------------------------------------

    def _remediations(self, params: Mapping[str, Any]) -> Reply:
        known, place = self._account.wiring.remediations, self._account.place
        found = [known[name] for name in params["ConfigRuleNames"] if name in known]
        return Reply(
            {
                "RemediationConfigurations": [
                    {
                        "ConfigRuleName": each.rule,
                        "TargetType": "SSM_DOCUMENT",
                        "TargetId": each.document,
                        "Parameters": dict(each.parameters),
                        "Automatic": each.automatic,
                        "MaximumAutomaticAttempts": each.attempts,
                        "RetryAttemptSeconds": int(each.window),
                        "Arn": place.arn("config", f"remediation-configuration/{each.rule}/local"),
                    }
                    for each in found
                ]
            }
        )

    def _details_of(self, params: Mapping[str, Any]) -> Reply:
        """Answer with every rule's verdict on a resource; the API pages by 100 at most."""
        rules, wanted = self._account.wiring.rules, params.get("ComplianceTypes")
        found = [
            _result(rules[rule], resource, evaluation)
            for (rule, resource), evaluation in self._account.config.evaluations.items()
            if resource == params["ResourceId"]
            and rule in rules
            and (not wanted or evaluation.compliance in wanted)
        ]
        start = int(params.get("NextToken") or 0)
        answer: dict[str, Any] = {"EvaluationResults": found[start : start + _DETAILS]}
        if start + _DETAILS < len(found):
            answer["NextToken"] = str(start + _DETAILS)
        return Reply(answer)

    def _delete_remediation(self, params: Mapping[str, Any]) -> Reply:
        if self._account.wiring.remediations.pop(params["ConfigRuleName"], None) is None:
            message = "No RemediationConfiguration for rule exists."
            code = "NoSuchRemediationConfigurationException"
            return Reply(status=400, code=code, message=message)
        return Reply({})


def _identity(rule: ConfigRule) -> dict[str, Any]:
    return {
        "ConfigRuleName": rule.name,
        "ConfigRuleArn": rule.arn,
        "ConfigRuleId": rule.arn.rpartition("/")[2],
    }


def _result(rule: ConfigRule, resource: str, evaluation: Evaluation) -> dict[str, Any]:
    ordering = evaluation.ordering.timestamp()
    return {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": rule.name,
                "ResourceType": rule.types[0] if rule.types else "AWS::S3::Bucket",
                "ResourceId": resource,
            },
            "OrderingTimestamp": ordering,
        },
        "ComplianceType": evaluation.compliance,
        "ResultRecordedTime": ordering,
        "ConfigRuleInvokedTime": ordering,
        **({"Annotation": evaluation.annotation} if evaluation.annotation else {}),
    }


def _no_rule(name: str) -> Reply:
    message = f"The ConfigRule '{name}' provided in the request is invalid."
    return Reply(status=400, code="NoSuchConfigRuleException", message=message)
