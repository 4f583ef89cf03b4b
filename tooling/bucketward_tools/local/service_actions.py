"""Which IAM actions and resources the calls of functions to other services than S3 stand for.

Source: *Actions, resources, and condition keys for AWS services* in the Service Authorization
Reference. Where that is uncertain, the stricter reading is asked for: a role that passes here
passes there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from . import authorisation
from .errors import NotEmulated
from .iam import Request

if TYPE_CHECKING:
    from .account import LocalAccount
    from .gateway import Call

Params = Mapping[str, Any]
Context = Mapping[str, str]

_RULES = {
    "DescribeComplianceByConfigRule": "ConfigRuleNames",
    "DescribeConfigRuleEvaluationStatus": "ConfigRuleNames",
    "DescribeConfigRules": "ConfigRuleNames",
    "GetComplianceDetailsByConfigRule": "ConfigRuleName",
    "StartConfigRulesEvaluation": "ConfigRuleNames",
}
"""AWS Config's actions on rules, and the parameter that names these."""


def requests(account: LocalAccount, call: Call) -> list[Request]:
    """Return what must all be allowed for the call to be made."""
    context = authorisation.context(account.place)
    if call.service in _SERVICES:
        found = _SERVICES[call.service](account, call.operation, call.params, context)
        if found is not None:
            return found
    return authorisation.requests(call.service, call.operation, call.params, account.place)


def _config(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request] | None:
    if operation not in _RULES:
        return None
    given = params.get(_RULES[operation], ())
    names = [given] if isinstance(given, str) else given
    known = account.wiring.rules
    arns = [
        known[name].arn if name in known else account.place.arn("config", "config-rule/*")
        for name in names or ["*"]
    ]
    return [Request(f"config:{operation}", arn, context) for arn in arns]


def _dynamodb(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request]:
    return account.tables.requests(operation, params, context)


_EVENTS = {"DescribeRule", "DisableRule", "EnableRule", "ListTargetsByRule"}


def _events(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request]:
    place = account.place
    if operation == "PutEvents":
        return [
            Request(
                "events:PutEvents",
                place.arn("events", f"event-bus/{_last(entry.get('EventBusName', 'default'))}"),
                {
                    **context,
                    "events:source": entry.get("Source", ""),
                    "events:detail-type": entry.get("DetailType", ""),
                },
            )
            for entry in params["Entries"]
        ]
    if operation == "DescribeEventBus":
        name = _last(params.get("Name", "default"))
        return [Request(f"events:{operation}", place.arn("events", f"event-bus/{name}"), context)]
    if operation == "ListRules":
        return [Request(f"events:{operation}", "*", context)]
    if operation not in _EVENTS:
        raise NotEmulated(f"What allows a function to call EventBridge's {operation}?")
    bus, name = _last(params.get("EventBusName", "default")), params.get("Name", params.get("Rule"))
    path = f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}"
    return [Request(f"events:{operation}", place.arn("events", path), context)]


def _kms(account: LocalAccount, operation: str, params: Params, context: Context) -> list[Request]:
    named = {"kms:CallerAccount": account.place.account}
    if "MacAlgorithm" in params:
        named["kms:MacAlgorithm"] = params["MacAlgorithm"]
    return [
        Request(f"kms:{operation}", account.keys.arn(str(params["KeyId"])), {**context, **named})
    ]


_FUNCTION = {
    "GetFunction",
    "GetFunctionConcurrency",
    "GetFunctionConfiguration",
    "GetPolicy",
}


def _lambda(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request]:
    place = account.place
    match operation:
        case "ListEventSourceMappings" | "ListFunctions":
            resource = "*"
        case "GetEventSourceMapping":
            resource = place.arn("lambda", f"event-source-mapping:{params['UUID']}")
        case _ if operation in _FUNCTION:
            name = str(params["FunctionName"]).rpartition(":")[2]
            resource = place.arn("lambda", f"function:{name}")
        case _:
            raise NotEmulated(f"What allows a function to call Lambda's {operation}?")
    return [Request(f"lambda:{operation}", resource, context)]


def _secretsmanager(
    account: LocalAccount,  # noqa: ARG001
    operation: str,
    params: Params,
    context: Context,
) -> list[Request]:
    if operation != "GetSecretValue" or not str(params["SecretId"]).startswith("arn:"):
        raise NotEmulated(f"What allows a function to call Secrets Manager's {operation}?")
    return [Request("secretsmanager:GetSecretValue", str(params["SecretId"]), context)]


