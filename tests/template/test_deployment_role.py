"""infra/: what CloudFormation needs for the template, no more; templates that cfn-lint accepts."""

import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from bucketward_tools.catalogue import ROOT
from bucketward_tools.local import iam, sam
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack

PLACE = Place("111122223333", "eu-central-1", "aws")
TEMPLATES = sorted(
    [ROOT / "infra/deployment-role.yaml", *(ROOT / "infra/organization").glob("*.yaml")]
)

UNUSED = {
    # What handlers may call for what no resource of ours has. By prefix, of the action's name.
    "cloudwatch": (),
    "config": (),
    "dynamodb": (
        *("AssociateTableReplica", "CreateTableReplica"),
        *("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"),
        *("DeleteResourcePolicy", "PutResourcePolicy", "ImportTable"),
        *("DisableKinesis", "EnableKinesis", "UpdateKinesis", "UpdateContributorInsights"),
    ),
    "ec2": ("Describe",),  # functions in a VPC
    "elasticfilesystem": ("Describe",),
    "events": ("PutPermission", "RemovePermission"),
    "firehose": ("TagDeliveryStream",),
    "iam": (
        *("AttachRolePolicy", "DetachRolePolicy"),
        *("DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary"),
    ),
    "kinesis": ("DescribeStream", "PutRecords"),
    "kms": (
        # Keys for tables, queues, logs and functions; rotation, which HMAC keys do not have.
        *("CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey", "ListAliases", "ReEncrypt"),
        *("RevokeGrant", "DisableKeyRotation", "EnableKeyRotation"),
    ),
    "lambda": (
        *("AssociateRuntimeAlias", "PassCapacityProvider", "PublishVersion"),
        *("DeleteFunctionCodeSigningConfig", "DeleteFunctionConcurrency", "PutFunction"),
        "PutRuntimeManagementConfig",
    ),
    "logs": (
        *("AssociateKmsKey", "DisassociateKmsKey", "CreateLogDelivery", "CreateLogStream"),
        *("DeleteDataProtection", "DeleteIndex", "DeleteResource", "PutLogEvents"),
        *("PutBearerToken", "PutDataProtection", "PutIndex", "PutLogGroup", "PutResource"),
    ),
    "s3": ("GetObjectMetadata", "ListBucket", "REST.PUT.OBJECT"),
    "s3files": ("ListMountTargets",),
    "sns": ("PutDataProtectionPolicy",),
    "sqs": (),
    "ssm": (),
}
KEPT = {"dynamodb:DeleteTable", "kms:ScheduleKeyDeletion"}
"""What would delete what outlives the stack."""


def unused(permission):
    service, _, name = permission.partition(":")
    return name.startswith(UNUSED[service]) if UNUSED[service] else False


@pytest.fixture(scope="module")
def needed(shipped):
    kinds = {each["Type"] for each in shipped.resources.values()}
    handlers = [
        PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
        for kind in kinds
    ]
    return {
        permission
        for each in handlers
        for name, handler in each.items()
        if name != "list"
        for permission in handler["permissions"]
    }


@pytest.fixture(scope="module")
def role():
    template = sam.translated(ROOT / "infra/deployment-role.yaml", PLACE.region)
    [(_, given)] = Stack(template, PLACE, {"CloudTrailLogGroup": "trail"}).of_type("AWS::IAM::Role")
    return iam.statements(given["Policies"][0]["PolicyDocument"])


def granted(role):
    for statement in role:
        action = statement["Action"]
        yield from action if isinstance(action, list) else [action]


def resources(statement):
    found = statement["Resource"]
    return found if isinstance(found, list) else [found]


def test_cloudformation_may_do_what_the_resources_of_the_template_take(needed, role):
    patterns = list(granted(role))
    lacking = {each for each in needed if not any(iam.like(pattern, each) for pattern in patterns)}
    assert {each for each in lacking if not unused(each)} == KEPT


def test_cloudformation_may_do_nothing_else(needed, role):
    spare = {
        pattern
        for pattern in granted(role)
        if not any(iam.like(pattern, each) and not unused(each) for each in needed)
    }
    assert spare == set()


def test_writes_are_limited_to_the_stack_s_own_names(role):
    unlimited = {
        action
        for statement in role
        if statement["Resource"] == "*" and "Condition" not in statement
        for action in granted([statement])
        if not action.partition(":")[2].startswith(("Describe", "Get", "List"))
    }
    assert unlimited == {
        # AWS Config draws the id of a rule, KMS that of a key.
        "config:DeleteConfigRule",
        "config:DeleteRemediationConfiguration",
        "config:PutConfigRule",
        "config:PutRemediationConfigurations",
        "kms:CreateKey",
    }


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("logs:PutMetricFilter", "logs:eu-central-1:111122223333:log-group:trail", True),
        ("logs:PutMetricFilter", "logs:eu-central-1:111122223333:log-group:trail:*", True),
        ("logs:DeleteMetricFilter", "logs:eu-central-1:111122223333:log-group:other", False),
        ("logs:DeleteLogGroup", "logs:eu-central-1:111122223333:log-group:trail", False),
        ("lambda:TagResource", "lambda:eu-central-1:111122223333:event-source-mapping:1-2", True),
        ("lambda:TagResource", "lambda:eu-central-1:111122223333:function:other", False),
        ("cloudwatch:PutDashboard", "cloudwatch::111122223333:dashboard/other", False),
        ("cloudwatch:PutDashboard", "cloudwatch::111122223333:dashboard/bucketward-x", True),
    ],
)
def test_what_has_a_name_of_its_own_is_reached_and_no_more(role, action, resource, allowed):
    reached = [
        pattern
        for statement in role
        if any(iam.like(each, action) for each in granted([statement]))
        for pattern in resources(statement)
    ]
    assert any(iam.like(each, f"arn:aws:{resource}") for each in reached) is allowed


def test_cfn_lint_accepts_every_template():
    """Its checks know the actions of IAM as well."""
    command = [Path(sys.executable).with_name("cfn-lint"), "-t", *TEMPLATES]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert len(TEMPLATES) == 4
