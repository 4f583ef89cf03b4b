"""What functions call besides S3: each call is checked, then answered as the template says."""

import pytest
from botocore.exceptions import ClientError

from bucketward_tools.local import NotEmulated
from bucketward_tools.local.events import (
    AutomationEnded,
    AutomationStarted,
    Denied,
    Evaluated,
    ItemRecorded,
    Published,
)
from local.deployment import deploy
from local.monitored import bucket, call, monitored
from local.story import create, of_kind

ITEM = "{'subject': {'S': '%s'}, 'entry': {'S': '1'}, 'kind': {'S': 'change'}}"
TABLE = "d = client('dynamodb'); t = env['TABLE']; "


@pytest.fixture
def account(tmp_path):
    with monitored(tmp_path) as opened:
        yield opened


def edited(tmp_path, change):
    def edit(translated):
        statements = translated["Resources"]["Role"]["Properties"]["Policies"][0]
        document = statements["PolicyDocument"]
        document["Statement"] = [each for each in document["Statement"] if change(each) is not None]

    return monitored(tmp_path, edit=edit)


def run(account, source):
    result = call(account, source)
    assert result.error is None, result.error
    return result.payload


def refused(account, source):
    """Return what the role was refused, as actions and resources."""
    assert call(account, source).error
    return [(each.action, each.resource.rpartition(":")[2]) for each in of_kind(account, Denied)]


# ---- DynamoDB -----------------------------------------------------------------------------------


def test_tables_keep_items_and_have_indexes(account):
    run(account, f"{TABLE} d.put_item(TableName=t, Item={ITEM % 'a'})")
    found = run(
        account,
        f"{TABLE} found = d.query(TableName=t, IndexName='ByKind', KeyConditionExpression="
        "'#k = :k', ExpressionAttributeNames={'#k': 'kind'},"
        "ExpressionAttributeValues={':k': {'S': 'change'}})['Items']",
    )
    assert [each["subject"]["S"] for each in found] == ["a"]
    table = account.client("dynamodb").describe_table(TableName="bucketward-Records")["Table"]
    assert table["TableArn"] == account.wiring.tables["bucketward-Records"].arn


def test_a_conditional_write_fails_as_in_dynamodb(account):
    put = (
        f"{TABLE} d.put_item(TableName=t, Item={ITEM % 'a'},"
        "ConditionExpression='attribute_not_exists(subject)')"
    )
    run(account, put)
    assert "ConditionalCheckFailedException" in call(account, put).error


def test_an_action_that_is_not_granted_is_refused(account):
    assert refused(account, f"{TABLE} d.scan(TableName=t)") == [
        ("dynamodb:Scan", "table/bucketward-Records")
    ]


def test_an_index_is_a_resource_of_its_own(tmp_path):
    def table_only(statement):
        if "dynamodb:Query" in statement["Action"]:
            statement["Resource"] = statement["Resource"][0]
        return statement

    with edited(tmp_path, table_only) as account:
        query = (
            f"{TABLE} d.query(TableName=t, %s KeyConditionExpression='%s = :k',"
            "ExpressionAttributeValues={':k': {'S': 'x'}})"
        )
        run(account, query % ("", "subject"))
        found = refused(account, query % ("IndexName='ByKind',", "kind"))
        assert found == [("dynamodb:Query", "table/bucketward-Records/index/ByKind")]


def test_leading_keys_bind_a_statement_to_partitions(account):
    delete = (
        f"{TABLE} d.delete_item(TableName=t, Key={{'subject': {{'S': '%s'}},"
        "'entry': {'S': '1'}})"
    )
    run(account, delete % "lease#acme")
    assert refused(account, delete % "journal#acme")[0][0] == "dynamodb:DeleteItem"


