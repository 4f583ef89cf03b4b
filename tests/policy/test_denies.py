"""Which Denies neutralise a public statement, and which only look as if they did."""

import pytest

from bucketward.policy import Options, judge

OWNER = "111122223333"
BUCKET_ARN = "arn:aws:s3:::ledger"
WHOLE = [BUCKET_ARN, f"{BUCKET_ARN}/*"]


def statement(effect, condition=None, **elements):
    found = {"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": WHOLE, **elements}
    return found if condition is None else {**found, "Condition": condition}


PUBLIC = statement("Allow", Action="s3:GetObject", Resource=f"{BUCKET_ARN}/*")


def judged(*statements, **options):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    judgement = judge(document, OWNER, options=Options(**options))
    assert judgement.valid, judgement.reasons
    return judgement


@pytest.mark.parametrize(
    "denies",
    [
        [statement("Deny")],
        [statement("Deny", Action="*", Resource="*")],
        [statement("Deny", Action="s3:Get*", Resource=f"{BUCKET_ARN}/*")],
        [statement("Deny", Principal={"AWS": "*"}, Action="S3:GETOBJECT")],
    ],
)
def test_an_unconditional_deny_that_covers_leaves_nothing(denies):
    judgement = judged(PUBLIC, *denies)
    assert not judgement.public
    assert not judgement.public_read
    assert not judgement.cross_account
    assert judgement.statements[0].covered_by == (1,)
    assert "grants nothing because a Deny covers it (statement 2)" in judgement.reasons[0]
    assert judged(PUBLIC, *denies, subtract_denies=False).public


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcde12345"}},
        {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app"}},
        {"ForAllValues:StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    ],
)
def test_a_deny_unless_fixed_values_limits_like_a_condition(condition):
    judgement = judged(PUBLIC, statement("Deny", condition))
    assert not judgement.public
    assert judgement.cross_account
    assert judged(PUBLIC, statement("Deny", condition), subtract_denies=False).public


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}},
        {"Principal": {"AWS": "arn:aws:iam::444455556666:root"}},
    ],
)
def test_an_unconditional_deny_leaves_nothing_to_those_who_are_named(changes):
    judgement = judged({**PUBLIC, **changes}, statement("Deny"))
    assert not judgement.cross_account
    assert judgement.accounts == ()
    unless = statement("Deny", {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}})
    assert judged({**PUBLIC, **changes}, unless).accounts == ("444455556666",)


def test_a_deny_unless_the_owners_account_leaves_no_other():
    condition = {"StringNotEquals": {"aws:PrincipalAccount": OWNER}}
    judgement = judged(PUBLIC, statement("Deny", condition))
    assert not judgement.public
    assert not judgement.cross_account


