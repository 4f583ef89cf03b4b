"""Templates resolve as CloudFormation resolves them, and what is not known is an error."""

import pytest

from bucketward.remediation import Automatic
from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.local import NotEmulated, TemplateError, iam, sam
from bucketward_tools.local.bus import matches
from bucketward_tools.local.identifiers import Place, partition_of
from bucketward_tools.local.template import Stack
from bucketward_tools.local.wiring import Wiring
from local.deployment import switched_on
from local.story import PARAMETERS

PLACE = Place("111122223333", "cn-north-1", partition_of("cn-north-1"))
QUEUE = {"Type": "AWS::SQS::Queue"}


def stack(parameters=None, conditions=None, **resources):
    template = {
        "Parameters": {
            "Mode": {"Type": "String", "Default": "off", "AllowedValues": ["off", "on"]},
            "Names": {"Type": "CommaDelimitedList", "Default": "a, b"},
            "Needed": {"Type": "String"},
            "Plain": {"Type": "String", "Default": "x", "AllowedPattern": "[a-z]+"},
        },
        "Mappings": {"Colours": {"off": {"sky": "grey"}, "on": {"sky": ["blue", "white"]}}},
        "Conditions": {"On": {"Fn::Equals": [{"Ref": "Mode"}, "on"]}, **(conditions or {})},
        "Resources": {"Queue": QUEUE, **resources},
    }
    return Stack(template, PLACE, parameters or {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "AWS::Partition"}, "aws-cn"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com.cn"),
        ({"Ref": "Names"}, ["a", "b"]),
        ({"Fn::Join": ["-", {"Ref": "Names"}]}, "a-b"),
        ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
        ({"Fn::Split": [",", "p,q"]}, ["p", "q"]),
        ({"Fn::Sub": "${AWS::Region}/${Queue}/${!Literal}"}, None),
        ({"Fn::Sub": ["${x}${Plain}", {"x": {"Ref": "Mode"}}]}, "offx"),
        (
            {"Fn::GetAtt": ["Queue", "Arn"]},
            "arn:aws-cn:sqs:cn-north-1:111122223333:bucketward-Queue",
        ),
        ({"Fn::GetAtt": "Queue.QueueName"}, "bucketward-Queue"),
        ({"Fn::If": ["On", "yes", "no"]}, "no"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"Fn::Not": [{"Condition": "On"}]}, True),
        ({"Fn::And": [{"Condition": "On"}, {"Fn::Equals": ["a", "a"]}]}, False),
        ({"Fn::Or": [{"Condition": "On"}, {"Fn::Equals": ["a", "a"]}]}, True),
        ({"Fn::FindInMap": ["Colours", {"Ref": "Mode"}, "sky"]}, "grey"),
        ({"Fn::FindInMap": ["Colours", "on", "sky"]}, ["blue", "white"]),
        ({"Ref": "x", "Other": 1}, {"Ref": "x", "Other": 1}),
    ],
    ids=str,
)
def test_intrinsic_functions(value, expected):
    url = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/bucketward-Queue"
    expected = f"cn-north-1/{url}/${{Literal}}" if expected is None else expected
    assert stack().resolve(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Nobody"},
        {"Ref": "Needed"},
        {"Fn::GetAtt": ["Queue", "Colour"]},
        {"Fn::If": ["Unheard", 1, 2]},
        {"Fn::ImportValue": "x"},
        {"Fn::FindInMap": ["Colours", "on", "sea"]},
        {"Fn::FindInMap": ["Shapes", "on", "sky"]},
    ],
    ids=str,
)
def test_what_cannot_be_resolved_is_an_error(value):
    with pytest.raises(TemplateError):
        stack().resolve(value)


@pytest.mark.parametrize(
    "parameters", [{"Mode": "maybe"}, {"Plain": "7"}, {"Unknown": "x"}], ids=str
)
def test_a_parameter_that_cloudformation_refuses_is_refused(parameters):
    with pytest.raises(TemplateError):
        [stack(parameters).resolve({"Ref": name}) for name in parameters]


def test_a_resource_whose_condition_is_false_does_not_exist():
    conditional = {**QUEUE, "Condition": "On"}
    assert [name for name, _ in stack(Extra=conditional).of_type("AWS::SQS::Queue")] == ["Queue"]
    assert len(list(stack({"Mode": "on"}, Extra=conditional).of_type("AWS::SQS::Queue"))) == 2
    with pytest.raises(TemplateError, match="Extra"):
        stack(Extra=conditional).resolve({"Ref": "Extra"})