def test_a_transaction_needs_what_it_does(account):
    write = (
        f"{TABLE} d.transact_write_items(TransactItems=["
        f"{{'Put': {{'TableName': t, 'Item': {ITEM % 'a'}}}}},"
        "{'ConditionCheck': {'TableName': t, 'Key': {'subject': {'S': '%s'},"
        "'entry': {'S': '1'}}, 'ConditionExpression': 'attribute_not_exists(subject)'}}])"
    )
    run(account, write % "lease#acme")
    assert refused(account, write % "journal")[0][0] == "dynamodb:ConditionCheckItem"
    assert ("Role", "dynamodb:ConditionCheckItem") in {used[:2] for used in account.used}


def test_items_expire_in_virtual_time(account):
    items = {"old": account.clock.now.timestamp() - 1, "new": account.clock.now.timestamp() + 60}
    dynamodb = account.client("dynamodb")
    for name, expires in items.items():
        dynamodb.put_item(
            TableName="bucketward-Records",
            Item={
                "subject": {"S": name},
                "entry": {"S": "1"},
                "expires": {"N": str(int(expires))},
            },
        )
    assert account.tables.expire() == 1
    account.clock.sleep(120)
    assert account.tables.expire() == 1
    assert dynamodb.scan(TableName="bucketward-Records")["Count"] == 0


def test_functions_live_in_virtual_time(account):
    now = account.clock.now.timestamp()
    assert run(account, "import time; time.sleep(5); found = time.time()") == now + 5


# ---- KMS ----------------------------------------------------------------------------------------

MAC = "k = client('kms'); a = 'HMAC_SHA_256'; key = env['KEY']; "
MAKE = f"{MAC} m = k.generate_mac(KeyId=key, Message=b'x', MacAlgorithm=a); "


def test_a_code_is_verified(account):
    check = "k.verify_mac(KeyId='alias/approvals', Message=b'%s', MacAlgorithm=a, Mac=m['Mac'])"
    found = run(account, f"{MAKE} found = [m['KeyId'], {check % 'x'}['MacValid']]")
    (key,) = account.wiring.keys.values()
    assert found == [key.arn, True]
    assert "KMSInvalidMacException" in call(account, MAKE + check % "y").error


def test_a_message_is_at_most_4096_bytes(account):
    long = f"{MAC} k.generate_mac(KeyId=key, Message=b'x' * %d, MacAlgorithm=a)"
    run(account, long % 4096)
    assert "ValidationException" in call(account, long % 4097).error


def test_a_condition_on_the_algorithm_holds(account):
    account.client("kms")
    other = f"{MAC} k.generate_mac(KeyId=key, Message=b'x', MacAlgorithm='HMAC_SHA_512')"
    assert refused(account, other)[0][0] == "kms:GenerateMac"


def test_a_key_that_is_disabled_makes_no_codes(account):
    (key,) = account.wiring.keys.values()
    account.client("kms").disable_key(KeyId=key.id)
    assert "DisabledException" in call(account, MAKE).error
    account.client("kms").enable_key(KeyId=key.id)
    account.client("kms").schedule_key_deletion(KeyId=key.id)
    assert "KMSInvalidStateException" in call(account, MAKE).error


def key_policy(tmp_path, *statements, role=True):
    def edit(translated):
        resources = translated["Resources"]
        policy = resources["Key"]["Properties"]["KeyPolicy"]
        policy["Statement"] = list(statements)
        if not role:
            document = resources["Role"]["Properties"]["Policies"][0]["PolicyDocument"]
            document["Statement"] = [s for s in document["Statement"] if "kms" not in str(s)]

    return monitored(tmp_path, edit=edit)


def statement(principal, effect="Allow", action="kms:*"):
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}


ROLE = {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}
ACCOUNT = {"AWS": {"Ref": "AWS::AccountId"}}


@pytest.mark.parametrize(
    ("statements", "role", "allowed"),
    [
        ([statement(ACCOUNT)], True, True),
        ([statement(ACCOUNT)], False, False),
        ([statement(ROLE)], False, True),
        ([statement({"AWS": "arn:aws:iam::111122223333:role/Other"})], True, False),
        ([statement(ACCOUNT, action="kms:Describe*")], True, False),
        ([statement(ACCOUNT), statement(ROLE, "Deny", "kms:GenerateMac")], True, False),
        ([statement(ACCOUNT), statement("*", "Deny", "kms:Decrypt")], True, True),
    ],
)
def test_the_keys_policy_decides_first(tmp_path, statements, role, allowed):
    with key_policy(tmp_path, *statements, role=role) as account:
        assert (call(account, MAKE).error is None) is allowed


