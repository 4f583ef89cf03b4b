"""Every role may do what its function does, and nothing else."""

import json

import pytest

from bucketward import Bucket
from bucketward.aspects import ASPECTS

LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

_NO_TYPE = "the Service Authorization Reference has no resource type"
_GENERATED = "the names are CloudFormation's, which shortens the stack's in them"
EVERYWHERE = {
    "cloudtrail:DescribeTrails": _NO_TYPE,
    "cloudtrail:GetTrailStatus": "any trail of the account or its organisation will do",
    "cloudtrail:LookupEvents": _NO_TYPE,
    "config:DescribeConfigRules": "all are listed at once, rule by rule would be throttled",
    "config:DescribeConfigurationRecorderStatus": _NO_TYPE,
    "config:DescribeRemediationConfigurations": _GENERATED,
    "config:GetComplianceDetailsByResource": _NO_TYPE,
    "config:GetResourceConfigHistory": _NO_TYPE,
    "config:PutEvaluations": _NO_TYPE,
    "events:DescribeRule": _GENERATED,
    "events:ListTargetsByRule": _GENERATED,
    "lambda:GetEventSourceMapping": _GENERATED,
    "lambda:GetFunctionConcurrency": _GENERATED,
    "lambda:GetPolicy": _GENERATED,
    "sqs:GetQueueAttributes": _GENERATED,
    "s3:ListAllMyBuckets": _NO_TYPE,
    "iam:PassRole": "the role is the one that the bucket's own document names",
    "s3:PutAccountPublicAccessBlock": "the Service Authorization Reference has no resource type",
    # Executions have no name before they are started; the document is named beside them.
    "ssm:StartAutomationExecution": "of one document only",
}
"""Actions that may stand beside Resource "*", and why. Those of `FACTS` only read the account."""

FACTS = {
    "account_public_access_block": {"s3:GetAccountPublicAccessBlock"},
    "access_point_public_access_block": {"s3:GetAccessPoint", "s3:GetMultiRegionAccessPoint"},
    "trails": {
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetTrailStatus",
    },
    "metric_filters": {"logs:DescribeMetricFilters"},
    "alarms": {"cloudwatch:DescribeAlarms"},
    "subscriptions": {"sns:ListSubscriptions", "sns:ListTopics"},
    "recorders": {
        "config:DescribeConfigurationRecorders",
        "config:DescribeConfigurationRecorderStatus",
    },
    "detectors": {"guardduty:GetDetector", "guardduty:ListDetectors"},
    "analyzers": {"access-analyzer:ListAnalyzers"},
    "macie": {"macie2:GetMacieSession"},
    "security_hub": {"securityhub:DescribeHub"},
}
ACCOUNT_WRITES = {
    "PutPublicAccessBlock": ("s3:PutAccountPublicAccessBlock", "*"),
    "PutEventSelectors": ("cloudtrail:PutEventSelectors", "cloudtrail:*:{account}:trail/*"),
    "PutMetricFilter": ("logs:PutMetricFilter", "logs:{here}:log-group:*"),
    "PutMetricAlarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:{here}:alarm:bucketward-*"),
    "CreateTopic": ("sns:CreateTopic", "sns:{here}:bucketward-*"),
    "Subscribe": ("sns:Subscribe", "sns:{here}:bucketward-*"),
}
"""Facts and calls of the account as IAM has them, from the Service Authorization Reference and not
taken from bucketward.account; with the resource that the role is limited to."""


READS = frozenset[str]().union(*FACTS.values())


def limited_to(operation):
    form = ACCOUNT_WRITES[operation][1]
    if form == "*":
        return form
    account = "${AWS::AccountId}"
    arn = form.format(account=account, here=f"${{AWS::Region}}:{account}")
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{arn}"}


GUARD = {
    "dynamodb:DeleteItem",  # the lease
    "dynamodb:GetItem",  # the breaker
    "dynamodb:PutItem",  # the journal
    "dynamodb:Query",
    "events:PutEvents",
}
"""What stands before and after every revert of a bucket, see bucketward._guard."""
COMPARING = {
    "cloudformation:ListStackResources",
    "cloudtrail:LookupEvents",
    "s3:CreateBucket",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketVersioning",
    "sqs:SendMessage",
}
"""What only the control that compares with the baseline does: it looks for the author, and makes
a deleted bucket again."""

