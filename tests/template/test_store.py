"""What is approved, decided and recorded outlives the stack, and only its key can sign."""

import pytest

KEYS = {
    "Baselines": ("bucket", "entry"),
    "Decisions": ("kind", "id"),
    "Records": ("subject", "entry"),
}
"""The tables' keys as bucketward.baseline has them, written down here once more."""


@pytest.fixture(params=KEYS)
def table(app, request):
    return request.param, app.resources[request.param]


def keys(schema):
    kinds = {each["KeyType"]: each["AttributeName"] for each in schema}
    return kinds["HASH"], kinds["RANGE"]


def test_there_are_three_tables_with_the_keys_that_the_code_uses(app):
    tables = app.of_type("AWS::DynamoDB::Table")
    found = {name: keys(each["Properties"]["KeySchema"]) for name, each in tables.items()}
    assert found == KEYS


def test_a_table_survives_the_stack_and_whoever_deletes_it(table):
    _, resource = table
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["DeletionProtectionEnabled"] is True
    assert "Condition" not in resource


def test_a_table_is_encrypted_can_be_put_back_and_costs_what_is_used(table):
    properties = table[1]["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert "ProvisionedThroughput" not in properties


def test_only_what_a_key_or_index_needs_is_declared(table):
    """DynamoDB refuses a table that declares an attribute which no key of it uses."""
    properties = table[1]["Properties"]
    schemas = [properties["KeySchema"]]
    schemas += [each["KeySchema"] for each in properties.get("GlobalSecondaryIndexes", ())]
    used = {each["AttributeName"] for schema in schemas for each in schema}
    declared = {
        each["AttributeName"]: each["AttributeType"]
        for each in table[1]["Properties"]["AttributeDefinitions"]
    }
    assert declared == dict.fromkeys(used, "S")


def test_records_expire_and_are_found_by_who_acted(app):
    records = app.properties("Records")
    assert records["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    [index] = records["GlobalSecondaryIndexes"]
    assert (index["IndexName"], keys(index["KeySchema"])) == ("principal", ("principal", "entry"))
    assert index["Projection"] == {"ProjectionType": "ALL"}


@pytest.mark.parametrize("name", ["Baselines", "Decisions"])
def test_what_is_approved_or_decided_never_expires(app, name):
    assert "TimeToLiveSpecification" not in app.properties(name)


def test_the_key_signs_and_does_nothing_else(app):
    [(name, key)] = app.of_type("AWS::KMS::Key").items()
    assert name == "BaselineKey"
    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"
    properties = key["Properties"]
    assert properties["KeySpec"] == "HMAC_256"
    assert properties["KeyUsage"] == "GENERATE_VERIFY_MAC"
    assert "EnableKeyRotation" not in properties  # KMS refuses to rotate the keys of HMACs


def test_the_key_is_the_account_s_so_that_it_can_never_be_locked_out(app):
    [statement] = app.properties("BaselineKey")["KeyPolicy"]["Statement"]
    root = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    assert statement["Principal"] == {"AWS": root}
    assert (statement["Action"], statement["Resource"]) == ("kms:*", "*")


def test_every_function_is_told_where_the_store_is(app):
    for name, function in app.of_type("AWS::Lambda::Function").items():
        variables = function["Properties"]["Environment"]["Variables"]
        assert variables["BUCKETWARD_STACK"] == {"Ref": "AWS::StackId"}, name
        for table in KEYS:
            assert variables[f"BUCKETWARD_{table.upper()}"] == {"Ref": table}, name
        assert variables["BUCKETWARD_KEY"] == {"Fn::GetAtt": ["BaselineKey", "Arn"]}, name
        assert variables["BUCKETWARD_BUS"] == {"Ref": "AlertBus"}, name
        assert variables["BUCKETWARD_DANGEROUS"] == {"Ref": "DangerousChanges"}, name


def test_an_operator_finds_everything_in_the_outputs(app):
    outputs = {name: each["Value"] for name, each in app.translated["Outputs"].items()}
    for name in ("AlertBus", "ChangeDeadLetters", "Changes", "MonitorLogs", *KEYS):
        assert outputs[name] == {"Ref": name}
    assert outputs["BaselineKey"] == {"Fn::GetAtt": ["BaselineKey", "Arn"]}
    queues = {each for each in app.of_type("AWS::SQS::Queue") if not each.endswith("Deliveries")}
    assert outputs.keys() >= queues | app.of_type("AWS::Logs::LogGroup").keys()
