"""What a policy demands of each request: TLS, a TLS version, KMS keys."""

import pytest

from bucketward.policy import deny_plaintext, deny_tls_below, judge

BUCKET_ARN = "arn:aws:s3:::ledger"
OBJECTS_ARN = f"{BUCKET_ARN}/*"
PLAINTEXT = {"Bool": {"aws:SecureTransport": "false"}}


def deny(condition=None, **elements):
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET_ARN, OBJECTS_ARN],
        "Condition": PLAINTEXT if condition is None else condition,
        **elements,
    }


def judged(*statements, bucket="ledger"):
    judgement = judge({"Version": "2012-10-17", "Statement": list(statements)}, "1" * 12, bucket)
    assert judgement.valid, judgement.reasons
    assert not judgement.public
    return judgement


@pytest.mark.parametrize("bucket", ["ledger", None])
@pytest.mark.parametrize(
    "statements",
    [
        [deny()],
        [deny({"BoolIfExists": {"AWS:securetransport": ["false"]}})],
        [deny({"Bool": {"aws:SecureTransport": False}})],
        [deny(Principal={"AWS": "*"})],
        [deny(Principal={"AWS": ["*"]})],
        [deny(Action="*")],
        [deny(Action=["s3:GetObject", "s3:**"])],
        [deny(Resource="*")],
        [deny(Resource=["arn:aws:s3:::*"])],
        [deny(Resource=f"{BUCKET_ARN}*")],
        [deny(Resource=["arn:aws-cn:s3:::ledger", "arn:aws-cn:s3:::ledger/*"])],
        [deny(Resource=["arn:*:s3:::ledger", "arn:*:s3:::ledger/?*"])],
        [deny(Resource=BUCKET_ARN), deny(Resource=OBJECTS_ARN)],
        [deny(Resource=BUCKET_ARN), deny({"BoolIfExists": PLAINTEXT["Bool"]}, Resource="*")],
        [deny_plaintext(BUCKET_ARN)],
    ],
)
def test_plaintext_denied_on_bucket_and_objects_is_tls_enforced(statements, bucket):
    assert judged(*statements, bucket=bucket).tls_enforced


@pytest.mark.parametrize("bucket", ["ledger", None])
@pytest.mark.parametrize(
    "statement",
    [
        deny(Resource=BUCKET_ARN),
        deny(Resource=OBJECTS_ARN),
        deny(Resource=[BUCKET_ARN, f"{BUCKET_ARN}/private/*"]),
        deny(Resource=[BUCKET_ARN, "arn:aws:s3:::other/*"]),
        deny(Action="s3:Get*"),
        deny(Action=["s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"]),
        deny(Principal={"AWS": "arn:aws:iam::444455556666:root"}),
        deny(Principal={"Service": "*"}),
        deny({"Bool": {"aws:SecureTransport": "true"}}),
        deny({"Bool": {"aws:SecureTransport": ["false", "true"]}}),
        deny({"Bool": {"aws:SecureTransport": []}}),
        deny({"StringEquals": {"aws:SecureTransport": "false"}}),
        deny({"ForAnyValue:Bool": {"aws:SecureTransport": "false"}}),
        deny({"Bool": {"aws:ViaAWSService": "false"}}),
        deny({**PLAINTEXT, "StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        deny({"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}),
        deny({}),
        {
            **deny(),
            "Effect": "Allow",
            "Principal": {"AWS": "1" * 12},
        },
    ],
)
def test_a_narrower_deny_leaves_a_plaintext_path(statement, bucket):
    assert not judged(statement, bucket=bucket).tls_enforced


@pytest.mark.parametrize("negated", ["NotPrincipal", "NotAction", "NotResource"])
def test_a_negated_element_is_not_taken_as_everything(negated):
    statement = deny()
    statement[negated] = statement.pop(negated.removeprefix("Not"))
    assert not judged(statement).tls_enforced


def test_a_deny_on_another_bucket_enforces_nothing_here():
    other = deny(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])
    assert not judged(other).tls_enforced
    assert judged(other, bucket="other").tls_enforced


