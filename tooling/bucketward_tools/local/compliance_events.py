"""AWS Config tells EventBridge that a rule's verdict on a resource has changed.

A stand-in. Source: *Example compliance change notification* and *Monitoring AWS Config with Amazon
EventBridge* in the AWS Config developer guide. Whether a first verdict of NOT_APPLICABLE is told is
not documented: here it is not, as there is no result then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.verdict import Compliance

from .recorder import timestamp

if TYPE_CHECKING:
    from .account import LocalAccount
    from .config import Evaluation

SOURCE, DETAIL_TYPE = "aws.config", "Config Rules Compliance Change"


def tell(
    account: LocalAccount,
    rule: str,
    resource: tuple[str, str],
    old: Evaluation | None,
    new: Evaluation,
) -> None:
    """Put the event on the default bus; ``resource`` is type and id."""
    before = old.compliance if old else str(Compliance.NOT_APPLICABLE)
    if before == new.compliance or not account.bus.listens(SOURCE, DETAIL_TYPE):
        return
    kind, resource_id = resource
    now = timestamp(account.clock.now)
    detail: dict[str, Any] = {
        "resourceId": resource_id,
        "awsRegion": account.place.region,
        "awsAccountId": account.place.account,
        "configRuleName": rule,
        "configRuleARN": account.wiring.rules[rule].arn,
        "resourceType": kind,
        "messageType": "ComplianceChangeNotification",
        "recordVersion": "1.0",
        "notificationCreationTime": now,
        "newEvaluationResult": _result(rule, resource, new, now),
    }
    if old:
        detail["oldEvaluationResult"] = _result(rule, resource, old, timestamp(old.ordering))
    account.bus.put(SOURCE, DETAIL_TYPE, detail, [])


def _result(
    rule: str, resource: tuple[str, str], evaluation: Evaluation, recorded: str
) -> dict[str, Any]:
    return {
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": {
                "configRuleName": rule,
                "resourceType": resource[0],
                "resourceId": resource[1],
            },
            "orderingTimestamp": timestamp(evaluation.ordering),
        },
        "complianceType": evaluation.compliance,
        "resultRecordedTime": recorded,
        "configRuleInvokedTime": timestamp(evaluation.ordering),
        **({"annotation": evaluation.annotation} if evaluation.annotation else {}),
    }
