"""The second and third way in: every change of S3 reaches the monitor, and nothing else does."""

import copy

import pytest

from bucketward_tools.local.patterns import matches

CALL = {
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    "version": "0",
    "id": "36eb8523-97d0-4518-b33d-ee3579ff19f0",
    "detail-type": "AWS API Call via CloudTrail",
    "source": "aws.s3",
    "account": "123456789012",
    "time": "2026-02-20T01:09:13Z",
    "region": "eu-central-1",
    "resources": [],
    "detail": {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAIDPPEZS35WEXAMPLE:alice",
            "arn": "arn:aws:sts::123456789012:assumed-role/Operator/alice",
            "accountId": "123456789012",
        },
        "eventTime": "2026-02-20T01:09:13Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketPolicy",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "[aws-cli/2.15]",
        "requestParameters": {"bucketName": "acme-data", "policy": ""},
        "responseElements": None,
        "requestID": "F1DD4D6A9E31F3D2",
        "eventID": "8c3e7c1c-9a5f-4f5c-8e0f-3b1f5f6b7a2d",
        "readOnly": False,
        "resources": [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::acme-data"}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "123456789012",
        "eventCategory": "Management",
    },
}
JOB = {
    "detail-type": "AWS Service Event via CloudTrail",
    "detail": {"eventName": "JobCreated", "eventType": "AwsServiceEvent", "readOnly": False},
}


def event(changes):
    """Return the call with members replaced, those of its detail one by one."""
    found = copy.deepcopy(CALL) | {k: v for k, v in changes.items() if k != "detail"}
    found["detail"] |= changes.get("detail", {})
    return found


@pytest.fixture
def pattern(app):
    return app.properties("S3Changes")["EventPattern"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"detail": {"eventName": "DeleteBucketPublicAccessBlock", "requestParameters": None}},
        {"detail": {"eventName": "PutSomethingNobodyKnowsYet"}},
        {"detail": {"errorCode": "AccessDenied", "errorMessage": "no"}},
        {"detail": {"userIdentity": {"type": "AWSService", "invokedBy": "config.amazonaws.com"}}},
        {"detail": {"userIdentity": {"type": "Root"}}},
        {"source": "aws.s3control", "detail": {"eventName": "PutAccountPublicAccessBlock"}},
        JOB,
    ],
)
def test_every_write_of_s3_s_settings_is_heard(pattern, changes):
    assert matches(pattern, event(changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"detail": {"eventName": "GetBucketPolicy", "readOnly": True}},
        {"detail": {"eventName": "PutObject", "managementEvent": False}},
        {"detail": {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}},
        {"detail-type": "Object Created", "detail": {}},
        {"detail-type": "AWS Insight via CloudTrail"},
        # What anybody in the account may put on the default bus.
        {"source": "my.aws.s3"},
        {"source": "awsx"},
        {"source": "bucketward"},
        JOB | {"source": "me"},
        JOB | {"detail": JOB["detail"] | {"eventName": "JobStatusChanged"}},
        {"detail-type": "AWS Service Event via CloudTrail"},
    ],
)
def test_nothing_else_is_heard(pattern, changes):
    assert not matches(pattern, event(changes))


def test_a_change_goes_to_the_queue_or_to_the_dead_letters(app):
    rule = app.properties("S3Changes")
    assert "EventBusName" not in rule  # CloudTrail's events are on the default bus
    assert rule.get("State", "ENABLED") == "ENABLED"
    [target] = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["Changes", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["ChangeDeadLetters", "Arn"]}}
    assert app.properties("Changes")["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["ChangeDeadLetters", "Arn"]},
        "maxReceiveCount": 5,
    }


def test_only_the_rule_may_fill_the_queues(app):
    policy = app.properties("ChangesPolicy")
    assert policy["Queues"] == [{"Ref": "Changes"}, {"Ref": "ChangeDeadLetters"}]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["S3Changes", "Arn"]}}
    }


