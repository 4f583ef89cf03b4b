"""Whether a log target's policy lets S3's log delivery write."""

import pytest

from bucketward.policy import allows_service, deny_plaintext

LOGGING = "logging.s3.amazonaws.com"
SOURCE = "arn:aws:s3:::ledger"
ACCOUNT = "111122223333"
ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": LOGGING},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::logs/ledger/*",
}
SCOPED = {
    "StringEquals": {"aws:SourceAccount": ACCOUNT},
    "ArnLike": {"aws:SourceArn": SOURCE},
}


def allowed(*statements, resource="arn:aws:s3:::logs/ledger/*", **known):
    return allows_service(
        {"Version": "2012-10-17", "Statement": list(statements)},
        service=LOGGING,
        action="s3:PutObject",
        resource=resource,
        **known,
    )


def deny(condition=None, **elements):
    found = {**ALLOW, "Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::logs/*"}
    found |= elements
    return found if condition is None else {**found, "Condition": condition}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": {"Service": ["config.amazonaws.com", LOGGING]}},
        {"Principal": "*"},
        {"Action": ["s3:GetBucketAcl", "S3:put*"]},
        {"Resource": ["arn:aws:s3:::logs/*", "arn:aws:s3:::logs"]},
        {"Resource": "*"},
        {"Condition": SCOPED},
        {"Condition": {"ArnEquals": {"aws:sourcearn": "arn:aws:s3:::led*"}}},
        {"Condition": {"StringLike": {"aws:SourceArn": "arn:*:ledger"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceAccount": [ACCOUNT, "4" * 12]}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "4" * 12}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"Null": {"aws:SourceAccount": "false"}}},
        {"Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": LOGGING}}},
    ],
)
def test_an_allow_whose_conditions_hold_lets_the_service_write(changes):
    assert allowed({**ALLOW, **changes}, source_account=ACCOUNT, source_arn=SOURCE)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "config.amazonaws.com"}},
        {"Principal": {"Service": "*"}},
        {"Principal": {"AWS": ACCOUNT}},
        {"Action": "s3:GetObject"},
        {"Resource": "arn:aws:s3:::logs/other/*"},
        {"Resource": "arn:aws:s3:::logs/ledger/2026/*"},
        {"Resource": "arn:aws:s3:::logs/${aws:SourceAccount}/*"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "4" * 12}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:ledger"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}},
        {"Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": []}}},
        {"Condition": {"Null": {"aws:SourceAccount": "true"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Condition": {"NumericEquals": {"aws:SourceAccount": ACCOUNT}}},
        {"Condition": {**SCOPED, "Bool": {"aws:SecureTransport": "false"}}},
    ],
)
def test_an_allow_that_does_not_certainly_apply_grants_nothing(changes):
    assert not allowed({**ALLOW, **changes}, source_account=ACCOUNT, source_arn=SOURCE)


def test_a_condition_on_what_is_not_known_grants_nothing():
    scoped = {**ALLOW, "Condition": SCOPED}
    assert not allowed(scoped, source_account=ACCOUNT)
    assert not allowed(scoped, source_arn=SOURCE)
    owned = {**ALLOW, "Condition": {"StringEquals": {"s3:x-amz-acl": "private"}}}
    assert allowed(owned, context={"S3:x-amz-acl": "private"})


@pytest.mark.parametrize("negated", ["NotPrincipal", "NotResource"])
def test_an_allow_by_negation_does_not_count(negated):
    plain = negated.removeprefix("Not")
    changed = {**ALLOW, negated: {"AWS": ACCOUNT} if plain == "Principal" else "arn:aws:s3:::x"}
    del changed[plain]
    assert not allowed(changed)


def test_not_action_counts_unless_it_lists_the_action():
    changed = {name: value for name, value in ALLOW.items() if name != "Action"}
    assert allowed({**changed, "NotAction": "s3:GetObject"})
    assert not allowed({**changed, "NotAction": "s3:Put*"})


@pytest.mark.parametrize(
    "statement",
    [
        deny_plaintext("arn:aws:s3:::logs"),
        deny(Action="s3:DeleteObject"),
        deny(Resource="arn:aws:s3:::logs/other/*"),
        deny(Principal={"AWS": ACCOUNT}),
        deny({"Bool": {"aws:PrincipalIsAWSService": "false"}}),
        deny({"ForAllValues:StringNotEquals": {"aws:PrincipalServiceNamesList": LOGGING}}),
        deny({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}),
        deny({"ArnNotLike": {"aws:SourceArn": SOURCE}, "StringEquals": {"aws:Unknown": "x"}}),
    ],
)
def test_a_deny_that_certainly_does_not_apply_is_harmless(statement):
    assert allowed(ALLOW, statement, source_account=ACCOUNT, source_arn=SOURCE)


def test_a_deny_on_another_suffix_is_harmless():
    other = deny(Resource="arn:aws:s3:::logs/*/secret.txt")
    assert allowed(ALLOW, other, resource="arn:aws:s3:::logs/ledger/a.log")
    assert not allowed(ALLOW, other, resource="arn:aws:s3:::logs/ledger/secret.txt")


@pytest.mark.parametrize(
    "statement",
    [
        deny(),
        deny(Principal={"Service": LOGGING}),
        deny(Principal={"Service": "*"}),
        deny(Resource="*"),
        deny(Resource="arn:aws:s3:::logs/ledger/2026/*"),
        deny(Resource="arn:aws:s3:::logs/${aws:username}/*"),
        deny(Resource="arn:aws:s3:::logs/*/secret.txt"),
        deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        deny({"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        deny({"Bool": {"aws:SecureTransport": "true"}}),
        deny({"StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}}),
    ],
)
def test_a_deny_that_applies_or_may_apply_stops_the_service(statement):
    assert not allowed(ALLOW, statement, source_account=ACCOUNT, source_arn=SOURCE)
    assert not allowed(statement, ALLOW, source_account=ACCOUNT, source_arn=SOURCE)


def test_a_deny_by_negation_spares_what_it_names_alone():
    def negated(name, value):
        changed = {**deny(), name: value}
        del changed[name.removeprefix("Not")]
        return changed

    assert allowed(ALLOW, negated("NotPrincipal", {"Service": LOGGING}))
    assert not allowed(ALLOW, negated("NotPrincipal", {"AWS": ACCOUNT}))
    assert allowed(ALLOW, negated("NotAction", "s3:PutObject"))
    assert not allowed(ALLOW, negated("NotAction", "s3:GetObject"))
    assert allowed(ALLOW, negated("NotResource", "arn:aws:s3:::logs/ledger/*"))
    assert not allowed(ALLOW, negated("NotResource", "arn:aws:s3:::logs/other/*"))


@pytest.mark.parametrize("document", ["", "{}", None, {"Statement": [{"Effect": "Allow"}]}])
def test_an_invalid_document_allows_nothing(document):
    assert not allows_service(document, service=LOGGING, action="s3:PutObject", resource="*")