IAM = {
    "PublicAccessBlock": "BucketPublicAccessBlock",
    "BucketEncryption": "EncryptionConfiguration",
    "BucketLifecycleConfiguration": "LifecycleConfiguration",
    "BucketLifecycle": "LifecycleConfiguration",
    "BucketReplication": "ReplicationConfiguration",
    "BucketCors": "BucketCORS",
    "BucketNotificationConfiguration": "BucketNotification",
    "BucketAccelerateConfiguration": "AccelerateConfiguration",
    "ObjectLockConfiguration": "BucketObjectLockConfiguration",
    "BucketInventoryConfiguration": "InventoryConfiguration",
    "BucketAnalyticsConfiguration": "AnalyticsConfiguration",
    "BucketMetricsConfiguration": "MetricsConfiguration",
    "BucketIntelligentTieringConfiguration": "IntelligentTieringConfiguration",
}
"""S3 operations that IAM calls otherwise, written down here from the Service Authorization
Reference and not taken from bucketward.aspects."""


def iam_action(operation):
    verb, noun = next(
        (verb, operation.removeprefix(verb))
        for verb in ("Get", "List", "Put", "Delete")
        if operation.startswith(verb)
    )
    if verb == "List":
        verb, noun = "Get", noun.removesuffix("s")
    if verb == "Delete" and noun not in {"BucketPolicy", "BucketWebsite"}:
        verb = "Put"
    return f"s3:{verb}{IAM.get(noun, noun)}"


def actions(statement):
    allowed = statement["Action"]
    return {allowed} if isinstance(allowed, str) else set(allowed)


def remediated(app):
    return [control for control in app.controls.values() if control.remediation]


def of_buckets(app):
    return [each for each in remediated(app) if each.remediation.subject is Bucket]


def of_account(app):
    return [each for each in remediated(app) if each.remediation.subject is not Bucket]


def by_sid(app, role):
    """Return the statements by their Sid, those of a condition as well."""
    found = {}
    for each in app.statements(role):
        statement = each["Fn::If"][1] if "Fn::If" in each else each
        found[statement.get("Sid", role)] = statement
    return found


def of(app, role):
    return list(by_sid(app, role).values())


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration"),
        ("DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
        ("DeleteBucketPolicy", "s3:DeleteBucketPolicy"),
        ("GetBucketVersioning", "s3:GetBucketVersioning"),
    ],
)
def test_the_independent_table_is_as_aws_has_it(operation, action):
    assert iam_action(operation) == action


def test_a_remediation_of_the_account_may_do_exactly_what_it_declares_and_where(app):
    assert of_account(app)
    for control in of_account(app):
        reading, *writing, log = [
            each
            for each in app.statements(f"{control.name}RemediationRole")
            if not actions(each) <= GUARD
        ]
        reads = {action for fact in control.remediation.reads for action in FACTS[fact.name]}
        assert (actions(reading), reading["Resource"]) == (reads, "*"), control.stem
        allowed = [(action, each["Resource"]) for each in writing for action in actions(each)]
        declared = [
            (ACCOUNT_WRITES[each.name][0], limited_to(each.name))
            for each in control.remediation.calls
        ]
        assert sorted(allowed, key=str) == sorted(declared, key=str), control.stem
        assert log["Sid"] == "Log"


def test_a_remediation_may_do_exactly_what_it_declares(app):
    for control in of_buckets(app):
        remediation = control.remediation
        others = [aspect.get.name for aspect in remediation.others]
        needed = [
            *(aspect.get.name for aspect in remediation.reads),
            *(operation.name for operation in remediation.calls),
            *others,
            *(["GetBucketLocation"] if others else []),
        ]
        statements = app.statements(f"{control.name}RemediationRole")
        allowed = {action for each in statements for action in actions(each)}
        assert allowed == {
            *map(iam_action, needed),
            *GUARD,
            *(["kms:VerifyMac"] if remediation.earlier or remediation.compares else []),
            *(COMPARING if remediation.compares else ()),
            *(["config:GetResourceConfigHistory"] if remediation.earlier else []),
            *(["s3:ListAllMyBuckets"] if remediation.owns else []),
            *(["iam:PassRole"] if remediation.passes_role else []),
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        }, control.stem


