"""Whether a deployed stack is well: its parts, its rules, its queues, and what it counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward._stack import resources
from bucketward._watchers import faults
from bucketward.baseline.decisions import EXEMPTION
from bucketward.baseline.exemption import Exemption
from bucketward.clock import now
from bucketward.errors import BucketwardError
from bucketward.metrics import (
    CHANGE_FAILED,
    EVALUATION_FAILED,
    HEARTBEAT,
    REVERT_FAILED,
    SERVICE,
)
from bucketward.verdict import Compliance

from .breaker import open_breakers
from .refusal import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .deployment import Deployment

Json = dict[str, Any]

SOON = timedelta(days=7)
"""How long before it ends an exemption is told of."""
_DAY = timedelta(days=1)
_SILENCE = timedelta(hours=2)
"""As long as the alarm on the reconciler's silence waits, see infra/app.yaml."""
_HEARTBEAT = HEARTBEAT.name
_FAILURES = tuple(each.name for each in (EVALUATION_FAILED, REVERT_FAILED, CHANGE_FAILED))
_BATCH = 25
"""Rules that AWS Config takes the names of at a time."""
_NAMED = 100
"""Resources of a rule that AWS Config names at a time."""


def examine(deployment: Deployment) -> Json:
    """Return what `bucketward status` prints; ``unknown`` says what could not be asked."""
    unknown: list[str] = []

    def asked(part: Callable[[Deployment], Any], otherwise: Any) -> Any:  # noqa: ANN401 - JSON
        try:
            return part(deployment)
        except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
            unknown.append(sentence(error) or str(error))
            return otherwise

    stack = deployment.stack
    counted = asked(_counted, None)
    found: Json = {
        "stack": stack.name,
        "account": stack.account,
        "region": stack.region,
        "state": deployment.state,
        "version": deployment.version or None,
        "remediation": deployment.parameters.get("Remediation"),
        "rules": asked(_rules, []),
        "faults": [*asked(_faults, []), *(_silent(counted) if counted else ())],
        "heartbeat": counted and counted.pop(_HEARTBEAT),
        "failures": counted,
        **asked(_queues, {"dead_letters": None, "waiting": None}),
        "breakers": asked(lambda found: list(open_breakers(found)), None),
        "exemptions": asked(_ending, None),
        "unknown": unknown,
    }
    red = [each for each in found["rules"] if each["compliance"] == Compliance.NON_COMPLIANT]
    lost = any((counted or {}).values()) or any((found["dead_letters"] or {}).values())
    ill = red or found["faults"] or lost or found["breakers"] or unknown
    return {**found, "well": not ill}


def _faults(deployment: Deployment) -> list[str]:
    found = list(faults(deployment.stack, deployment.automatic))
    if not deployment.settled:
        found.insert(0, f"The stack is {deployment.state}.")
    return [*found, *_failing(deployment)]


def _failing(deployment: Deployment) -> Iterator[str]:
    """Yield a sentence for each rule whose function failed when AWS Config last called it."""
    for each in _of_rules(
        deployment, "describe_config_rule_evaluation_status", "ConfigRulesEvaluationStatus"
    ):
        failed, done = (
            each.get("LastFailedInvocationTime"),
            each.get("LastSuccessfulInvocationTime"),
        )
        if failed and (done is None or failed > done):
            why = each.get("LastErrorMessage") or "AWS Config does not say why"
            yield f"Rule {each['ConfigRuleName']} failed when it last ran: {why}."


def _of_rules(deployment: Deployment, method: str, member: str) -> Iterator[Json]:
    """Ask AWS Config about each rule of the stack."""
    ask = getattr(_aws.client("config", None, None), method)
    for start in range(0, len(deployment.rules), _BATCH):
        request: Json = {"ConfigRuleNames": deployment.rules[start : start + _BATCH]}
        while True:
            page = ask(**request)
            yield from page[member]
            if not page.get("NextToken"):
                break
            request["NextToken"] = page["NextToken"]


def _rules(deployment: Deployment) -> list[Json]:
    """Return what AWS Config's dashboard shows, with the resources that break a rule."""
    config = _aws.client("config", None, None)
    found = []
    for each in _of_rules(
        deployment, "describe_compliance_by_config_rule", "ComplianceByConfigRules"
    ):
        rule, compliance = each["ConfigRuleName"], each["Compliance"]["ComplianceType"]
        row = {"control": deployment.control_of(rule), "rule": rule, "compliance": compliance}
        page: Json = {}
        if compliance == Compliance.NON_COMPLIANT:
            page = config.get_compliance_details_by_config_rule(
                ConfigRuleName=rule, ComplianceTypes=[compliance], Limit=_NAMED
            )
        results = page.get("EvaluationResults", ())
        names = [
            each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
            for each in results
        ]
        found.append({**row, "resources": names, "more": bool(page.get("NextToken"))})
    return found


def _counted(deployment: Deployment) -> Json:
    """Return the failures of the last day by metric, and when the reconciler last ran to its end.

    The functions send them with their logs, see docs/monitoring.md.
    """
    at, names = now(), (_HEARTBEAT, *_FAILURES)
    queries = [
        {
            "Id": name.lower(),
            "MetricStat": {
                "Metric": {
                    "Namespace": f"Bucketward/{deployment.stack.name}",
                    "MetricName": name,
                    "Dimensions": [{"Name": SERVICE[0], "Value": SERVICE[1]}],
                },
                "Period": 60,
                "Stat": "Sum",
            },
        }
        for name in names
    ]
    pages = (
        _aws.client("cloudwatch")
        .get_paginator("get_metric_data")
        .paginate(MetricDataQueries=queries, StartTime=at - _DAY, EndTime=at + timedelta(minutes=1))
    )
    sums, beats = dict.fromkeys(_FAILURES, 0), []
    by_id = {name.lower(): name for name in names}
    for page in pages:
        for each in page["MetricDataResults"]:
            if by_id[each["Id"]] == _HEARTBEAT:
                beats.extend(each["Timestamps"])
            else:
                sums[by_id[each["Id"]]] += int(sum(each["Values"]))
    return {**sums, _HEARTBEAT: max(beats, default=None)}


def _silent(counted: Json) -> Iterator[str]:
    beat = counted[_HEARTBEAT]
    if beat is None or now() - beat > _SILENCE:
        yield (
            "The reconciler has not run to its end for two hours, so nobody looks whether the "
            "watchers are awake; it runs hourly, and tells of itself from the first hour on."
        )


def _queues(deployment: Deployment) -> Json:
    dead, waiting = {}, 0
    sqs = _aws.client("sqs")
    for each in resources(deployment.stack):
        if each.kind != "AWS::SQS::Queue":
            continue
        asked = sqs.get_queue_attributes(
            QueueUrl=each.physical_id, AttributeNames=["ApproximateNumberOfMessages"]
        )
        number = int(asked["Attributes"]["ApproximateNumberOfMessages"])
        if each.logical_id.endswith("DeadLetters"):
            dead[each.logical_id] = number
        else:
            waiting += number
    return {"dead_letters": dead, "waiting": waiting}


def _ending(deployment: Deployment) -> list[Json]:
    """Return the exemptions that end soon."""
    decided = deployment.store.decisions.list(EXEMPTION)
    every = [Exemption.parse(dict(each.body)) for each in decided]
    at = now()
    return [each.to_dict() for each in every if at < each.expires <= at + SOON]
