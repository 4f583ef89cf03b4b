"""What a resolved stack connects: rules, functions, roles, documents, queues, event rules.

Everything is found by resource type and by what refers to what; no name is assumed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bucketward.notification import SCHEDULED

from . import iam, wiring_sources
from .errors import NotEmulated, TemplateError
from .iam import Role
from .sam import CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .template import Stack

_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Function:
    logical_id: str
    name: str
    arn: str
    role_arn: str
    module: Path
    attribute: str
    environment: Mapping[str, str]
    timeout: int
    memory: int
    log_group: str
    dead_letters: str | None
    retries: int = _RETRIES


@dataclass(frozen=True, slots=True)
class Permission:
    """A statement of a function's resource policy."""

    function: str
    action: str
    principal: str
    account: str | None
    source_arn: str | None
    sid: str = ""


@dataclass(frozen=True, slots=True)
class ConfigRule:
    logical_id: str
    name: str
    arn: str
    function_arn: str
    parameters: Mapping[str, Any]
    types: tuple[str, ...]
    messages: tuple[str, ...]
    frequency: str | None
    """How often its schedule comes round, None where it has none."""


@dataclass(frozen=True, slots=True)
class RemediationConfiguration:
    rule: str
    document: str
    automatic: bool
    parameters: Mapping[str, Any]
    attempts: int
    window: float


T = TypeVar("T")


class Wiring:
    """The parts of one stack, each kind by the name that others refer to it with."""

    def __init__(self, stack: Stack, root: Path) -> None:
        self.stack = stack
        self.log_groups = {stack.reference(name) for name, _ in stack.of_type(_LOGS)}
        self.roles = {role.arn: role for role in _roles(stack)}
        self.functions = {each.arn: each for each in _functions(stack, root)}
        self.permissions = list(_permissions(stack))
        self.rules = {rule.name: rule for rule in _rules(stack)}
        self.remediations = {each.rule: each for each in _remediations(stack)}
        self.documents = {
            stack.reference(name): _content(each) for name, each in stack.of_type(_DOCUMENT)
        }
        self.queues = {queue.arn: queue for queue in wiring_sources.queues(stack)}
        self.event_rules = tuple(wiring_sources.event_rules(stack))
        self.buses = dict(wiring_sources.buses(stack))
        self.topics = {topic.arn: topic for topic in wiring_sources.topics(stack)}
        self.event_sources = tuple(wiring_sources.event_sources(stack))
        self.schedules = tuple(wiring_sources.schedules(stack))
        self.tables = {table.name: table for table in wiring_sources.tables(stack)}
        self.keys = {key.id: key for key in wiring_sources.keys(stack)}

    def role(self, arn: str) -> Role:
        return found(self.roles, arn, "role")

    def function_of(self, name: str) -> Function | None:
        """Find a function by its logical id or name."""
        known = self.functions.values()
        return next((each for each in known if name in {each.logical_id, each.name}), None)

    def function(self, name: str) -> Function | None:
        """Find a function by ARN or name, as the Lambda API does."""
        known = self.functions.values()
        return next((each for each in known if name in {each.arn, each.name}), None)


def found(known: Mapping[str, T], key: str, kind: str) -> T:
    if key not in known:
        raise TemplateError(f"The template refers to {kind} {key}, which it does not hold.")
    return known[key]


_LOGS, _DOCUMENT = "AWS::Logs::LogGroup", "AWS::SSM::Document"


def _roles(stack: Stack) -> Iterator[Role]:
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        if next(stack.of_type(kind), None):
            raise NotEmulated(f"The template holds an {kind}; write policies into the role.")
    for name, properties in stack.of_type("AWS::IAM::Role"):
        for unread in ("ManagedPolicyArns", "PermissionsBoundary"):
            if properties.get(unread):
                raise NotEmulated(f"Role {name} has {unread}, which the account cannot read.")
        yield Role(
            name,
            stack.reference(name),
            stack.attribute(name, "Arn"),
            iam.statements(properties["AssumeRolePolicyDocument"]),
            tuple(
                statement
                for policy in properties.get("Policies", ())
                for statement in iam.statements(policy["PolicyDocument"])
            ),
        )


def _functions(stack: Stack, root: Path) -> Iterator[Function]:
    invoke = {
        each["FunctionName"]: each for _, each in stack.of_type("AWS::Lambda::EventInvokeConfig")
    }
    for logical_id, each in stack.of_type("AWS::Lambda::Function"):
        name = stack.reference(logical_id)
        module, _, attribute = each["Handler"].rpartition(".")
        code = f"s3://{each['Code']['S3Bucket']}/{each['Code']['S3Key']}".removeprefix(CODE)
        options = invoke.get(name, {})
        failure = options.get("DestinationConfig", {}).get("OnFailure", {})
        yield Function(
            logical_id,
            name,
            stack.attribute(logical_id, "Arn"),
            each["Role"],
            root / code / (module.replace(".", "/") + ".py"),
            attribute,
            {k: str(v) for k, v in each.get("Environment", {}).get("Variables", {}).items()},
            each.get("Timeout", 3),
            each.get("MemorySize", 128),
            each.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}"),
            failure.get("Destination") or each.get("DeadLetterConfig", {}).get("TargetArn"),
            options.get("MaximumRetryAttempts", _RETRIES),
        )


def _permissions(stack: Stack) -> Iterator[Permission]:
    for logical_id, each in stack.of_type("AWS::Lambda::Permission"):
        yield Permission(
            each["FunctionName"],
            each["Action"],
            each["Principal"],
            each.get("SourceAccount"),
            each.get("SourceArn"),
            logical_id,
        )


def _rules(stack: Stack) -> Iterator[ConfigRule]:
    for logical_id, each in stack.of_type("AWS::Config::ConfigRule"):
        source = each["Source"]
        if source["Owner"] != "CUSTOM_LAMBDA":
            raise NotEmulated(f"Rule {logical_id} has the owner {source['Owner']}.")
        parameters = each.get("InputParameters", {})
        details = source["SourceDetails"]
        scheduled = [each for each in details if each["MessageType"] == SCHEDULED]
        yield ConfigRule(
            logical_id,
            stack.reference(logical_id),
            stack.attribute(logical_id, "Arn"),
            source["SourceIdentifier"],
            json.loads(parameters) if isinstance(parameters, str) else parameters,
            tuple(each.get("Scope", {}).get("ComplianceResourceTypes", ())),
            tuple(detail["MessageType"] for detail in details),
            # AWS Config's own default where a schedule has no frequency.
            scheduled[0].get("MaximumExecutionFrequency", "TwentyFour_Hours")
            if scheduled
            else None,
        )


def _remediations(stack: Stack) -> Iterator[RemediationConfiguration]:
    for _, each in stack.of_type("AWS::Config::RemediationConfiguration"):
        yield RemediationConfiguration(
            each["ConfigRuleName"],
            each["TargetId"],
            str(each.get("Automatic", False)).lower() == "true",
            each.get("Parameters", {}),
            int(each.get("MaximumAutomaticAttempts", 5)),
            float(each.get("RetryAttemptSeconds", 60)),
        )


def _content(document: Mapping[str, Any]) -> Mapping[str, Any]:
    content = document["Content"]
    return json.loads(content) if isinstance(content, str) else content  # type: ignore[no-any-return]
