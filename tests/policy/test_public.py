"""What makes a bucket policy public: principals, conditions and their combinations."""

import json

import pytest

from bucketward.policy import Options, judge

OWNER = "111122223333"
OTHER = "444455556666"
BUCKET_ARN = "arn:aws:s3:::ledger"


def allow(principal="*", condition=None, **elements):
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"{BUCKET_ARN}/*",
        **elements,
    }
    return statement if condition is None else {**statement, "Condition": condition}


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def judged(*statements, **options):
    judgement = judge(policy(*statements), account=OWNER, options=Options(**options))
    assert judgement.valid, judgement.reasons
    return judgement


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["*"]},
        {"AWS": [f"arn:aws:iam::{OWNER}:root", "*"]},
        {"AWS": "*", "Service": "cloudtrail.amazonaws.com"},
        {"AWS": "arn:aws:iam::*:root"},
        {"AWS": f"arn:aws:iam::{OWNER}:role/a?p"},
        {"AWS": f"arn:aws:iam::{OWNER}:user/${{aws:username}}"},
        {"Service": "*"},
        {"CanonicalUser": "*"},
        {"Federated": "*"},
        {"Federated": "accounts.google.com"},
    ],
)
def test_a_principal_that_is_no_fixed_value_is_public(principal):
    judgement = judged(allow(principal))
    assert judgement.public
    assert judgement.public_read
    assert judgement.cross_account
    assert judgement.public_statements == (0,)


@pytest.mark.parametrize(
    ("principal", "foreign"),
    [
        ({"AWS": OWNER}, ()),
        ({"AWS": int(OWNER)}, ()),
        ({"AWS": f"arn:aws:iam::{OWNER}:root"}, ()),
        ({"AWS": f"arn:aws-cn:iam::{OWNER}:role/path/app"}, ()),
        ({"AWS": f"arn:aws:sts::{OWNER}:assumed-role/app/session"}, ()),
        ({"AWS": f"arn:aws:sts::{OWNER}:federated-user/eve"}, ()),
        ({"Federated": f"arn:aws:iam::{OWNER}:saml-provider/corp"}, ()),
        ({"Service": "cloudfront.amazonaws.com"}, ()),
        ({"Service": ["cloudfront.amazonaws.com", "config.amazonaws.com"]}, ()),
        ({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}, ()),
        ({"AWS": OTHER}, (OTHER,)),
        ({"AWS": [f"arn:aws:iam::{OTHER}:role/{number}" for number in range(50)]}, (OTHER,)),
        ({"AWS": [f"arn:aws:iam::{OTHER}:role/x", f"arn:aws:iam::{OWNER}:role/x"]}, (OTHER,)),
        ({"Federated": f"arn:aws:iam::{OTHER}:oidc-provider/example.com"}, (OTHER,)),
        ({"AWS": "AIDAIOSFODNN7EXAMPLE"}, ("AIDAIOSFODNN7EXAMPLE",)),
        ({"CanonicalUser": "cafe" * 16}, ("cafe" * 16,)),
    ],
)
def test_fixed_principals_are_private_and_foreign_ones_are_named(principal, foreign):
    judgement = judged(allow(principal))
    assert not judgement.public
    assert judgement.accounts == foreign
    assert judgement.cross_account is bool(foreign)
    assert judgement.foreign_statements == ((0,) if foreign else ())


def test_every_named_account_is_foreign_where_the_owner_is_not_known():
    assert judge(policy(allow({"AWS": OWNER}))).accounts == (OWNER,)