# ---- SNS, SQS, STS ------------------------------------------------------------------------------


def test_a_function_publishes_and_sends(account):
    run(account, "client('sns').publish(TopicArn=env['TOPIC'], Subject='s', Message='m')")
    (published,) = of_kind(account, Published)
    assert (published.topic, published.subject, published.message) == (
        "bucketward-Topic",
        "s",
        "m",
    )
    assert published.actor.endswith("assumed-role/monitor/bucketward-Monitor")
    run(account, "client('sqs').send_message(QueueUrl=env['QUEUE'], MessageBody='{}')")
    counted = "client('sqs').get_queue_attributes(QueueUrl=env['QUEUE'], AttributeNames=['All'])"
    attributes = run(account, f"found = {counted}['Attributes']")
    assert attributes["ApproximateNumberOfMessages"] == "1"
    assert attributes["VisibilityTimeout"] == "360"
    assert "bucketward-Letters" in attributes["RedrivePolicy"]
    assert run(account, "found = client('sts').get_caller_identity()")["Account"]


@pytest.mark.parametrize(
    ("action", "source", "code"),
    [
        ("sns:Publish", "client('sns').publish(TopicArn=env['TOPIC'], Message='m')", "Authoriz"),
        (
            "sqs:SendMessage",
            "client('sqs').send_message(QueueUrl=env['QUEUE'], MessageBody='{}')",
            "(AccessDenied)",
        ),
        ("lambda:GetFunction", "client('lambda').get_function(FunctionName='x')", "AccessDenied"),
    ],
)
def test_a_refusal_has_the_services_own_code(tmp_path, action, source, code):
    def drop(statement):
        return None if action in statement["Action"] else statement

    with edited(tmp_path, drop) as account:
        assert code in call(account, source).error


def test_a_function_that_waits_for_messages_would_wait_for_ever(account):
    source = "client('sqs').receive_message(QueueUrl=env['QUEUE'], WaitTimeSeconds=1)"
    with pytest.raises(NotEmulated):
        call(account, source)


# ---- Systems Manager ----------------------------------------------------------------------------

START = (
    "s = client('ssm'); found = s.start_automation_execution(DocumentName=env['DOCUMENT'],"
    "Parameters={'AutomationAssumeRole': [env['DOCUMENT_ROLE']], 'BucketName': ['%s']})"
)
STATUS = "client('ssm').get_automation_execution(AutomationExecutionId='%s')"


def test_a_function_starts_a_document(account):
    execution = run(account, START % "acme")["AutomationExecutionId"]
    status = f"found = {STATUS % execution}['AutomationExecution']['AutomationExecutionStatus']"
    assert run(account, status) == "Pending"
    account.settle()
    assert run(account, status) == "Success"
    (started,) = of_kind(account, AutomationStarted)
    (ended,) = of_kind(account, AutomationEnded)
    assert started.parameters["BucketName"] == "acme"
    assert (ended.status, ended.outputs["Say.Payload"]) == ("Success", '"acme"')


def test_a_document_is_started_with_what_it_takes_only(account):
    assert "InvalidAutomationExecutionParameters" in call(account, START % "ACME").error
    missing = START.replace("env['DOCUMENT'],", "'Other',")
    assert refused(account, missing % "acme")[0][0] == "ssm:StartAutomationExecution"
    with pytest.raises(ClientError, match="AutomationDefinitionNotFound"):
        account.client("ssm").start_automation_execution(DocumentName="Other")


@pytest.mark.parametrize("action", ["iam:PassRole", "ssm:StartAutomationExecution"])
def test_starting_a_document_needs_both_permissions(tmp_path, action):
    def drop(statement):
        return None if statement["Action"] == action else statement

    with edited(tmp_path, drop) as account:
        assert refused(account, START % "acme")[0][0] == action


