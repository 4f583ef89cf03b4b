"""The controls of policy, ACL and ownership, against requests played one by one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies_policy
from access_requests import STRANGERS, Request, play, requests
from bucketward import ACL, OWNERSHIP, POLICY, Bucket, Compliance, Refused
from bucketward.calls import apply
from bucketward.policy.actions import MODIFIES_ACL, bits_of
from bucketward.policy_faults import TAKEOVER
from bucketward.policy_order import Written, within
from bucketward.safety import weakening
from bucketward_tools.catalogue import control
from estate import ACCOUNT, OWNER, bucket, known
from strategies_access import ORGANIZATION, OTHER_GRANTS, PARTNER, UNREADABLE, VPC, before, policies

SURGICAL = [
    "bucket_policy_public",
    "bucket_policy_acl_modification",
    "bucket_policy_trusted_accounts",
    "bucket_policy_least_privilege",
]


def passes(stem: str, policy: str | None, **parameters: str) -> bool:
    rule = control(stem).rule
    judged = bucket(policy=policy, public_access_block=None)
    verdict = rule.judge(judged, rule.parse_parameters(parameters))
    return verdict.compliance is Compliance.COMPLIANT


def played(policy: str | None, outcome: str) -> list[Request]:
    return [each for each in requests("acme-data") if play(policy, each) == outcome]


def is_stranger(request: Request) -> bool:
    return (request.who, request.account) in STRANGERS


@given(policies)
def test_where_a_policy_is_not_public_nobody_unknown_is_let_in_from_anywhere(policy):
    if passes("bucket_policy_public", policy):
        anywhere = [
            each for each in played(policy, "allowed") if "aws:sourcevpc" not in each.context
        ]
        assert not [each for each in anywhere if not each.who]


@given(policies)
def test_where_accounts_are_trusted_no_other_is_let_in(policy):
    if passes("bucket_policy_trusted_accounts", policy, trustedOrganizations=ORGANIZATION):
        allowed = [each for each in played(policy, "allowed") if is_stranger(each)]
        assert {each.account for each in allowed} <= {PARTNER}


@given(policies)
def test_where_takeover_is_excluded_no_stranger_may_change_policy_or_acl(policy):
    if passes("bucket_policy_acl_modification", policy):
        allowed = [each for each in played(policy, "allowed") if is_stranger(each)]
        assert not [each for each in allowed if each.action[3:] in TAKEOVER]


@given(policies)
def test_where_transport_is_secure_every_plaintext_request_is_denied(policy):
    if passes("bucket_secure_transport", policy, minimumTlsVersion="1.2"):
        plain = [
            each
            for each in requests("acme-data")
            if each.context["aws:securetransport"] == "false"
            or each.context["s3:tlsversion"] == "1.1"
        ]
        assert {play(policy, each) for each in plain} == {"denied"}


@given(policies)
def test_where_a_bucket_is_for_a_vpc_objects_are_denied_to_all_others(policy):
    given_, original = {"requiredBuckets": "acme-*", "vpcIds": VPC}, policy
    if not passes("bucket_vpc_only", policy, **given_):
        remediation = control("bucket_vpc_only").remediation
        try:
            calls = remediation.planned(
                bucket(policy=policy, public_access_block=None),
                known(remediation.parse_parameters(given_)),
            )
        except Refused:
            return
        policy = calls[0].document
    outside = [
        each
        for each in requests("acme-data")
        if "aws:sourcevpc" not in each.context
        and each.account != "service"
        and (each.resource.endswith("/key") or each.action == "s3:ListBucket")
    ]
    assert {play(policy, each) for each in outside} == {"denied"}
    inside = [each for each in requests("acme-data") if each.context.get("aws:sourcevpc") == VPC]
    assert [play(policy, each) for each in inside] == [play(original, each) for each in inside]


@pytest.mark.parametrize("stem", SURGICAL)
@given(data=st.data())
def test_a_statement_that_does_not_offend_stays_as_it_is(stem, data):
    remediation = control(stem).remediation
    now = bucket(policy=data.draw(policies), public_access_block=None)
    earlier = data.draw(st.none() | before(now))
    if earlier and not remediation.content_with(earlier):
        earlier = None
    try:
        after = apply(remediation.planned(now, known(remediation.parameters(), earlier)), now)
    except Refused:
        return
    kept = statements(after)
    for statement in statements(now):
        if passes(stem, json.dumps({"Version": "2012-10-17", "Statement": [statement]})):
            assert statement in kept


def statements(judged: Bucket) -> list[dict]:
    found = json.loads(judged[POLICY])["Statement"] if judged[POLICY] else []
    return [found] if isinstance(found, dict) else found


@given(policies, policies)
def test_what_is_not_weaker_lets_no_stranger_do_more_and_denies_no_less(policy, other):
    now, then = bucket(policy=policy), bucket(policy=other)
    if weakening(now, then, [POLICY]) or {policy, other} & {UNREADABLE}:
        return
    for request in requests("acme-data"):
        was, will = play(policy, request), play(other, request)
        assert was != "denied" or will == "denied"
        assert not is_stranger(request) or will != "allowed" or was == "allowed"


@given(strategies_policy.POLICIES, strategies_policy.statements(effects=("Deny",)), st.data())
def test_one_more_deny_or_one_allow_less_is_never_weaker(policy, deny, data):
    """Else a remediation would refuse for nothing: to add its Deny, or to cut an Allow out."""
    now = bucket(policy=policy)
    stricter = {**policy, "Statement": [*policy["Statement"], deny]}
    assert weakening(now, bucket(policy=stricter), [POLICY]) is None
    allows = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    if len(policy["Statement"]) > 1 and allows:
        cut = data.draw(st.sampled_from(allows))
        left = [each for each in policy["Statement"] if each is not cut]
        assert weakening(now, bucket(policy={**policy, "Statement": left}), [POLICY]) is None


def written(**differs) -> Written:
    plain = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:Get*", "Resource": "*"}
    return Written.of({**plain, **differs}, 0)


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ({}, {}, True),
        ({"Action": "s3:GetObject"}, {}, True),
        ({}, {"Action": "s3:GetObject"}, False),
        ({}, {"Principal": "*"}, True),
        ({"Principal": "*"}, {}, False),
        ({"Principal": {"AWS": [ACCOUNT, PARTNER]}}, {"Principal": {"AWS": ACCOUNT}}, False),
        ({"Resource": "arn:aws:s3:::b/*"}, {"Resource": "arn:aws:s3:::b*"}, True),
        ({"Resource": "arn:aws:s3:::b*"}, {"Resource": "arn:aws:s3:::b/*"}, False),
        ({"Resource": "arn:aws:s3:::b/${aws:userid}"}, {"Resource": "arn:aws:s3:::b/${*}"}, False),
        ({"Resource": "arn:aws:s3:::b/${aws:userid}"}, {"Resource": "arn:aws:s3:::b/*"}, True),
        ({"Resource": "arn:aws:s3:::b/${aws:userid}"}, {"Resource": "arn:aws:s3:::b/$*"}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, {}, True),
        ({}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}},
            {"Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}},
            True,
        ),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}},
            {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}},
            False,
        ),
        (
            {"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}},
            {"Condition": {"StringNotEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}},
            False,
        ),
        (
            {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
            {"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.3}}},
            True,
        ),
        (
            {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.3"}}},
            {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
            False,
        ),
    ],
)
def test_one_statement_is_within_another(inner, outer, expected):
    assert within(written(**inner), written(**outer)) is expected


def negated(**differs) -> Written:
    raw = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ACCOUNT},
        "NotAction": "s3:Get*",
        "Resource": "*",
    }
    return Written.of({**raw, **differs}, 0)


def test_negated_elements_compare_only_with_themselves():
    everything = written(Principal="*", Action="*")
    assert within(negated(), negated())
    assert within(negated(), everything)
    assert not within(everything, negated())
    assert not within(negated(NotAction="s3:Put*"), negated())
    assert not within(negated(), written(Action="*"))


def test_the_actions_that_take_a_bucket_over_are_all_named():
    assert sum(bits_of("s3:" + name.lower()) for name in TAKEOVER) == MODIFIES_ACL


ELEMENTS = st.sampled_from(
    [
        *("Statement", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"),
        *("AWS", "Condition", "StringEquals", "aws:SourceVpc", "Sid", "Version", "Null", "*"),
    ]
)
_VALUES = st.sampled_from(
    ["*", "Allow", "Deny", "s3:*", "\ud800", "\u202e", "x" * 3000, 10**20, 1.5]
)
POLICY_LIKE = st.lists(
    st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Deny"]),
            "Principal": st.just("*") | st.fixed_dictionaries({"AWS": _VALUES | st.lists(_VALUES)}),
            "Action": st.just("s3:*") | _VALUES | st.lists(_VALUES),
            "Resource": st.just("*") | _VALUES,
        },
        optional={
            "Sid": st.text() | _VALUES,
            "Condition": st.dictionaries(ELEMENTS, st.dictionaries(ELEMENTS, _VALUES)),
        },
    ),
    min_size=1,
    max_size=3,
).map(lambda made: json.dumps({"Version": "2012-10-17", "Statement": made}))
OWN = [
    pytest.param(control(stem), id=stem)
    for stem in (*SURGICAL, "bucket_secure_transport", "bucket_vpc_only")
]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(ELEMENTS, each, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("own", OWN)
@given(text=st.text() | JSON.map(json.dumps) | POLICY_LIKE)
def test_whatever_the_policy_is_the_rule_answers_and_the_plan_plans_or_refuses(own, text):
    given_ = {"requiredBuckets": "*"} if own.stem == "bucket_vpc_only" else {}
    judged = bucket(policy=text, public_access_block=None)
    verdict = own.rule.judge(judged, own.rule.parse_parameters(given_))
    assert verdict.annotation.isprintable()
    try:
        calls = own.remediation.planned(judged, known(own.remediation.parse_parameters(given_)))
    except Refused:
        calls = ["refused"]
    assert bool(calls) == (verdict.compliance is Compliance.NON_COMPLIANT)


def test_a_policy_that_would_grow_beyond_s3s_limit_is_not_written():
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject"}
    resources = [f"arn:aws:s3:::acme-data/{number:04}/*" for number in range(660)]
    large = json.dumps(
        {"Version": "2012-10-17", "Statement": [{**statement, "Resource": resources}]}
    )
    remediation = control("bucket_secure_transport").remediation
    with pytest.raises(Refused, match="larger than 20 KB"):
        remediation.planned(bucket(policy=large))
    smaller = large.replace("acme-data", "a")  # the same statements, a shorter text
    assert remediation.planned(bucket(policy=smaller))


@pytest.mark.parametrize(
    ("version", "resource", "expected"),
    [
        ("2012-10-17", "arn:aws:s3:::acme-data/${aws:userid}/*", None),
        ("2008-10-17", "arn:aws:s3:::acme-data/*", None),
        (
            "2008-10-17",
            "arn:aws:s3:::acme-data/${aws:userid}/*",
            "policy variables would be read differently",
        ),
    ],
)
def test_a_policy_variable_is_not_turned_into_plain_text(version, resource, expected):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resource}
    allow = {**deny, "Effect": "Allow", "Principal": {"AWS": ACCOUNT}}
    now = {"Version": "2012-10-17", "Statement": [deny, allow]}
    then = {"Version": version, "Statement": [deny]}
    assert weakening(bucket(policy=now), bucket(policy=then), [POLICY]) == expected


OWNER_GRANT = {"Grantee": {"Type": "CanonicalUser", **OWNER}, "Permission": "READ"}


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ([], None),
        ([OWNER_GRANT], None),
        (OTHER_GRANTS[:1], None),
        (OTHER_GRANTS[:2], "the ACL would give READ_ACP to AuthenticatedUsers"),
    ],
)
def test_an_acl_may_lose_grants_and_gain_only_its_owners(grants, expected):
    now = bucket(acl={"Owner": OWNER, "Grants": OTHER_GRANTS[:1]})
    assert weakening(now, bucket(acl={"Owner": OWNER, "Grants": grants}), [ACL]) == expected


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (None, "BucketOwnerPreferred", None),
        ("ObjectWriter", None, None),
        ("BucketOwnerPreferred", "BucketOwnerEnforced", None),
        (
            "BucketOwnerEnforced",
            "BucketOwnerPreferred",
            "object ownership would go from BucketOwnerEnforced to BucketOwnerPreferred",
        ),
        (
            "BucketOwnerPreferred",
            None,
            "object ownership would go from BucketOwnerPreferred to none",
        ),
        (
            "OwnerDecides",
            "BucketOwnerEnforced",
            "how safe the object ownership OwnerDecides is cannot be told, so it is not replaced",
        ),
    ],
)
def test_object_ownership_never_goes_back_to_acls(now, then, expected):
    before_, after = (
        bucket(ownership=each and {"Rules": [{"ObjectOwnership": each}]}) for each in (now, then)
    )
    assert weakening(before_, after, [OWNERSHIP]) == expected
