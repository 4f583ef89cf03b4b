"""Play single requests against a policy, as IAM would; shares nothing with `bucketward.policy`.

Knows the operators that the strategies use, and raises KeyError for any other. A key has one
value, so `ForAnyValue` and `ForAllValues` differ from none only where the key is missing.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from estate import ACCOUNT
from strategies_access import (
    ENDPOINT,
    FOREIGN,
    ORGANIZATION,
    OTHER_GRANTS,
    PARTNER,
    UNREADABLE,
    VPC,
)

if TYPE_CHECKING:
    from bucketward import Bucket


class Request(NamedTuple):
    who: str  # an ARN, the name of a service, a canonical id, or "" for an anonymous caller
    account: str
    action: str
    resource: str
    context: dict[str, str]

    def __str__(self) -> str:
        return f"{self.who or 'anonymous'} {self.action} {self.resource} {self.context}"


OWN_ROLE = (f"arn:aws:iam::{ACCOUNT}:role/app", ACCOUNT)
SERVICE = ("logging.s3.amazonaws.com", "service")
STRANGERS = [
    ("", ""),
    (f"arn:aws:iam::{FOREIGN}:role/eve", FOREIGN),
    (f"arn:aws:iam::{PARTNER}:role/reader", PARTNER),
    ("b" * 64, "unknown"),
]
ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl"]
BUCKET_ACTIONS = ["s3:ListBucket", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:GetBucketPolicy"]
NETWORKS: list[dict[str, str]] = [
    {"aws:securetransport": "true", "s3:tlsversion": "1.3", "aws:sourceip": "203.0.113.7"},
    {"aws:securetransport": "true", "s3:tlsversion": "1.1", "aws:sourceip": "203.0.113.7"},
    {"aws:securetransport": "false", "aws:sourceip": "203.0.113.7"},
    {
        "aws:securetransport": "true",
        "s3:tlsversion": "1.3",
        "aws:sourcevpc": VPC,
        "aws:sourcevpce": ENDPOINT,
    },
]


@cache
def requests(name: str) -> list[Request]:
    """Make requests of everyone, from everywhere, on a bucket and one object of it."""
    arn = f"arn:aws:s3:::{name}"
    targets = [(action, f"{arn}/key") for action in ACTIONS]
    targets += [(action, arn) for action in BUCKET_ACTIONS]
    made = []
    for (who, account), (action, resource), network in product(
        [OWN_ROLE, SERVICE, *STRANGERS], targets, NETWORKS
    ):
        context = dict(network)
        if account.isdigit():
            context["aws:principalaccount"] = account
            context["aws:principalarn"] = who
        if account == PARTNER:
            context["aws:principalorgid"] = ORGANIZATION
        if who:
            context["aws:principalisawsservice"] = str(account == "service").lower()
        made.append(Request(who, account, action, resource, context))
    return made


def play(policy: str | None, request: Request) -> str:
    """Return "allowed", "denied" (explicitly) or "" (by default)."""
    if policy is None:
        return ""
    effects = {each["Effect"] for each in _statements(policy) if _matches(each, request)}
    return "denied" if "Deny" in effects else "allowed" if effects else ""


@cache
def _statements(policy: str) -> list[dict[str, Any]]:
    statements = json.loads(policy)["Statement"]
    return [statements] if isinstance(statements, dict) else statements


def _matches(statement: dict[str, Any], request: Request) -> bool:
    return (
        _of(statement, "Principal", lambda element: _names(element, request))
        and _of(statement, "Action", lambda texts: _any(texts, request.action.lower(), lower=True))
        and _of(statement, "Resource", lambda texts: _any(texts, request.resource))
        and all(
            _holds(operator, _texts(values), request.context.get(key.lower()))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _of(statement: dict[str, Any], name: str, test: Any) -> bool:
    return test(statement[name]) if name in statement else not test(statement[f"Not{name}"])


def _names(element: Any, request: Request) -> bool:
    if element == "*" or "*" in _texts(element.get("AWS", [])):
        return True
    root = f"arn:aws:iam::{request.account}:root"
    named = {text for values in element.values() for text in _texts(values)}
    return bool({request.who, request.account, root} & named) and bool(request.who)


def _any(patterns: Any, text: str, *, lower: bool = False) -> bool:
    return any(fnmatchcase(text, p.lower() if lower else p) for p in _texts(patterns))


def _texts(values: Any) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed]


def _holds(operator: str, values: list[str], actual: str | None) -> bool:
    if operator == "Null":
        return any((value == "true") is (actual is None) for value in values)
    qualifier, _, base = operator.rpartition(":")
    negated = "Not" in base
    if actual is None:
        if base.endswith("IfExists") or qualifier:
            return base.endswith("IfExists") or qualifier == "ForAllValues"
        return negated
    match base.removesuffix("IfExists").replace("Not", ""):
        case "StringEquals" | "Bool":
            found = actual in values
        case "StringLike" | "ArnLike":
            found = _any(values, actual)
        case "NumericLessThan":
            found = float(actual) < float(values[0])
        case "IpAddress":
            found = any(ip_address(actual) in ip_network(value) for value in values)
        case _:
            raise KeyError(operator)
    return found is not negated


def access_safety(bucket: Bucket) -> dict[str, bool | int]:
    """Measure what policy, ACL and ownership keep out, one figure a fact, the higher the safer."""
    aspects = bucket.aspects
    facts: dict[str, bool | int] = {}
    if aspects["policy"] != UNREADABLE:
        for request in requests(bucket.name):
            outcome = play(aspects["policy"], request)
            facts[f"denies {request}"] = outcome == "denied"
            if (request.who, request.account) in STRANGERS:
                facts[f"does not allow {request}"] = outcome != "allowed"
    granted = {(str(each["Grantee"]), each["Permission"]) for each in aspects["acl"]["Grants"]}
    for grant in OTHER_GRANTS:
        facts[f"no grant {grant}"] = (str(grant["Grantee"]), grant["Permission"]) not in granted
    rules = (aspects["ownership"] or {}).get("Rules", [{"ObjectOwnership": "ObjectWriter"}])
    settings = ["ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced"]
    return {**facts, "ownership": settings.index(rules[0]["ObjectOwnership"])}