def _securityhub(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request] | None:
    if operation == "BatchImportFindings":
        arns = {str(each["ProductArn"]) for each in params["Findings"]}
    elif operation == "BatchUpdateFindings":
        arns = {account.place.arn("securityhub", "hub/default")}
    elif operation == "DescribeHub":
        return None  # what a control reads of the account is in `account_authorisation`
    else:
        return None
    return [Request(f"securityhub:{operation}", arn, context) for arn in sorted(arns)]


def _scheduler(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request]:
    if operation != "GetSchedule":
        raise NotEmulated(f"What allows a function to call EventBridge Scheduler's {operation}?")
    path = f"schedule/{params.get('GroupName', 'default')}/{params['Name']}"
    return [Request("scheduler:GetSchedule", account.place.arn("scheduler", path), context)]


def _sns(
    account: LocalAccount,  # noqa: ARG001
    operation: str,
    params: Params,
    context: Context,
) -> list[Request] | None:
    if "TopicArn" not in params:
        return None
    action = operation.removesuffix("Batch")
    return [Request(f"sns:{action}", str(params["TopicArn"]), context)]


def _sqs(account: LocalAccount, operation: str, params: Params, context: Context) -> list[Request]:
    if operation == "ReceiveMessage" and params.get("WaitTimeSeconds"):
        raise NotEmulated("A function waits for messages: nobody would send any meanwhile.")
    name = params.get("QueueName") or str(params["QueueUrl"]).rpartition("/")[2]
    action = operation.removesuffix("Batch")
    return [Request(f"sqs:{action}", account.place.arn("sqs", name), context)]


def _ssm(account: LocalAccount, operation: str, params: Params, context: Context) -> list[Request]:
    """Ask for the document by both ARNs that AWS's own examples have had for it, and the role."""
    place = account.place
    if operation == "GetAutomationExecution":
        path = f"automation-execution/{params['AutomationExecutionId']}"
        return [Request(f"ssm:{operation}", place.arn("ssm", path), context)]
    if operation != "StartAutomationExecution":
        raise NotEmulated(f"What allows a function to call Systems Manager's {operation}?")
    name = str(params["DocumentName"]).rpartition("/")[2]
    version = params.get("DocumentVersion", "$DEFAULT")
    paths = (f"automation-definition/{name}:{version}", f"document/{name}")
    found = [Request(f"ssm:{operation}", place.arn("ssm", path), context) for path in paths]
    passed = {**context, "iam:PassedToService": "ssm.amazonaws.com"}
    roles = params.get("Parameters", {}).get("AutomationAssumeRole", ())
    return [*found, *(Request("iam:PassRole", str(role), passed) for role in roles)]


def _sts(account: LocalAccount, operation: str, params: Params, context: Context) -> list[Request]:  # noqa: ARG001
    if operation != "GetCallerIdentity":
        raise NotEmulated(f"What allows a function to call STS's {operation}?")
    return []  # anybody may ask who he is


def _cloudformation(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request]:
    if operation not in {"DescribeStacks", "ListStackResources"}:
        raise NotEmulated(f"What allows a function to call CloudFormation's {operation}?")
    arn = str(params["StackName"])
    if not arn.startswith("arn:"):
        arn = account.place.arn("cloudformation", f"stack/{arn}/0")
    return [Request(f"cloudformation:{operation}", arn, context)]


_TRAIL = {"GetEventSelectors", "GetTrail", "GetTrailStatus"}


def _cloudtrail(
    account: LocalAccount, operation: str, params: Params, context: Context
) -> list[Request] | None:
    if operation in {"DescribeTrails", "ListTrails", "LookupEvents"}:
        return [Request(f"cloudtrail:{operation}", "*", context)]
    if operation not in _TRAIL:
        return None
    name = _last(str(params.get("Name") or params.get("TrailName")))
    arn = account.place.arn("cloudtrail", f"trail/{name}")
    return [Request(f"cloudtrail:{operation}", arn, context)]


def _last(name: str) -> str:
    """Return a name that may be given as an ARN."""
    return name.rpartition("/")[2]


_SERVICES: dict[str, Callable[[Any, str, Params, Context], list[Request] | None]] = {
    "cloudformation": _cloudformation,
    "cloudtrail": _cloudtrail,
    "config": _config,
    "dynamodb": _dynamodb,
    "events": _events,
    "kms": _kms,
    "lambda": _lambda,
    "scheduler": _scheduler,
    "secretsmanager": _secretsmanager,
    "securityhub": _securityhub,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
    "sts": _sts,
}
