"""Watch the watchers: is every part of the stack that hears, judges and reverts in place and on.

Each part is asked of its own service, by the id that CloudFormation gave it, so that what somebody
switched off behind CloudFormation's back is found.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import _aws
from ._stack import Stack, StackResource, resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_RULES = 25
"""Rules that the API of remediation configurations takes at a time."""


def faults(stack: Stack, automatic: Mapping[str, bool]) -> Iterator[str]:
    """Yield one sentence for each part that is missing, off or changed.

    ``automatic`` says of each rule, by the end of its name, whether its remediation is meant to
    run by itself.
    """
    parts = resources(stack, fresh=True)
    by_kind: dict[str, list[StackResource]] = {}
    for part in parts:
        by_kind.setdefault(part.kind, []).append(part)
    yield from _recorder()
    yield from _trail()
    yield from _rules([each.physical_id for each in by_kind.get("AWS::Config::ConfigRule", ())])
    yield from _remediations(stack, by_kind, automatic)
    for kind, check in _CHECKS.items():
        for part in by_kind.get(kind, ()):
            yield from _checked(check, part)
    yield from _permissions(by_kind)


def _checked(check: Callable[[str], Iterator[str]], part: StackResource) -> Iterator[str]:
    """Yield what a check finds; what does not exist any more is a finding, not an error."""
    try:
        for found in check(part.physical_id):
            yield f"{part.logical_id} {found}"
    except _aws.ClientError as error:
        if not _absent(error):
            raise
        yield f"{part.logical_id} is gone."


def _absent(error: _aws.ClientError) -> bool:
    code = _aws.error_code(error)
    return "NotFound" in code or "NonExistentQueue" in code or code.startswith("NoSuch")


def _recorder() -> Iterator[str]:
    config = _aws.client("config", None, None)
    statuses = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    if not any(each.get("recording") for each in statuses):
        yield "AWS Config's recorder is stopped, so no rule hears of a change."


def _trail() -> Iterator[str]:
    cloudtrail = _aws.client("cloudtrail")
    trails = cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]
    if not any(
        cloudtrail.get_trail_status(Name=each["TrailARN"]).get("IsLogging") for each in trails
    ):
        yield "No trail is switched on, so EventBridge tells of no change."


def _rules(names: list[str]) -> Iterator[str]:
    config = _aws.client("config", None, None)
    found: dict[str, str] = {}
    for page in config.get_paginator("describe_config_rules").paginate():
        found |= {each["ConfigRuleName"]: each["ConfigRuleState"] for each in page["ConfigRules"]}
    for name in names:
        state = found.get(name)
        if state != "ACTIVE":
            yield f"Rule {name} is {state.lower() if state else 'gone'}."


def _remediations(
    stack: Stack, by_kind: Mapping[str, list[StackResource]], automatic: Mapping[str, bool]
) -> Iterator[str]:
    rules = [each.physical_id for each in by_kind.get("AWS::Config::ConfigRule", ())]
    ends = {each: each.removeprefix(f"{stack.name}-") for each in rules}
    wanted = [each for each in rules if ends[each] in automatic]
    config = _aws.client("config", None, None)
    found: dict[str, bool] = {}
    for start in range(0, len(wanted), _RULES):
        reply = config.describe_remediation_configurations(
            ConfigRuleNames=wanted[start : start + _RULES]
        )
        for each in reply["RemediationConfigurations"]:
            found[each["ConfigRuleName"]] = bool(each.get("Automatic"))
    for rule in wanted:
        if rule not in found:
            yield f"Rule {rule} has lost its remediation."
        elif automatic[ends[rule]] and not found[rule]:
            yield f"The remediation of rule {rule} does not run by itself any more."


def _event_rule(identifier: str) -> Iterator[str]:
    # CloudFormation's id of a rule on a bus of its own is bus|rule.
    bus, _, name = identifier.rpartition("|")
    on = {"EventBusName": bus} if bus else {}
    events = _aws.client("events")
    if events.describe_rule(Name=name, **on)["State"] == "DISABLED":
        yield "is disabled, so its events are dropped."
    if not events.list_targets_by_rule(Rule=name, **on)["Targets"]:
        yield "has lost its targets, so its events are dropped."


def _mapping(identifier: str) -> Iterator[str]:
    found = _aws.client("lambda").get_event_source_mapping(UUID=identifier)
    if found["State"] not in {"Enabled", "Enabling", "Creating", "Updating"}:
        yield f"is {found['State'].lower()}, so changes wait in the queue."


def _function(identifier: str) -> Iterator[str]:
    reserved = _aws.client("lambda").get_function_concurrency(FunctionName=identifier)
    if reserved.get("ReservedConcurrentExecutions") == 0:
        yield "is throttled to nothing: its reserved concurrency is 0."


def _queue(identifier: str) -> Iterator[str]:
    _aws.client("sqs").get_queue_attributes(QueueUrl=identifier, AttributeNames=["QueueArn"])
    yield from ()


def _table(identifier: str) -> Iterator[str]:
    state = _aws.client("dynamodb").describe_table(TableName=identifier)["Table"]
    if state["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        yield f"is {state['TableStatus'].lower()}."
    if not state.get("DeletionProtectionEnabled"):
        yield "has lost its protection against deletion."


def _key(identifier: str) -> Iterator[str]:
    state = _aws.client("kms").describe_key(KeyId=identifier)["KeyMetadata"]["KeyState"]
    if state != "Enabled":
        yield f"is {state}, so nothing that was approved can be verified."


_CHECKS: dict[str, Callable[[str], Iterator[str]]] = {
    "AWS::Events::Rule": _event_rule,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Function": _function,
    "AWS::SQS::Queue": _queue,
    "AWS::DynamoDB::Table": _table,
    "AWS::KMS::Key": _key,
}


def _permissions(by_kind: Mapping[str, list[StackResource]]) -> Iterator[str]:
    """Yield the rules' functions that AWS Config may not invoke any more."""
    functions = {each.logical_id: each for each in by_kind.get("AWS::Lambda::Function", ())}
    for permission in by_kind.get("AWS::Lambda::Permission", ()):
        function = functions.get(permission.logical_id.removesuffix("Permission") + "Function")
        if function is None:
            continue
        if not _config_may(function.physical_id):
            yield f"{permission.logical_id} is gone: AWS Config may not invoke the function."


def _config_may(function: str) -> bool:
    try:
        policy: Any = json.loads(_aws.client("lambda").get_policy(FunctionName=function)["Policy"])
    except _aws.ClientError as error:
        if _absent(error):
            return False
        raise
    return any(
        each.get("Principal", {}).get("Service") == "config.amazonaws.com"
        for each in policy["Statement"]
    )