# ---- Watching the watchers ----------------------------------------------------------------------


def test_functions_see_the_stacks_own_wiring(account):
    source = """
rule = client('events').describe_rule(Name='bucketward-Writes')
targets = client('events').list_targets_by_rule(Rule='bucketward-Writes')['Targets']
monitor = client('lambda').get_function(FunctionName='bucketward-Monitor')['Configuration']
sources = client('lambda').list_event_source_mappings(FunctionName='bucketward-Monitor')
trail = client('cloudtrail').describe_trails()['trailList'][0]
status = client('cloudtrail').get_trail_status(Name=trail['TrailARN'])
selectors = client('cloudtrail').get_event_selectors(TrailName=trail['TrailARN'])
recorder = client('config').describe_configuration_recorder_status()
found = [rule['State'], targets[0]['Id'], monitor['State'],
    sources['EventSourceMappings'][0]['State'], status['IsLogging'],
    selectors['EventSelectors'][0]['IncludeManagementEvents'],
    recorder['ConfigurationRecordersStatus'][0]['recording'],
    len(client('cloudtrail').lookup_events()['Events'])]
"""
    assert run(account, source) == ["ENABLED", "changes", "Active", "Enabled", True, True, True, 0]


def test_a_permission_that_is_taken_away_is_gone(account):
    functions = account.client("lambda")
    policy = run(
        account,
        "found = json.loads(client('lambda').get_policy(FunctionName='bucketward-Reconciler')"
        "['Policy'])",
    )
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    functions.remove_permission(FunctionName="bucketward-Reconciler", StatementId=statement["Sid"])
    with pytest.raises(ClientError, match="ResourceNotFound"):
        functions.get_policy(FunctionName="bucketward-Reconciler")
    entry = {"Source": "bucketward", "DetailType": "x", "Detail": '{"severity": "high"}'}
    account.client("events").put_events(Entries=[entry | {"EventBusName": "alerts"}])
    account.settle()
    assert "deliver" in {each.action for each in of_kind(account, Denied)}


CONTROL = "bucket_versioning"


@pytest.fixture
def ruled():
    with deploy([CONTROL], {"Remediation": "all"}) as opened:
        create(opened, "acme")
        opened.settle()
        yield opened


def test_config_tells_of_rules_and_remediations(ruled):
    config, name = ruled.client("config"), ruled.rule_name(CONTROL)
    (rule,) = config.describe_config_rules()["ConfigRules"]
    assert (rule["ConfigRuleName"], rule["ConfigRuleState"]) == (name, "ACTIVE")
    assert rule["Source"]["SourceIdentifier"] == ruled.wiring.rules[name].function_arn
    (status,) = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"]
    assert status["FirstEvaluationStarted"]
    assert status["LastSuccessfulEvaluationTime"].timestamp() <= ruled.clock.now.timestamp()
    assert "LastFailedInvocationTime" not in status
    (result,) = config.get_compliance_details_by_config_rule(ConfigRuleName=name)[
        "EvaluationResults"
    ]
    assert result["ComplianceType"] == "COMPLIANT"
    qualifier = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
    assert qualifier["ResourceId"] == "acme"
    (overall,) = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    assert overall["Compliance"]["ComplianceType"] == "COMPLIANT"
    (remediation,) = config.describe_remediation_configurations(ConfigRuleNames=[name])[
        "RemediationConfigurations"
    ]
    assert remediation["Automatic"] is True
    with pytest.raises(ClientError, match="NoSuchConfigRule"):
        config.describe_config_rules(ConfigRuleNames=["nobody"])


def suspend(account):
    account.client("s3").put_bucket_versioning(
        Bucket="acme", VersioningConfiguration={"Status": "Suspended"}
    )
    account.settle()