def test_a_remediation_of_the_account_may_do_exactly_what_it_declares(app):
    """It has a journal and a lease, but neither exemptions nor a breaker nor a baseline."""
    for control in remediated(app):
        if control.remediation.subject is not Bucket:
            statements = app.statements(f"{control.name}RemediationRole")
            assert {action for each in statements for action in actions(each)} == {
                *(action for fact in control.remediation.reads for action in fact.actions),
                *(operation.action for operation in control.remediation.calls),
                *(GUARD - {"dynamodb:GetItem"}),
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            }, control.stem


def test_a_remediation_may_read_what_is_approved_only_where_it_goes_back_to_it(app):
    for control in of_buckets(app):
        found = by_sid(app, f"{control.name}RemediationRole")
        earlier = control.remediation.earlier or control.remediation.compares
        assert ("ReadBaselines" in found) == ("VerifyBaselines" in found) == bool(earlier)
        if earlier:
            assert actions(found["ReadBaselines"]) == {"dynamodb:Query"}
            assert found["ReadBaselines"]["Resource"] == {"Fn::GetAtt": ["Baselines", "Arn"]}
            assert found["VerifyBaselines"]["Resource"] == {"Fn::GetAtt": ["BaselineKey", "Arn"]}


def may_write(app, role):
    """Return the partitions of each table that a role may write, None for the whole table."""
    found = {}
    for statement in of(app, role):
        if actions(statement) & WRITES:
            name = statement["Resource"]["Fn::GetAtt"][0]
            [keys] = [
                pairs["dynamodb:LeadingKeys"] for pairs in statement.get("Condition", {}).values()
            ] or [None]
            found.setdefault(name, []).extend([keys] if not isinstance(keys, list) else keys)
    return {name: set(keys) for name, keys in found.items()}


WRITES = {
    f"dynamodb:{each}"
    for each in ("BatchWriteItem", "DeleteItem", "PartiQLUpdate", "PutItem", "UpdateItem")
}


def test_who_reverts_cannot_approve_and_nobody_decides(app):
    """The tables are split by who writes; within Records, by what each may invent."""
    approving = {"Baselines": {None}}
    expected = {
        "EvaluatorRole": {},
        "ChangeMonitorRole": approving | {"Records": {"change#*", "lease#arn:*"}},
        "ReconcilerRole": approving | {"Records": {"checkpoint"}},
        "NotifierRole": {"Records": {"incident#*"}},
    } | {
        f"{control.name}RemediationRole": {"Records": {"journal#*", "part#*", "lease#*"}}
        for control in remediated(app)
    }
    for name in app.of_type("AWS::IAM::Role"):
        assert may_write(app, name) == expected.get(name, {}), name
        signs = {"kms:GenerateMac"} <= {a for each in of(app, name) for a in actions(each)}
        assert signs == (name in {"ChangeMonitorRole", "ReconcilerRole"}), name


def test_partitions_are_compared_with_every_key_of_a_request(app):
    for name in app.of_type("AWS::IAM::Role"):
        for statement in of(app, name):
            for operator, pairs in statement.get("Condition", {}).items():
                if "dynamodb:LeadingKeys" in pairs:
                    assert operator in {"ForAllValues:StringEquals", "ForAllValues:StringLike"}
                    # A scan has no key, and all of none would hold.
                    assert "dynamodb:Scan" not in actions(statement)


def test_nobody_may_read_a_table_whole_or_change_what_it_is(app):
    allowed = {
        action
        for name in app.of_type("AWS::IAM::Role")
        for statement in of(app, name)
        for action in actions(statement)
        if action.startswith(("dynamodb:", "kms:"))
    }
    assert allowed == {
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "kms:DescribeKey",
        "kms:GenerateMac",
        "kms:VerifyMac",
    }


