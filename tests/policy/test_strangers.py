"""What a verdict promises, held against single requests that are played as IAM would."""

import json
from itertools import product

from hypothesis import given

from access_requests import Request, play
from bucketward.policy import judge
from strategies_policy import OTHER, OWNER, POLICIES, VALUES_GIVEN

EVE = "999988887777"
READS = [("s3:GetObject", "key"), ("s3:GetObject", "p/key"), ("s3:ListBucket", "")]
WRITES = [("s3:PutObject", "key"), ("s3:PutObject", "p/key"), ("s3:PutBucketAcl", "")]
TAKEOVER = WRITES[-1:]
CHOSEN = [
    {"aws:referer": referer, "aws:securetransport": tls, "aws:sourceip": "203.0.113.7"}
    for referer, tls in product(VALUES_GIVEN, ("true", "false"))
]
"""What any caller decides for themselves."""
NETWORKS = [{}, {"aws:sourcevpc": "vpc-9", "aws:sourceaccount": EVE}]
FIXED = [{}, {"aws:sourcevpc": "vpc-1", "aws:sourceaccount": OTHER}]


def callers(account, networks):
    role = f"arn:aws:iam::{account}:role/x"
    identity = {"aws:principalaccount": account, "aws:principalarn": role}
    identity |= {"aws:principalorgpaths": "o-9/r-9/"}
    for chosen, network in product(CHOSEN, networks):
        yield (role, account, chosen | network | identity)
        yield ("", "", chosen | network)


STRANGERS = list(callers(EVE, NETWORKS))
OTHERS = [*STRANGERS, *callers(OTHER, FIXED)]


def gets_in(policy, callers, targets):
    """Return a request that the policy allows, for the message, or None."""
    text = json.dumps(policy)
    for (who, account, context), (action, key) in product(callers, targets):
        resource = f"arn:aws:s3:::b/{key}" if key else "arn:aws:s3:::b"
        request = Request(who, account, action, resource, context)
        if play(text, request) == "allowed":
            return str(request)
    return None


@given(POLICIES)
def test_no_stranger_gets_in_where_the_verdict_says_so(policy):
    judgement = judge(policy, OWNER, "b")
    if not judgement.public_read:
        assert gets_in(policy, STRANGERS, READS) is None
    if not judgement.public_write:
        assert gets_in(policy, STRANGERS, WRITES) is None
    if not judgement.cross_account:
        assert gets_in(policy, OTHERS, READS + WRITES) is None
    if not judgement.allows_acl_modification:
        assert gets_in(policy, OTHERS, TAKEOVER) is None


@given(POLICIES)
def test_no_plaintext_request_passes_where_tls_is_enforced(policy):
    everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    plaintext = [each for each in OTHERS if each[2]["aws:securetransport"] == "false"]
    for added in ([], [deny], [deny | {"Resource": "arn:aws:s3:::b"}]):
        policy = policy | {"Statement": [everything, *policy["Statement"], *added]}
        if judge(policy, OWNER, "b").tls_enforced:
            assert gets_in(policy, plaintext, READS + WRITES) is None