def test_the_monitor_takes_changes_from_the_queue_and_says_which_it_could_not_deal_with(app):
    [mapping] = [
        each["Properties"]
        for each in app.of_type("AWS::Lambda::EventSourceMapping").values()
        if each["Properties"]["FunctionName"] != {"Ref": "NotifierFunction"}
    ]
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["Changes", "Arn"]}
    assert mapping["FunctionName"] == {"Ref": "ChangeMonitorFunction"}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2  # Lambda's least
    assert mapping.get("Enabled", True)


def test_a_message_stays_hidden_for_as_long_as_lambda_may_retry(app):
    """Six times the function's timeout, as Lambda's guide has it."""
    timeout = app.properties("ChangeMonitorFunction")["Timeout"]
    assert app.properties("Changes")["VisibilityTimeout"] >= 6 * timeout


def test_both_monitors_have_their_code_role_and_log(app):
    for name, handler, role in (
        ("ChangeMonitorFunction", "change_monitor.monitor", "ChangeMonitorRole"),
        ("ReconcilerFunction", "reconciler.reconciler", "ReconcilerRole"),
    ):
        function = app.properties(name)
        assert function["Handler"] == handler
        assert function["Role"] == {"Fn::GetAtt": [role, "Arn"]}
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": "MonitorLogs"}}
        assert app.source["Resources"][name]["Properties"]["CodeUri"] == "monitors/"
    assert app.resources["MonitorLogs"]["DeletionPolicy"] == "Retain"
    assert app.properties("MonitorLogs")["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_reconciler_looks_every_hour_and_sweeps_once_a_day(app):
    schedules = {
        each["Properties"]["ScheduleExpression"]: each["Properties"]["Targets"][0]
        for each in app.of_type("AWS::Events::Rule").values()
        if "ScheduleExpression" in each["Properties"]
    }
    assert {when: target["Input"] for when, target in schedules.items()} == {
        "rate(1 hour)": '{"sweep": false}',
        "rate(1 day)": '{"sweep": true}',
    }
    for target in schedules.values():
        assert target["Arn"] == {"Fn::GetAtt": ["ReconcilerFunction", "Arn"]}
    lost = {"TargetArn": {"Fn::GetAtt": ["EvaluationDeadLetters", "Arn"]}}
    assert app.properties("ReconcilerFunction")["DeadLetterConfig"] == lost


@pytest.mark.parametrize("name", ["ChangeMonitorFunction", "ReconcilerFunction"])
def test_fast_reverts_start_the_document_only_where_the_stack_says_so(shipped, name):
    def given(**parameters):
        stack = shipped.stack(**parameters)
        return stack.resolve(shipped.properties(name)["Environment"]["Variables"])[
            "BUCKETWARD_FAST_REVERT"
        ]

    assert given() == ""
    assert given(FastRevert="true", DeployBucketDrift="false") == ""
    document, role, function = given(FastRevert="true").split(",")
    assert "RemediationDocument" in document
    assert "AutomationRole" in role
    assert "BucketDriftRemediationFunction" in function


@pytest.mark.parametrize("role", ["ChangeMonitorRole", "ReconcilerRole"])
def test_a_monitor_may_start_the_document_only_where_the_stack_says_so(shipped, role):
    def allowed(**parameters):
        stack = shipped.stack(**parameters)
        found = stack.resolve(shipped.statements(role))
        return {each["Sid"] for each in found if isinstance(each, dict)}

    starting = {"StartReverts", "HandTheRoleOver"}
    assert allowed(FastRevert="true") - allowed() == starting
    assert not allowed(FastRevert="true", DeployBucketDrift="false") & starting


def test_the_topic_takes_what_eventbridge_and_the_alarms_send(app):
    """EventBridge gives a topic's policy no keys, so a condition would drop every notice."""
    statements = {
        each["Sid"]: each
        for each in app.properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    }
    assert statements["Notices"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in statements["Notices"]
    assert statements["Alarms"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    for each in statements.values():
        assert (each["Action"], each["Resource"]) == ("sns:Publish", {"Ref": "AlarmTopic"})


def test_the_bus_s_name_is_the_stack_s_so_that_two_fit_into_one_account(app):
    assert app.properties("AlertBus")["Name"] == {"Fn::Sub": "${AWS::StackName}-alerts"}