@pytest.mark.parametrize("region", ["eu-central-1", "cn-northwest-1", "us-gov-east-1"])
@pytest.mark.parametrize("mode", ["none", "recommended", "all"])
def test_the_shipped_template_names_its_own_partition_everywhere(region, mode):
    place = Place("111122223333", region, partition_of(region))
    translated = sam.translated(ROOT / "template.yaml", region)
    given = PARAMETERS | switched_on() | {"Remediation": mode}
    deployed = Stack(translated, place, given)
    resolved = [
        properties
        for kind in {each["Type"] for each in translated["Resources"].values()}
        for _, properties in deployed.of_type(kind)
    ]
    arns = [part for part in _texts(resolved) if part.startswith("arn:") and "kms" not in part]
    assert arns
    assert {arn.split(":")[1] for arn in arns} == {place.partition}
    wiring = Wiring(deployed, ROOT)
    recommended = {Automatic.RECOMMENDED}
    runs = {"none": set(), "recommended": recommended, "all": {*recommended, Automatic.ALL}}[mode]
    for control in controls().values():
        if control.remediation is not None:
            name = f"{deployed.place.stack}-{control.stem.replace('_', '-')}"
            assert wiring.remediations[name].automatic is (control.remediation.automatic in runs)


def _texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("text", ["[", "a: 1", "Resources: {F: {Type: AWS::Serverless::Function}}"])
def test_a_file_that_is_no_template_is_one_clear_error(tmp_path, text):
    (tmp_path / "template.yaml").write_text(text)
    with pytest.raises(TemplateError):
        sam.translated(tmp_path / "template.yaml", "eu-central-1")


# ---- IAM ----------------------------------------------------------------------------------------


def allowed(statement, action="s3:GetBucketAcl", resource="arn:aws:s3:::acme", **context):
    policy = iam.statements({"Statement": statement})
    return iam.allows(policy, iam.Request(action, resource, context))


def allow(action="s3:GetBucketAcl", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(), True),
        (allow("s3:getbucketACL"), True),
        (allow("s3:Get*"), True),
        (allow("s3:GetBucketAc?"), True),
        (allow("s3:GetBucketTagging"), False),
        (allow("s3.GetBucketAcl"), False),
        (allow(resource="arn:aws:s3:::ac*"), True),
        (allow(resource=["arn:aws:s3:::b", "arn:aws:s3:::acme"]), True),
        (allow(resource="arn:aws:s3:::Acme"), False),
        ([allow(), {**allow("s3:*"), "Effect": "Deny"}], False),
        ([], False),
    ],
    ids=str,
)
def test_actions_and_resources(statement, expected):
    assert allowed(statement) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", "111122223333", True),
        ("StringEquals", ["0", "111122223333"], True),
        ("StringEquals", "1111*", False),
        ("StringLike", "1111*", True),
        ("StringEquals", "999999999999", False),
    ],
)
def test_conditions(operator, value, expected):
    condition = {operator: {"AWS:resourceAccount": value}}
    statement = allow(Condition=condition)
    assert allowed(statement, **{"aws:ResourceAccount": "111122223333"}) is expected
    assert allowed(statement) is False, "the key is absent from the request"


@pytest.mark.parametrize(
    "statement",
    [
        allow(Condition={"StringEquals": {"aws:Weekday": "Monday"}}),
        allow(Condition={"StringEqualsIfExists": {"aws:ResourceAccount": "1"}}),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
        allow(Principal="*"),
        allow(Principal={"AWS": "*"}),
    ],
    ids=str,
)
def test_what_a_policy_says_and_we_do_not_know_is_never_passed_over(statement):
    with pytest.raises(NotEmulated):
        allowed(statement)


# ---- EventBridge --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["aws.ssm"]}, True),
        ({"source": ["aws.s3", "aws.ssm"], "detail": {"Status": ["Failed"]}}, True),
        ({"detail": {"Status": ["Success"]}}, False),
        ({"detail": {"Unknown": ["x"]}}, False),
        ({"resources": ["b"]}, True),
        ({"region": ["x"]}, False),
    ],
    ids=str,
)
def test_event_patterns(pattern, expected):
    event = {"source": "aws.ssm", "resources": ["a", "b"], "detail": {"Status": "Failed"}}
    assert matches(pattern, event) is expected


def test_a_content_filter_is_never_passed_over():
    with pytest.raises(NotEmulated):
        matches({"source": [{"contains": "aws."}]}, {"source": "aws.ssm"})