@pytest.mark.parametrize(
    "deny",
    [
        statement("Deny", Resource=f"{BUCKET_ARN}/private/*"),
        statement("Deny", Resource=BUCKET_ARN),
        statement("Deny", Action="s3:Put*"),
        statement("Deny", Principal={"AWS": "arn:aws:iam::444455556666:root"}),
        statement("Deny", {"Bool": {"aws:SecureTransport": "false"}}),
        statement("Deny", {"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
        statement("Deny", {"StringNotEquals": {"aws:Referer": "https://example.com"}}),
        statement("Deny", {"StringNotLike": {"aws:SourceVpc": "vpc-*"}}),
        statement("Deny", {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        statement("Deny", {"ForAnyValue:StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
        statement("Deny", {"Null": {"aws:PrincipalOrgID": "true"}}),
        statement(
            "Deny", {"StringNotEquals": {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1"}}
        ),
    ],
)
def test_a_deny_that_leaves_strangers_in_changes_nothing(deny):
    judgement = judged(PUBLIC, deny)
    assert judgement.public
    assert judgement.public_read


def test_a_denied_resource_with_a_variable_covers_only_the_same():
    own = {**PUBLIC, "Resource": f"{BUCKET_ARN}/${{aws:username}}"}
    one_star = statement("Deny", Resource=f"{BUCKET_ARN}/${{*}}")
    assert judged(own, one_star).public
    assert not judged(own, statement("Deny", Resource=own["Resource"])).public


@pytest.mark.parametrize("denied", ["$*", "$?aws:username, 'secret'?", "*'?"])
def test_a_deny_that_covers_the_name_of_a_variable_does_not_cover_its_value(denied):
    own = {**PUBLIC, "Resource": f"{BUCKET_ARN}/${{aws:username, 'secret'}}"}
    assert judged(own, statement("Deny", Resource=f"{BUCKET_ARN}/{denied}")).public
    assert not judged(own, statement("Deny", Resource=f"{BUCKET_ARN}/*")).public


@pytest.mark.parametrize("negated", ["NotPrincipal", "NotAction", "NotResource"])
def test_a_deny_with_a_negated_element_is_not_subtracted(negated):
    deny = statement("Deny", Principal={"AWS": OWNER}, Action="s3:PutObject", Resource="arn:x")
    plain = negated.removeprefix("Not")
    deny = {**statement("Deny"), negated: deny[plain]}
    del deny[plain]
    assert judged(PUBLIC, deny).public


def test_bucket_and_objects_may_be_denied_by_two_statements():
    everything = statement("Allow", Resource="*")
    on_bucket = statement("Deny", Resource=BUCKET_ARN)
    on_objects = statement("Deny", Resource=f"{BUCKET_ARN}/*")
    assert judged(everything, on_bucket).public
    assert judged(everything, on_objects).public
    assert not judged(on_bucket, everything, on_objects).public


def test_an_access_point_resource_needs_a_deny_of_its_own():
    arn = f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/a/object/*"
    assert judged(statement("Allow", Resource=arn), statement("Deny")).public
    assert not judged(statement("Allow", Resource=arn), statement("Deny", Resource="*")).public


def test_each_action_of_a_list_must_be_denied():
    two = {**PUBLIC, "Action": ["s3:GetObject", "s3:GetObjectVersion"]}
    one_denied = judged(two, statement("Deny", Action="s3:GetObject"))
    assert one_denied.public
    both = [statement("Deny", Action=action) for action in two["Action"]]
    assert not judged(two, *both).public
    assert judged({**PUBLIC, "Action": "s3:Get*"}, *both).public


def test_denied_actions_are_taken_from_what_is_granted():
    foreign = statement("Allow", Principal={"AWS": "arn:aws:iam::444455556666:root"})
    names = ["PutBucketAcl", "PutBucketPolicy", "DeleteBucketPolicy", "PutEncryptionConfiguration"]
    on_bucket = statement("Deny", Action=[f"s3:{n}" for n in names], Resource=BUCKET_ARN)
    on_objects = statement("Deny", Action="s3:PutObject*Acl", Resource=f"{BUCKET_ARN}/*")
    assert judged(foreign, on_bucket).allows_acl_modification
    judgement = judged(foreign, on_bucket, on_objects)
    assert not judgement.allows_acl_modification
    assert judgement.cross_account
    writes = judged(
        statement("Allow", Action=["s3:PutObject", "s3:GetObject"]),
        statement("Deny", Action="s3:Put*"),
    )
    assert writes.public_read
    assert not writes.public_write


def test_a_flood_of_denies_is_not_subtracted_rather_than_slow():
    flood = [
        statement("Deny", Action=f"s3:Get{n}", Resource=f"{BUCKET_ARN}/{n}") for n in range(300)
    ]
    allows = [{**PUBLIC, "Resource": f"{BUCKET_ARN}/{n}"} for n in range(300)]
    assert not judged(PUBLIC, statement("Deny")).public
    assert judged(*allows, *flood, statement("Deny")).public
    wide = {
        "Action": [f"s3:Get{n}" for n in range(150)],
        "Resource": [f"{BUCKET_ARN}/{n}" for n in range(150)],
    }
    assert judged({**PUBLIC, **wide}, statement("Deny")).public
    assert judged(PUBLIC, statement("Deny", **wide)).public
