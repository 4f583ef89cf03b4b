"""Policies, ACLs, object ownership and tags as S3 could return them, for the laws.

Built from few parts, so that two draws share statements: what a policy was earlier matters.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from bucketward import POLICY, Bucket
from bucketward.policy import judge
from estate import ACCOUNT, OWNER

FOREIGN, PARTNER = "999999999999", "444455556666"
ORGANIZATION = "o-exampleorg1"
VPC, ENDPOINT = "vpc-0a1b2c3d", "vpce-0a1b2c3d"
GROUPS = "http://acs.amazonaws.com/groups"
ARNS = [f"arn:aws:s3:::{name}{rest}" for name in ("acme-data", "acme-logs") for rest in ("", "/*")]

_NARROWER: dict[str, Any] = {"Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject"}

_principals = st.sampled_from(
    [
        {"Principal": "*"},
        {"Principal": {"AWS": ["*"]}},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"}},
        {"Principal": {"AWS": f"arn:aws:iam::{FOREIGN}:root"}},
        {"Principal": {"AWS": [FOREIGN, f"arn:aws:iam::{ACCOUNT}:root", PARTNER]}},
        {"Principal": {"AWS": PARTNER, "Service": "logging.s3.amazonaws.com"}},
        {"Principal": {"Service": "logging.s3.amazonaws.com"}},
        {"Principal": {"CanonicalUser": "b" * 64}},
    ]
)
_actions = st.sampled_from(
    [
        {"Action": "s3:GetObject"},
        {"Action": ["s3:GetObject", "s3:PutBucketAcl"]},
        {"Action": ["s3:Put*", "s3:GetObject", "S3:ListBucket"]},
        {"Action": "s3:PutObject"},
        {"Action": "s3:*"},
        {"NotAction": "s3:DeleteObject"},
    ]
)
_conditions = st.sampled_from(
    [
        {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        {"StringEquals": {"aws:PrincipalOrgID": [ORGANIZATION, "o-anotherorg1"]}},
        {"StringEquals": {"aws:SourceVpce": ENDPOINT}},
        {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, FOREIGN]}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ]
)
_sids = st.sampled_from(["Read", "Write", "Ops"])

allows = st.builds(
    lambda principal, action, rest: {"Effect": "Allow", **principal, **action, **rest},
    _principals | st.just({"NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}),
    _actions,
    st.fixed_dictionaries(
        {"Resource": st.sampled_from([ARNS, "*"])},
        optional={"Sid": _sids, "Condition": _conditions},
    ),
)


def _deny(sid: str, action: Any, resource: Any, condition: Any = None) -> dict[str, Any]:
    made = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    return {**made, "Condition": condition} if condition else made


denies = st.sampled_from(
    [
        _deny("BucketwardDenyPlaintext", "s3:*", ARNS, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("Tls", "s3:*", ARNS, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("Tls", "s3:*", "*", {"Bool": {"aws:SecureTransport": False}}),
        _deny("Objects", "s3:*", ARNS[1], {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("BucketwardDenyOldTls", "s3:*", ARNS, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        _deny("OldTls", "s3:*", ARNS, {"NumericLessThan": {"s3:TlsVersion": "1.3"}}),
        _deny("Vpc", "s3:*", ARNS, {"StringNotEquals": {"aws:SourceVpc": VPC}}),
        _deny("Vpc", "s3:*", ARNS, {"StringNotEquals": {"aws:SourceVpc": "vpc-0bad0bad"}}),
        _deny("Org", "s3:*", ARNS, {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}),
        _deny("Freeze", ["s3:PutBucketAcl", "s3:PutBucketPolicy"], ARNS),
        _deny("Freeze", "s3:*", ARNS),
    ]
)


@st.composite
def _policies(draw: st.DrawFn) -> str:
    statements: Any = draw(st.lists(allows | allows | denies, min_size=1, max_size=4))
    if len(statements) == 1 and draw(st.booleans()):
        statements = statements[0]
    policy = {"Version": "2012-10-17", "Statement": statements}
    return json.dumps(policy, indent=draw(st.sampled_from([None, 2])))


UNREADABLE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Who":"*"}]}'


def _form(sid: str, principal: Any, action: Any, **rest: Any) -> dict[str, Any]:
    made = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action}
    return {**made, "Resource": "*", **rest}


_forms = [
    st.sampled_from(
        [
            _form("Read", "*", "s3:GetObject"),
            _form("Read", {"AWS": PARTNER}, "s3:*"),
            _form("Read", {"AWS": PARTNER}, "s3:GetObject"),
            _form("Read", {"AWS": ACCOUNT}, "s3:GetObject"),
            _form("Read", "*", "s3:*", Condition={"StringEquals": {"aws:SourceVpc": VPC}}),
        ]
    ),
    st.sampled_from(
        [
            _form("Ops", {"AWS": [FOREIGN, PARTNER]}, ["s3:GetObject", "s3:PutBucketAcl"]),
            _form("Ops", {"AWS": PARTNER}, ["s3:GetObject"]),
            _form("Ops", {"AWS": ACCOUNT}, "s3:*"),
        ]
    ),
    st.just(_form("Own", {"AWS": ACCOUNT}, "s3:PutObject")),
    st.just(_deny("Tls", "s3:*", ARNS, {"Bool": {"aws:SecureTransport": "false"}})),
]
_histories = (
    st.lists(st.sampled_from(_forms), min_size=1, unique_by=id)
    .flatmap(lambda forms: st.tuples(*forms))
    .map(lambda made: json.dumps({"Version": "2012-10-17", "Statement": made}))
)
"""Policies made of the same few statements, each in one of its forms: states of one policy."""

policies = st.one_of(
    st.none(),
    st.just(UNREADABLE),
    _policies(),
    _policies(),
    _histories,
    _histories,
    _histories,
    _histories,
)


def _earlier(statement: dict[str, Any]) -> st.SearchStrategy[dict[str, Any] | None]:
    """Draw a statement as it may have been before someone changed or added it."""
    plain = {key: each for key, each in statement.items() if not key.startswith("Not")}
    return st.sampled_from(
        [
            statement,
            None,
            {**plain, "Action": "s3:GetObject"},
            {**plain, "Principal": _NARROWER["Principal"]},
            {**plain, **_NARROWER},
        ]
    )


def before(bucket: Bucket) -> st.SearchStrategy[Bucket]:
    """Draw the bucket with an earlier state of the policy that it has now."""
    text = bucket[POLICY]
    if text is None or not judge(text).valid:
        return st.just(bucket)
    statements = json.loads(text)["Statement"]
    listed = [statements] if isinstance(statements, dict) else statements
    return st.tuples(*map(_earlier, listed)).map(
        lambda made: bucket.replacing(
            POLICY,
            json.dumps({"Version": "2012-10-17", "Statement": [each for each in made if each]}),
        )
    )


_owner = {"Type": "CanonicalUser", **OWNER}
OTHER_GRANTS: list[dict[str, Any]] = [
    {"Grantee": {"Type": "Group", "URI": f"{GROUPS}/global/AllUsers"}, "Permission": "READ"},
    {
        "Grantee": {"Type": "Group", "URI": f"{GROUPS}/global/AuthenticatedUsers"},
        "Permission": "READ_ACP",
    },
    {"Grantee": {"Type": "Group", "URI": f"{GROUPS}/s3/LogDelivery"}, "Permission": "WRITE"},
    {"Grantee": {"Type": "CanonicalUser", "ID": "b" * 64}, "Permission": "FULL_CONTROL"},
]
_grants = st.sampled_from(OTHER_GRANTS)
_owners = st.sampled_from(
    [
        [{"Grantee": _owner, "Permission": "FULL_CONTROL"}],
        [{"Grantee": _owner, "Permission": "READ"}],
        [],
    ]
)
acls = st.builds(
    lambda own, others: {"Owner": OWNER, "Grants": [*own, *others]},
    _owners,
    st.just([]) | st.lists(_grants, max_size=3, unique_by=repr),
)

ownerships = st.none() | st.sampled_from(
    ["ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced"]
).map(lambda setting: {"Rules": [{"ObjectOwnership": setting}]})

tags = st.none() | st.lists(
    st.sampled_from([("network", "vpc"), ("network", "any"), ("owner", "ada")]),
    min_size=1,
    unique_by=lambda tag: tag[0],
).map(lambda tags: {"TagSet": [{"Key": key, "Value": value} for key, value in tags]})

CHANGING = {"policy": policies, "acl": acls, "ownership": ownerships}
