"""Names and ARNs that CloudFormation would give to the resources of a stack.

Real physical names end in a random part; here they do not, so that a transcript is stable.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack is: partition, Region, account, and its name."""

    account: str
    region: str
    partition: str = "aws"
    stack: str = "bucketward"

    @property
    def suffix(self) -> str:
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    @property
    def pseudo_parameters(self) -> dict[str, Any]:
        return {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": self.suffix,
            "AWS::StackName": self.stack,
            "AWS::StackId": self.arn("cloudformation", f"stack/{self.stack}/0"),
            "AWS::NotificationARNs": [],
        }

    def arn(self, service: str, resource: str) -> str:
        """Build an ARN; IAM has no Region."""
        region = "" if service == "iam" else self.region
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{resource}"

    def bucket_arn(self, bucket: str) -> str:
        return f"arn:{self.partition}:s3:::{bucket}"


def partition_of(region: str) -> str:
    """Return the partition that a Region belongs to."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((p for prefix, p in prefixes.items() if region.startswith(prefix)), "aws")


_NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Config::ConfigRule": "ConfigRuleName",
    "AWS::Config::RemediationConfiguration": "ConfigRuleName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Document": "Name",
}

_ARNS = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "alarm:{name}"),
    "AWS::Config::ConfigRule": ("config", "config-rule/config-rule-{name}"),
    "AWS::DynamoDB::Table": ("dynamodb", "table/{name}"),
    "AWS::Events::EventBus": ("events", "event-bus/{name}"),
    "AWS::Events::Rule": ("events", "rule/{bus}{name}"),
    "AWS::IAM::ManagedPolicy": ("iam", "policy{path}{name}"),
    "AWS::IAM::Role": ("iam", "role{path}{name}"),
    "AWS::KMS::Key": ("kms", "key/{name}"),
    "AWS::Lambda::EventSourceMapping": ("lambda", "event-source-mapping:{name}"),
    "AWS::Lambda::Function": ("lambda", "function:{name}"),
    "AWS::Lambda::LayerVersion": ("lambda", "layer:{name}:1"),
    "AWS::Logs::LogGroup": ("logs", "log-group:{name}:*"),
    "AWS::Scheduler::Schedule": ("scheduler", "schedule/{group}/{name}"),
    "AWS::SNS::Topic": ("sns", "{name}"),
    "AWS::SQS::Queue": ("sqs", "{name}"),
    "AWS::SSM::Document": ("ssm", "document/{name}"),
}

_REFERRED_BY_ARN = {"AWS::IAM::ManagedPolicy", "AWS::Lambda::LayerVersion", "AWS::SNS::Topic"}
_ARN_ATTRIBUTES = {"Arn", "LayerVersionArn", "PolicyArn", "TopicArn"}
_NAME_ATTRIBUTES = {"QueueName", "TopicName"}
_BY_UUID = {"AWS::KMS::Key", "AWS::Lambda::EventSourceMapping"}


def _name(kind: str, logical_id: str, given: Mapping[str, Any], place: Place) -> str:
    if kind in _BY_UUID:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place.account} {place.stack} {logical_id}"))
    return str(given.get(_NAMES.get(kind, "")) or f"{place.stack}-{logical_id}")


def _arn(kind: str, name: str, given: Mapping[str, Any], place: Place) -> str:
    if kind not in _ARNS:
        raise TemplateError(f"The ARN of a {kind} is not known.")
    service, form = _ARNS[kind]
    bus = str(given.get("EventBusName") or "default").rpartition("/")[2]
    parts = {
        "name": name,
        "path": given.get("Path") or "/",
        "bus": "" if bus == "default" else f"{bus}/",
        "group": given.get("GroupName") or "default",
    }
    return place.arn(service, form.format(**parts))


def reference(kind: str, logical_id: str, given: Mapping[str, Any], place: Place) -> str:
    """Return what ``Ref`` gives; ``given`` are the resource's own naming properties."""
    name = _name(kind, logical_id, given, place)
    if kind in _REFERRED_BY_ARN:
        return _arn(kind, name, given, place)
    if kind == "AWS::SQS::Queue":
        return f"https://sqs.{place.region}.{place.suffix}/{place.account}/{name}"
    return name


def attribute(kind: str, logical_id: str, given: Mapping[str, Any], place: Place, name: str) -> str:
    """Return what ``Fn::GetAtt`` gives."""
    physical = _name(kind, logical_id, given, place)
    if name in _ARN_ATTRIBUTES:
        return _arn(kind, physical, given, place)
    if name in _NAME_ATTRIBUTES:
        return physical
    if (kind, name) in {("AWS::Events::EventBus", "Name"), ("AWS::KMS::Key", "KeyId")}:
        return physical
    if (kind, name) == ("AWS::SQS::Queue", "QueueUrl"):
        return reference(kind, logical_id, given, place)
    if (kind, name) == ("AWS::Config::ConfigRule", "ConfigRuleId"):
        return f"config-rule-{physical}"
    raise TemplateError(f"{logical_id}.{name} is not known: attribute {name} of a {kind}.")