@pytest.mark.parametrize("role", ["ChangeMonitorRole", "ReconcilerRole"])
def test_a_monitor_reads_buckets_and_changes_none(app, role):
    allowed = {a for each in of(app, role) for a in actions(each) if a.startswith("s3:")}
    reads = {iam_action(aspect.get.name) for aspect in ASPECTS.values()}
    assert allowed == reads | {"s3:ListAllMyBuckets"}


@pytest.mark.parametrize("role", ["ChangeMonitorRole", "ReconcilerRole"])
def test_a_monitor_starts_one_document_as_one_role(app, role):
    found = by_sid(app, role)
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:"
    # Both ARNs that AWS's own examples have had for a document, and the execution's.
    assert found["StartReverts"]["Resource"] == [
        {"Fn::Sub": f"{arn}automation-definition/${{RemediationDocument}}:*"},
        {"Fn::Sub": f"{arn}document/${{RemediationDocument}}"},
        {"Fn::Sub": f"{arn}automation-execution/*"},
    ]
    passed = found["HandTheRoleOver"]
    assert passed["Resource"] == {"Fn::GetAtt": ["AutomationRole", "Arn"]}
    condition = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}
    assert passed["Condition"] == condition


def test_the_reconciler_may_look_at_every_watcher_of_the_stack(app):
    """A queue, table or key that is added is added to its role, too."""
    found = by_sid(app, "ReconcilerRole")
    for sid, kind in (
        ("LookAtTables", "AWS::DynamoDB::Table"),
        ("LookAtTheKey", "AWS::KMS::Key"),
    ):
        allowed = found[sid]["Resource"]
        allowed = allowed if isinstance(allowed, list) else [allowed]
        always = {name for name, each in app.of_type(kind).items() if "Condition" not in each}
        assert {each["Fn::GetAtt"][0] for each in allowed} == always


def test_only_declared_writes_can_change_a_bucket(app):
    for control in of_buckets(app):
        extra = COMPARING if control.remediation.compares else set()
        writes = {
            action
            for each in app.statements(f"{control.name}RemediationRole")
            for action in actions(each) - extra
            if action.startswith("s3:") and not action.startswith(("s3:Get", "s3:List"))
        }
        calls = {iam_action(each.name) for each in control.remediation.calls}
        assert writes == calls - extra


def test_s3_statements_reach_buckets_of_this_account_and_no_objects(app):
    roles = {f"{control.name}RemediationRole" for control in of_buckets(app)}
    for role in roles | {"ChangeMonitorRole", "ReconcilerRole"}:
        for statement in of(app, role):
            if any(action.startswith("s3:") for action in actions(statement) - EVERYWHERE.keys()):
                assert statement["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::*"}
                if statement["Sid"] == "MakeDeletedBucketsAgain":
                    continue  # what does not exist is in no account
                assert statement["Condition"] == {
                    "StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}
                }