def test_a_recorder_that_is_stopped_records_when_it_starts_again(ruled):
    config = ruled.client("config", "arn:aws:iam::111122223333:user/mallory")
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    config.stop_configuration_recorder(ConfigurationRecorderName=recorder["name"])
    (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert status["recording"] is False
    ruled.events.clear()
    suspend(ruled)
    assert of_kind(ruled, ItemRecorded) == []
    config.start_configuration_recorder(ConfigurationRecorderName=recorder["name"])
    ruled.settle()
    assert of_kind(ruled, ItemRecorded)
    assert ruled.snapshot("acme")["versioning"]["Status"] == "Enabled"


def test_a_recorder_that_is_deleted_records_nothing_more(ruled):
    config = ruled.client("config")
    config.delete_configuration_recorder(ConfigurationRecorderName="default")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    with pytest.raises(ClientError, match="NoSuchConfigurationRecorder"):
        config.start_configuration_recorder(ConfigurationRecorderName="default")
    ruled.events.clear()
    suspend(ruled)
    assert of_kind(ruled, ItemRecorded) == []


def test_a_rule_that_is_deleted_says_nothing_more(ruled):
    config, name = ruled.client("config"), ruled.rule_name(CONTROL)
    with pytest.raises(ClientError, match="ResourceInUse"):
        config.delete_config_rule(ConfigRuleName=name)
    config.delete_remediation_configuration(ConfigRuleName=name)
    config.delete_config_rule(ConfigRuleName=name)
    ruled.events.clear()
    suspend(ruled)
    assert of_kind(ruled, Evaluated) == []
    assert config.describe_config_rules()["ConfigRules"] == []


def test_without_its_remediation_a_rule_only_reports(ruled):
    ruled.client("config").delete_remediation_configuration(ConfigRuleName=ruled.rule_name(CONTROL))
    suspend(ruled)
    assert ruled.compliance(CONTROL, "acme") == "NON_COMPLIANT"


def test_two_runs_of_a_monitored_account_tell_the_same_story(tmp_path):
    def journal(folder):
        folder.mkdir()
        with monitored(folder) as account:
            bucket(account)
            run(account, MAKE)
            account.settle()
            return [repr(event) for event in account.events]

    assert journal(tmp_path / "a") == journal(tmp_path / "b")


# ---- What somebody changes by the API -----------------------------------------------------------


def test_a_queue_policy_that_somebody_removes_stops_delivery(account):
    sqs = account.client("sqs", "arn:aws:iam::111122223333:user/mallory")
    (url,) = [each.url for each in account.wiring.queues.values() if each.logical_id == "Changes"]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    assert "events.amazonaws.com" in shown["Policy"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    bucket(account)
    account.settle()
    assert {each.action for each in of_kind(account, Denied)} == {"deliver"}
    assert account.messages("Undelivered")


def test_a_topic_policy_and_a_key_policy_follow_the_api(account):
    (topic,) = account.wiring.topics.values()
    account.client("sns").set_topic_attributes(
        TopicArn=topic.arn,
        AttributeName="Policy",
        AttributeValue='{"Version": "2012-10-17", "Statement": []}',
    )
    assert account.wiring.topics[topic.arn].policy == ()
    (key,) = account.wiring.keys.values()
    other = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", '
    other += '"Resource": "*", "Principal": {"AWS": "arn:aws:iam::111122223333:role/Other"}}]}'
    account.client("kms").put_key_policy(KeyId=key.id, PolicyName="default", Policy=other)
    assert "AccessDenied" in call(account, MAKE).error


def test_a_change_that_would_have_no_effect_is_refused(account):
    (topic,) = account.wiring.topics.values()
    with pytest.raises(NotEmulated):
        account.client("sns").delete_topic(TopicArn=topic.arn)


def test_a_rule_that_somebody_narrows_matches_less(account):
    events = account.client("events")
    events.put_rule(Name="bucketward-Writes", EventPattern='{"source": ["nobody"]}')
    bucket(account)
    account.settle()
    assert account.messages("Changes") == []
    targets = events.list_targets_by_rule(Rule="bucketward-Writes")["Targets"]
    events.put_targets(Rule="bucketward-Writes", Targets=[{**targets[0], "Input": "{}"}])
    assert events.list_targets_by_rule(Rule="bucketward-Writes")["Targets"][0]["Input"] == "{}"