def test_without_a_bucket_name_each_bucket_that_the_policy_names_must_be_covered():
    own = {"AWS": "1" * 12}
    allow = {"Effect": "Allow", "Principal": own, "Action": "s3:*", "Resource": OBJECTS_ARN}
    other = deny(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])
    assert not judged(allow, other, bucket=None).tls_enforced
    assert judged(allow, other, deny(), bucket=None).tls_enforced
    many = [{**allow, "Resource": f"arn:aws:s3:::b{number}"} for number in range(9)]
    assert not judged(*many, deny(), bucket=None).tls_enforced
    assert judged(*many, deny(Resource="*"), bucket=None).tls_enforced


@pytest.mark.parametrize(
    ("condition", "version"),
    [
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, "1.2"),
        ({"NumericLessThan": {"s3:TlsVersion": 1.3}}, "1.3"),
        ({"NumericLessThanIfExists": {"S3:tlsversion": ["1.1", "1.2"]}}, "1.2"),
        ({"NumericLessThanEquals": {"s3:TlsVersion": "1.1"}}, "1.2"),
        ({"NumericLessThan": {"s3:TlsVersion": "1.15"}}, "1.2"),
        ({"NumericLessThan": {"s3:TlsVersion": "1.0"}}, None),
        ({"NumericLessThan": {"s3:TlsVersion": "new"}}, None),
        ({"NumericLessThan": {"s3:TlsVersion": []}}, None),
        ({"NumericGreaterThan": {"s3:TlsVersion": "1.2"}}, None),
        ({"NumericLessThan": {"s3:max-keys": "1.2"}}, None),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2", "s3:max-keys": "5"}}, None),
    ],
)
def test_the_minimum_tls_version_is_what_the_deny_lets_pass(condition, version):
    judgement = judged(deny(condition))
    assert judgement.min_tls == version
    assert not judgement.tls_enforced


def test_the_minimum_tls_version_is_the_weaker_of_bucket_and_objects():
    strict = deny_tls_below(BUCKET_ARN, "1.3")
    assert judged(strict).min_tls == "1.3"
    assert judged({**strict, "Resource": BUCKET_ARN}).min_tls is None
    both = [{**strict, "Resource": BUCKET_ARN}, deny_tls_below(BUCKET_ARN, "1.2")]
    assert judged(*both).min_tls == "1.2"
    assert judged(strict, deny_tls_below(BUCKET_ARN, "1.2")).min_tls == "1.3"


HEADER = "s3:x-amz-server-side-encryption"
KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"


@pytest.mark.parametrize(
    ("conditions", "only"),
    [
        ([{"StringNotEquals": {HEADER: "aws:kms"}}], True),
        ([{"StringNotEqualsIfExists": {HEADER: ["aws:kms", "aws:kms:dsse"]}}], True),
        ([{"StringNotEquals": {HEADER: ["aws:kms", "AES256"]}}], False),
        ([{"Null": {KEY: "true"}}], True),
        ([{"ArnNotEquals": {KEY: "arn:aws:kms:eu-west-1:111122223333:key/1"}}], True),
        ([{"StringNotLike": {KEY: "arn:aws:kms:*:111122223333:key/*"}}], True),
        ([{"StringNotLike": {KEY: "*"}}], False),
        ([{"StringEquals": {HEADER: "AES256"}}], False),
        ([{"Null": {HEADER: "true"}}], False),
        ([{"Null": {HEADER: "true"}}, {"StringEquals": {HEADER: "AES256"}}], True),
        ([{"Null": {HEADER: "false"}}], False),
        ([{"StringNotEquals": {HEADER: "aws:kms", "aws:SourceVpc": "vpc-1"}}], False),
    ],
)
def test_kms_only_puts_needs_every_other_put_denied(conditions, only):
    denies = [deny(c, Action="s3:PutObject", Resource=OBJECTS_ARN) for c in conditions]
    assert judged(*denies).kms_only_puts is only
    elsewhere = [{**d, "Resource": f"{BUCKET_ARN}/in/*"} for d in denies]
    assert not judged(*elsewhere).kms_only_puts
    reads = [{**d, "Action": "s3:GetObject"} for d in denies]
    assert not judged(*reads).kms_only_puts
