"""Any bucket policy of bucket "b", from few parts, so that its statements meet each other."""

from hypothesis import strategies as st

OWNER = "111122223333"
OTHER = "444455556666"
_MAYBE = st.booleans()


def listed(values, **limits):
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, **limits)


AWS_PRINCIPALS = [
    "*",
    OWNER,
    f"arn:aws:iam::{OWNER}:role/app",
    f"arn:aws:iam::{OTHER}:root",
    "arn:aws:iam::*:root",
]
PRINCIPALS = st.just("*") | st.fixed_dictionaries(
    {"AWS": listed(AWS_PRINCIPALS, max_size=3)},
    optional={"Service": listed(["s3.amazonaws.com", "config.amazonaws.com"], max_size=2)},
)
ACTIONS = listed(
    ["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "s3:Put?ucketAcl", "s3:NoSuch"],
    max_size=4,
)
RESOURCES = listed(
    ["*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/p/*", "arn:aws:s3:::c*"],
    max_size=3,
)
OPERATORS = [
    qualifier + base + suffix
    for base in ("StringEquals", "StringNotEquals", "StringLike", "ArnLike", "Bool")
    for qualifier in ("", "ForAllValues:", "ForAnyValue:")
    for suffix in ("", "IfExists")
]
VALUES_GIVEN = ["vpc-1", "vpc-*", OWNER, OTHER, "false", f"arn:aws:iam::{OTHER}:role/x"]
VALUES = listed(VALUES_GIVEN)
KEYS = st.sampled_from(
    [
        "aws:SourceVpc",
        "aws:SourceAccount",
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalOrgPaths",
        "aws:SecureTransport",
        "aws:Referer",
    ]
)
RANGES = listed(["10.0.0.0/8", "52.0.0.0/8", "192.0.2.0/24", "0.0.0.0/1", "2001:db8::/32"])
CONDITIONS = st.dictionaries(
    st.sampled_from(OPERATORS), st.dictionaries(KEYS, VALUES, min_size=1, max_size=2), max_size=2
) | st.fixed_dictionaries(
    {},
    optional={
        "IpAddress": st.fixed_dictionaries({"aws:SourceIp": RANGES}),
        "NotIpAddress": st.fixed_dictionaries({"aws:SourceIp": RANGES}),
        "Null": st.fixed_dictionaries({"aws:SourceVpc": st.sampled_from(["true", "false", True])}),
    },
)


@st.composite
def statements(draw, effects=("Allow", "Deny")):
    def name(plain):
        return ("Not" if draw(st.integers(0, 9)) == 9 else "") + plain

    statement = {
        "Effect": draw(st.sampled_from(effects)),
        name("Principal"): draw(PRINCIPALS),
        name("Action"): draw(ACTIONS),
        name("Resource"): draw(RESOURCES),
    }
    if draw(_MAYBE):
        statement["Condition"] = draw(CONDITIONS)
    if draw(_MAYBE):
        statement["Sid"] = draw(st.sampled_from(["A", "B", "C", "\u00e9 "]))
    return statement


POLICIES = st.fixed_dictionaries(
    {"Statement": st.lists(statements(), min_size=1, max_size=5)},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Id": st.text()},
)
