"""Every role may do what its function does, and nothing else."""

import json

import pytest

from bucketward import Bucket

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

EVERYWHERE = {
    "config:GetResourceConfigHistory": "the Service Authorization Reference has no resource type",
    "config:PutEvaluations": "the Service Authorization Reference has no resource type",
    "s3:ListAllMyBuckets": "the Service Authorization Reference has no resource type",
    "iam:PassRole": "the role is the one that the bucket's own document names",
    "s3:PutAccountPublicAccessBlock": "the Service Authorization Reference has no resource type",
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
        reading, *writing, log = app.statements(f"{control.name}RemediationRole")
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
            *(["config:GetResourceConfigHistory"] if remediation.earlier else []),
            *(["s3:ListAllMyBuckets"] if remediation.owns else []),
            *(["iam:PassRole"] if remediation.passes_role else []),
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        }, control.stem


def test_only_declared_writes_can_change_a_bucket(app):
    for control in of_buckets(app):
        writes = {
            action
            for each in app.statements(f"{control.name}RemediationRole")
            for action in actions(each)
            if action.startswith("s3:") and not action.startswith(("s3:Get", "s3:List"))
        }
        assert writes == {iam_action(each.name) for each in control.remediation.calls}


def test_s3_statements_reach_buckets_of_this_account_and_no_objects(app):
    for control in of_buckets(app):
        for statement in app.statements(f"{control.name}RemediationRole"):
            if any(action.startswith("s3:") for action in actions(statement) - EVERYWHERE.keys()):
                assert statement["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::*"}
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
        if name != "AutomationRole":
            assert role["Properties"]["AssumeRolePolicyDocument"] == LAMBDA_TRUST, name


def test_every_statement_allows_named_actions_on_named_resources(app):
    for name in app.of_type("AWS::IAM::Role"):
        for statement in app.statements(name):
            assert statement["Effect"] == "Allow"
            assert not {"NotAction", "NotResource"} & statement.keys()
            assert not [action for action in actions(statement) if "*" in action], name
            if statement["Resource"] in [limited_to(each) for each in ACCOUNT_WRITES]:
                written = {action for action, _ in ACCOUNT_WRITES.values()}
                assert actions(statement) <= {*written, *READS, *EVERYWHERE}, (name, statement)
            elif "*" in json.dumps(statement["Resource"]).replace("s3:::*", ""):
                assert actions(statement) <= EVERYWHERE.keys(), (name, statement)


def test_logs_may_be_written_to_the_own_group_only(app):
    groups = {"EvaluatorRole": "RuleLogs"} | {
        f"{control.name}RemediationRole": "RemediationLogs" for control in remediated(app)
    }
    for role, group in groups.items():
        [statement] = [
            each for each in app.statements(role) if "logs:PutLogEvents" in actions(each)
        ]
        assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}


def test_the_evaluators_report_and_dead_letter(app):
    allowed = {action for each in app.statements("EvaluatorRole") for action in actions(each)}
    rules = [control.rule for control in app.controls.values()]
    scheduled = [rule for rule in rules if rule.live]
    others = [rule for rule in rules if rule.subject is not Bucket]
    assert allowed == {
        *(action for rule in others for fact in rule.reads for action in FACTS[fact.name]),
        *(iam_action(aspect.get.name) for rule in scheduled for aspect in rule.reads),
        "s3:ListAllMyBuckets",
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


def test_a_role_is_passed_to_s3_only(app):
    passing = [
        each
        for name in app.of_type("AWS::IAM::Role")
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


def test_only_config_of_this_account_may_invoke_a_rule(app):
    permissions = app.of_type("AWS::Lambda::Permission")
    assert permissions.keys() == {f"{each.name}RulePermission" for each in app.controls.values()}
    for control in app.controls.values():
        assert permissions[f"{control.name}RulePermission"]["Properties"] == {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": f"{control.name}RuleFunction"},
            "Principal": "config.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
        }