def test_an_allow_with_not_principal_is_public():
    statement = allow()
    statement["NotPrincipal"] = {"AWS": statement.pop("Principal") and f"arn:aws:iam::{OTHER}:root"}
    assert judged(statement).public


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalOrgID", "o-abcde12345"),
        ("aws:SourceVpc", "vpc-0a1b2c3d"),
        ("aws:SourceVpce", "vpce-0a1b2c3d"),
        ("aws:SourceArn", f"arn:aws:sns:eu-west-1:{OTHER}:topic"),
        ("aws:SourceOwner", OTHER),
        ("aws:SourceAccount", OTHER),
        ("aws:SourceAccount", int(OTHER)),
        ("aws:userid", "AIDAIOSFODNN7EXAMPLE"),
        ("s3:DataAccessPointAccount", OTHER),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OTHER}:accesspoint/*"),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OTHER}:accesspoint/sales"),
        ("aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/app"),
        ("aws:PrincipalAccount", OTHER),
    ],
)
@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "StringEqualsIgnoreCase"])
def test_a_fixed_value_of_a_listed_key_is_private_but_foreign(operator, key, value):
    judgement = judged(allow(condition={operator: {key: value}}))
    assert not judgement.public
    assert not judgement.public_read
    assert judgement.cross_account
    assert judged(allow(condition={operator: {key.upper(): [value]}})).public is False


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalAccount", OWNER),
        ("aws:PrincipalArn", f"arn:aws:iam::{OWNER}:role/app"),
        ("aws:SourceAccount", OWNER),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/*"),
    ],
)
def test_a_condition_on_the_owners_account_reaches_no_other(key, value):
    judgement = judged(allow(condition={"StringLike": {key: value}}))
    assert not judgement.public
    assert not judgement.cross_account
    assert judgement.accounts == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalOrgID", "o-*"),
        ("aws:SourceVpc", "*"),
        ("aws:SourceVpce", "vpce-0a1b2c3?"),
        ("aws:SourceVpc", ["vpc-0a1b2c3d", "vpc-*"]),
        ("aws:SourceVpc", ""),
        ("aws:SourceVpc", "${aws:SourceVpc}"),
        ("aws:SourceArn", "arn:aws:s3:::*"),
        ("aws:PrincipalArn", "arn:aws:iam::*:role/app"),
        ("aws:PrincipalAccount", "${aws:ResourceAccount}"),
        ("s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:*:accesspoint/sales"),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OWNER}:*"),
        ("s3:DataAccessPointArn", f"arn:*:s3:eu-west-1:{OWNER}:accesspoint/sales"),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/${{aws:username}}"),
        ("aws:userid", "*:eve"),
    ],
)
def test_a_value_with_a_wildcard_or_variable_is_public(key, value):
    assert judged(allow(condition={"StringLike": {key: value}})).public


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalOrgID", "o-abcde12345"),
        ("aws:SourceVpc", "vpc-0a1b2c3d"),
        ("aws:SourceVpce", "vpce-0a1b2c3d"),
        ("aws:SourceArn", f"arn:aws:sns:eu-west-1:{OWNER}:topic"),
        ("aws:SourceOwner", OWNER),
        ("aws:SourceAccount", OWNER),
        ("aws:userid", "AIDAIOSFODNN7EXAMPLE"),
        ("s3:DataAccessPointAccount", OWNER),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/sales"),
        ("aws:PrincipalArn", f"arn:aws:iam::{OWNER}:role/app"),
        ("aws:PrincipalAccount", OWNER),
    ],
)
def test_a_listed_key_limits_by_no_operator_that_a_stranger_can_pass(key, value):
    for condition in (
        {"StringNotEquals": {key: value}},
        {"StringNotLike": {key: value}},
        {"StringEqualsIfExists": {key: value}},
        {"ForAllValues:StringEquals": {key: value}},
        {"ForAnyValue:StringEqualsIfExists": {key: value}},
        {"Null": {key: "false"}},
        {"Null": {key: "true"}},
        {"StringLike": {key: [value, "*"]}},
        {"StringLike": {key: value, key.upper(): "*"}},
        {"StringEquals": {key: "${aws:username}"}},
    ):
        assert judged(allow(condition=condition)).public, condition
    for condition in (
        {"ForAnyValue:StringEquals": {key: [value]}},
        {"StringEquals": {key: value, "aws:Referer": "x"}, "Bool": {"aws:SecureTransport": True}},
    ):
        assert not judged(allow(condition=condition)).public, condition


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:Referer", "https://example.com/"),
        ("aws:UserAgent", "agent"),
        ("aws:PrincipalTag/team", "data"),
        ("aws:PrincipalType", "User"),
        ("aws:username", "alice"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:ResourceAccount", OWNER),
        ("aws:ResourceOrgID", "o-abcde12345"),
        ("aws:CalledVia", "athena.amazonaws.com"),
        ("s3:prefix", "public/"),
        ("s3:x-amz-acl", "private"),
        ("s3:ExistingObjectTag/public", "yes"),
        ("s3:authType", "REST-HEADER"),
        ("s3:AccessPointNetworkOrigin", "VPC"),
        ("aws:NoSuchKey", "value"),
    ],
)
def test_a_key_that_is_not_listed_never_limits(key, value):
    assert judged(allow(condition={"StringEquals": {key: value}})).public


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "true"}},
        {"NumericGreaterThan": {"s3:TlsVersion": 1.1}},
        {"DateLessThan": {"aws:CurrentTime": "2031-01-01T00:00:00Z"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.1.0.0/16"}},
        {"StringNotEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"StringNotLike": {"aws:PrincipalOrgID": "o-abcde12345"}},
        {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/app"}},
        {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"IpAddressIfExists": {"aws:SourceIp": "192.0.2.0/24"}},
        {"ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"ForAnyValue:StringEqualsIfExists": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"Null": {"aws:PrincipalOrgID": "false"}},
        {"StringEquals": {"aws:SourceIp": "home"}},
        {"StringEquals": {"a" * 9999: "vpc-1"}},
        {"StringEquals": {}},
        {},
    ],
)
def test_an_operator_that_a_stranger_can_pass_never_limits(condition):
    assert judged(allow(condition=condition)).public


@pytest.mark.parametrize(
    "condition",
    [
        {"ForAnyValue:StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/app"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{OWNER}:topic"}},
        {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}},
        {"StringEquals": {"aws:Referer": "x", "aws:SourceVpc": "vpc-1"}},
        {"StringNotEquals": {"aws:SourceVpc": "vpc-2"}, "StringEquals": {"aws:SourceVpce": "v"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-1", "AWS:sourcevpc": "vpc-2"}},
    ],
)
def test_one_limit_among_anded_conditions_is_enough(condition):
    assert not judged(allow(condition=condition)).public


def test_one_key_in_two_cases_counts_as_alternatives():
    condition = {"StringLike": {"aws:SourceVpc": "vpc-1", "AWS:SourceVpc": "vpc-*"}}
    assert judged(allow(condition=condition)).public


@pytest.mark.parametrize(
    ("ranges", "public"),
    [
        ("203.0.113.7", False),
        ("203.0.113.9/24", False),
        ("52.0.0.0/8", False),
        ("52.0.0.0/7", True),
        ("0.0.0.0/0", True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["192.0.2.0/24", "0.0.0.0/0"], True),
        ("10.0.0.0/8", False),
        ("10.0.0.0/7", True),
        (["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "52.0.0.0/8"], False),
        (["52.0.0.0/8", "52.10.0.0/16", "52.0.0.0/8"], False),
        (["52.0.0.0/8", "53.0.0.0/32"], True),
        ("2001:db8::/32", False),
        ("2001:db8::/31", True),
        (["2001:db8::/32", "2001:db9::/32"], False),
        ("::/0", True),
        ("fd00::/8", True),
        ("fd00:1234::/32", False),
        ("::ffff:203.0.113.0/120", False),
        ("::ffff:0:0/96", True),
        ("::ffff:10.0.0.0/104", False),
        ("::ffff:8.0.0.0/102", True),
    ],
)
def test_ip_ranges_limit_up_to_slash_8_and_slash_32(ranges, public):
    condition = {"IpAddress": {"aws:SourceIp": ranges}}
    assert judged(allow(condition=condition)).public is public


@pytest.mark.parametrize(
    ("option", "principal", "condition"),
    [
        ("web_identity_pins", {"Federated": "accounts.google.com"}, None),
        (
            "kms_key_id_pins",
            "*",
            {"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "key"}},
        ),
        (
            "principal_org_paths_pin",
            "*",
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcde12345/*"}},
        ),
        ("source_org_pins", "*", {"StringEquals": {"aws:SourceOrgID": "o-abcde12345"}}),
        ("source_org_pins", "*", {"StringEquals": {"aws:SourceOrgPaths": "o-abcde12345/r-1/"}}),
        ("service_name_pins", "*", {"StringEquals": {"aws:PrincipalServiceName": "a.b"}}),
        ("service_name_pins", "*", {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
        ("vpce_owner_pins", "*", {"StringEquals": {"aws:VpceOrgID": "o-abcde12345"}}),
        ("vpce_owner_pins", "*", {"StringEquals": {"aws:VpceAccount": OTHER}}),
        ("role_session_pins", "*", {"StringEquals": {"aws:userid": "AROAEXAMPLE:session"}}),
        (
            "fixed_account_arn_pins",
            "*",
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/app-*"}},
        ),
        (
            "access_point_any_region_pins",
            "*",
            {"StringLike": {"s3:DataAccessPointArn": f"arn:aws:s3:*:{OTHER}:accesspoint/a"}},
        ),
        ("operator_in_any_case_pins", "*", {"stringequals": {"aws:SourceVpc": "vpc-1"}}),
        ("mistyped_operator_pins", "*", {"NumericEquals": {"aws:SourceAccount": OTHER}}),
        ("mistyped_operator_pins", "*", {"ArnEquals": {"aws:SourceVpc": "vpc-1"}}),
        ("empty_value_list_pins", "*", {"StringEquals": {"aws:SourceVpc": []}}),
        ("unique_local_ipv6_pins", "*", {"IpAddress": {"aws:SourceIp": "fd00::/8"}}),
        (
            "large_address_total_pins",
            "*",
            {"IpAddress": {"aws:SourceIp": ["52.0.0.0/8", "54.0.0.0/8"]}},
        ),
        (
            "presence_guard_pins",
            "*",
            {
                "Null": {"aws:SourceVpc": "false"},
                "StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"},
            },
        ),
    ],
)
def test_a_contested_reading_is_public_unless_its_option_is_on(option, principal, condition):
    statement = allow(principal, condition)
    default = judged(statement)
    assert default.public
    assert default.statements[0].open_to == {option}
    assert any("safer reading" in reason for reason in default.reasons)
    chosen = judged(statement, **{option: True})
    assert not chosen.public
    assert chosen.cross_account


def test_variables_are_text_in_an_old_version_only_and_only_where_chosen():
    statement = allow(condition={"StringEquals": {"aws:SourceVpc": "${aws:SourceVpc}"}})
    chosen = Options(old_version_variables_are_text=True)
    old = policy(statement, version="2008-10-17")
    unversioned = {"Statement": [statement]}
    assert judge(old, OWNER).public
    assert not judge(old, OWNER, options=chosen).public
    assert not judge(unversioned, OWNER, options=chosen).public
    assert judge(policy(statement), OWNER, options=chosen).public


def test_an_organization_path_without_a_fixed_organization_is_public_under_any_option():
    condition = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}
    assert judged(allow(condition=condition), principal_org_paths_pin=True).public


def test_one_public_statement_makes_the_policy_public_and_is_the_only_one_named():
    trail = allow({"Service": "cloudtrail.amazonaws.com"}, Action="s3:PutObject")
    share = allow({"AWS": f"arn:aws:iam::{OTHER}:root"})
    judgement = judged(trail, share, allow())
    assert judgement.public_statements == (2,)
    assert judgement.foreign_statements == (1, 2)
    assert judgement.accounts == (OTHER,)


def test_the_callers_document_is_left_as_it_was():
    document = policy(
        allow(Condition={"StringEquals": {"AWS:SourceVpc": ["vpc-1"], "aws:sourcevpc": "vpc-2"}}),
        {**allow(), "NotAction": "s3:PutObject"} | {"Effect": "Deny"},
    )
    del document["Statement"][1]["Action"]
    before = json.dumps(document)
    assert judge(document, OWNER).valid
    assert json.dumps(document) == before