def test_every_function_has_a_role_of_its_side_and_every_role_one_trust(app):
    for control in app.controls.values():
        own = app.properties(f"{control.name}RuleFunction")
        assert own["Role"] == {"Fn::GetAtt": ["EvaluatorRole", "Arn"]}
        if control.remediation:
            own = app.properties(f"{control.name}RemediationFunction")
            assert own["Role"] == {"Fn::GetAtt": [f"{control.name}RemediationRole", "Arn"]}
    for name, role in app.of_type("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role["Properties"], name
        if name not in {"AutomationRole", "CentralAlertsRole"}:
            assert role["Properties"]["AssumeRolePolicyDocument"] == LAMBDA_TRUST, name


def test_every_statement_allows_named_actions_on_named_resources(app):
    for name in app.of_type("AWS::IAM::Role"):
        for statement in of(app, name):
            assert statement["Effect"] == "Allow"
            assert not {"NotAction", "NotResource"} & statement.keys()
            assert not [action for action in actions(statement) if "*" in action], name
            if statement["Resource"] in [limited_to(each) for each in ACCOUNT_WRITES]:
                written = {action for action, _ in ACCOUNT_WRITES.values()}
                assert actions(statement) <= {*written, *READS, *EVERYWHERE}, (name, statement)
                continue
            if statement.get("Sid") in {"ReadAccount", "ReadTheAccount"}:
                continue  # the account's own settings, and what is there of a kind
            if name == "ObjectMonitorRole" and "Fn::Split" in statement["Resource"]:
                continue  # the buckets that are named, see test_objects
            if "*" in json.dumps(statement["Resource"]).replace("s3:::*", ""):
                assert actions(statement) <= EVERYWHERE.keys(), (name, statement)


def test_logs_may_be_written_to_the_own_group_only(app):
    groups = {
        "EvaluatorRole": "RuleLogs",
        "ChangeMonitorRole": "MonitorLogs",
        "ReconcilerRole": "MonitorLogs",
    } | {f"{control.name}RemediationRole": "RemediationLogs" for control in remediated(app)}
    for role, group in groups.items():
        [statement] = [each for each in of(app, role) if "logs:PutLogEvents" in actions(each)]
        assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}


def test_the_evaluators_report_and_dead_letter(app):
    allowed = {action for each in app.statements("EvaluatorRole") for action in actions(each)}
    rules = [control.rule for control in app.controls.values()]
    of_account = [rule for rule in rules if rule.subject is not Bucket]
    live = [rule for rule in rules if rule.subject is Bucket and rule.live]
    assert allowed == {
        *(iam_action(aspect.get.name) for rule in live for aspect in rule.reads),
        *(action for rule in of_account for fact in rule.reads for action in fact.actions),
        "s3:ListAllMyBuckets",
        "dynamodb:Query",
        "kms:VerifyMac",
        "config:GetResourceConfigHistory",
        "config:PutEvaluations",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "sqs:SendMessage",
    }
    [send] = [
        each for each in app.statements("EvaluatorRole") if "sqs:SendMessage" in actions(each)
    ]
    assert send["Resource"] == {"Fn::GetAtt": ["EvaluationDeadLetters", "Arn"]}


def test_a_bucket_s_role_is_passed_to_s3_only(app):
    passing = [
        each
        for name in app.of_type("AWS::IAM::Role")
        if name.endswith("RemediationRole")
        for each in app.statements(name)
        if "iam:PassRole" in actions(each)
    ]
    assert passing
    for statement in passing:
        condition = {"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}}
        assert statement["Condition"] == condition
        assert statement["Resource"] == {
            "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"
        }


def test_the_document_may_start_our_remediations_only(app):
    [statement] = app.statements("AutomationRole")
    assert actions(statement) == {"lambda:InvokeFunction"}
    assert statement["Resource"] == [
        {
            "Fn::If": [
                f"Deploy{control.name}",
                {"Fn::GetAtt": [f"{control.name}RemediationFunction", "Arn"]},
                {"Ref": "AWS::NoValue"},
            ]
        }
        for control in remediated(app)
    ]


def test_only_automations_of_this_account_get_the_automation_role(app):
    [trust] = app.properties("AutomationRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnLike": {
            "aws:SourceArn": {
                "Fn::Sub": "arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:automation-execution/*"
            }
        },
    }


SCHEDULED = {"ReconcilerFunctionHourlyPermission", "ReconcilerFunctionDailyPermission"}


def test_only_config_of_this_account_may_invoke_a_rule(app):
    permissions = app.of_type("AWS::Lambda::Permission")
    assert permissions.keys() == SCHEDULED | {"ObjectEventsMayInvoke"} | {
        f"{each.name}RulePermission" for each in app.controls.values()
    }
    for name in SCHEDULED:
        rule = name.removesuffix("Permission")
        assert permissions[name]["Properties"]["SourceArn"] == {"Fn::GetAtt": [rule, "Arn"]}
    for control in app.controls.values():
        assert permissions[f"{control.name}RulePermission"]["Properties"] == {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": f"{control.name}RuleFunction"},
            "Principal": "config.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
        }
