"""Which documents are no policy at all: INVALID is a verdict of its own, and never a pass."""

import json

import pytest

from bucketward.policy import judge

GOOD = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::ledger/*",
}


def statement(**changes):
    changed = {**GOOD, **changes}
    return {name: value for name, value in changed.items() if value is not ...}


def document(*statements, **elements):
    return {"Version": "2012-10-17", "Statement": list(statements), **elements}


def test_the_fixture_itself_is_valid_and_private():
    judgement = judge(document(GOOD), "111122223333")
    assert judgement.valid
    assert not judgement.public
    assert not judgement.cross_account


@pytest.mark.parametrize(
    "broken",
    [
        None,
        True,
        7,
        [],
        {},
        "",
        "{",
        "null",
        b"\xff\xfe",
        "\ufeff" + json.dumps(document(GOOD)),
        json.dumps(document(GOOD)).encode("utf-8-sig"),
        json.dumps(document(GOOD)).encode("utf-16"),
        json.dumps(document(GOOD)) + "x",
        '{"Statement": [' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"Version":' + "9" * 5000 + "}",
        '{"Version":NaN}',
        '{"Statement":[],"Statement":[]}',
        json.dumps(document(GOOD)).replace('"Effect": "Allow"', '"Effect":"Deny","Effect":"Allow"'),
        {"Statement": GOOD, "statement": GOOD},
        {"version": "2012-10-17", "statement": [GOOD]},
        document(GOOD, Version="2012-10-18"),
        document(GOOD, Version=None),
        document(GOOD, Version=[]),
        document(GOOD, Id=7),
        document(),
        {"Statement": "text"},
        document([GOOD]),
        document("text"),
        document(GOOD, {}),
        document(statement(Effect="allow")),
        document(statement(Effect=...)),
        document(statement(Effect=["Allow"])),
        document(statement(Sid=7)),
        document(statement(Extra="x")),
        document(statement(principal="*")),
        document(statement(Principal=...)),
        document(statement(Principal={})),
        document(statement(Principal=[])),
        document(statement(Principal="")),
        document(statement(Principal=None)),
        document(statement(Principal="arn:aws:iam::111122223333:root")),
        document(statement(Principal={"AWS": []})),
        document(statement(Principal={"AWS": ""})),
        document(statement(Principal={"AWS": None})),
        document(statement(Principal={"AWS": True})),
        document(statement(Principal={"AWS": [["*"]]})),
        document(statement(Principal={"AWS": [{"a": "b"}]})),
        document(statement(Principal={"AWS": ["a" * 999, {"x": 1}]})),
        document(statement(Principal={"AWS": ["a" * 999, ["*"]]})),
        document(statement(Principal={"Service": 111122223333})),
        document(statement(Action=["s3:" + "a" * 999, {"x": 1}])),
        document(statement(Resource=["a" * 999, ["*"]])),
        document(statement(Condition={"StringEquals": {"aws:SourceVpc": ["a" * 999, ["b"]]}})),
        document(statement(Principal={"aws": "111122223333"})),
        document(statement(Principal={"*": "*"})),
        document(statement(NotPrincipal="*")),
        document(statement(Action=...)),
        document(statement(Action=[])),
        document(statement(Action="")),
        document(statement(Action=None)),
        document(statement(Action={"s3:GetObject": 1})),
        document(statement(Action=["s3:GetObject", 7])),
        document(statement(Action=[["s3:GetObject"]])),
        document(statement(Action="GetObject")),
        document(statement(NotAction="s3:GetObject")),
        document(statement(Resource=...)),
        document(statement(Resource=[])),
        document(statement(Resource=[""])),
        document(statement(Resource=7)),
        document(statement(NotResource="*")),
        document(statement(Condition=None)),
        document(statement(Condition=[])),
        document(statement(Condition={"StringSame": {"aws:SourceVpc": "vpc-1"}})),
        document(statement(Condition={"NullIfExists": {"aws:SourceVpc": "true"}})),
        document(statement(Condition={"ForSome:StringEquals": {"aws:SourceVpc": "vpc-1"}})),
        document(statement(Condition={"StringEquals" * 50: {"aws:SourceVpc": "vpc-1"}})),
        document(statement(Condition={"StringEquals": "aws:SourceVpc"})),
        document(statement(Condition={"StringEquals": {"aws:SourceVpc": None}})),
        document(statement(Condition={"StringEquals": {"aws:SourceVpc": {"a": "b"}}})),
        document(statement(Condition={"StringEquals": {"aws:SourceVpc": [["vpc-1"]]}})),
        document(statement(Condition={"NumericEquals": {"s3:max-keys": 10**5000}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "home"}})),
        document(statement(Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/33"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/255.0.0.0"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "010.0.0.1"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "fe80::1%eth0"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "::1/129"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "2001:db8"}})),
        document(statement(Condition={"IpAddress": {"aws:SourceIp": "*"}})),
    ],
)
def test_what_s3_would_not_store_is_invalid_and_fails_safe(broken):
    judgement = judge(broken, account="111122223333", bucket="ledger")
    assert judgement.valid is False
    assert judgement.public
    assert judgement.public_read
    assert judgement.public_write
    assert judgement.cross_account
    assert judgement.allows_acl_modification
    assert judgement.wildcard_actions
    assert judgement.tls_enforced is False
    assert judgement.min_tls is None
    assert judgement.kms_only_puts is False
    (reason,) = judgement.reasons
    assert reason.endswith(".")


@pytest.mark.parametrize(
    "fine",
    [
        {"Statement": [GOOD]},
        {"Version": "2008-10-17", "Id": "", "Statement": GOOD},
        document(statement(Sid="")),
        document(statement(Sid="twice"), statement(Sid="twice")),
        document(statement(Action=["s3:NoSuchAction"])),
        document(statement(Condition={"Bool": {"aws:SecureTransport": True}})),
        document(statement(Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}})),
        document(statement(Condition={"StringEquals": {"aws:SourceVpc": []}})),
        json.dumps(document(GOOD)),
        json.dumps(document(GOOD)).encode(),
        bytearray(json.dumps(document(GOOD)).encode()),
        " \n" + json.dumps(document(GOOD), indent=2) + "\n",
    ],
)
def test_what_s3_stores_is_valid(fine):
    judgement = judge(fine, "111122223333")
    assert judgement.valid, judgement.reasons
    assert not judgement.public


def test_the_reason_names_the_statement_at_fault():
    judgement = judge(document(GOOD, statement(Effect="allow")))
    assert judgement.reasons == ('Statement 2 has an Effect that is neither "Allow" nor "Deny".',)


def test_a_number_and_a_boolean_of_equal_value_stay_apart():
    condition = {"Bool": {"aws:SecureTransport": 0}}
    deny = statement(Effect="Deny", Principal="*", Action="s3:*", Resource="*")
    assert not judge(document({**deny, "Condition": condition})).tls_enforced
    condition["Bool"]["aws:SecureTransport"] = False
    assert judge(document({**deny, "Condition": condition})).tls_enforced
