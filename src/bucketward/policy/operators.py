"""IAM's condition operators.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from functools import lru_cache
from typing import Final, NamedTuple

_FAMILIES: Final = {
    "String": "Equals NotEquals EqualsIgnoreCase NotEqualsIgnoreCase Like NotLike",
    "Numeric": "Equals NotEquals LessThan LessThanEquals GreaterThan GreaterThanEquals",
    "Date": "Equals NotEquals LessThan LessThanEquals GreaterThan GreaterThanEquals",
    "Arn": "Equals NotEquals Like NotLike",
    "IpAddress": " ",
    "NotIpAddress": " ",
    "Bool": " ",
    "BinaryEquals": " ",
    "Null": " ",
}
_SPELLED: Final = {
    (family + suffix).lower(): family + suffix
    for family, suffixes in _FAMILIES.items()
    for suffix in (suffixes.split() or [""])
}
_QUALIFIERS: Final = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}
_IF_EXISTS: Final = "ifexists"
_POSITIVE: Final = frozenset(
    {
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "ArnEquals",
        "ArnLike",
        "IpAddress",
        "Bool",
        "NumericEquals",
    }
)
_NEGATED: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}


class Operator(NamedTuple):
    """One condition operator in parts, in IAM's spelling.

    `limits` says whether it demands that the key be there and have a listed value, `may_limit`
    whether it demands a listed value of a key that is there; `negates` is the positive operator
    that this one negates; `spelled` whether the policy writes it in IAM's own case.
    """

    base: str
    qualifier: str
    if_exists: bool
    spelled: bool
    limits: bool
    may_limit: bool
    negates: str | None


@lru_cache(maxsize=512)
def parse_operator(text: str) -> Operator | None:
    """Read an operator as a policy writes it; None for one IAM does not have."""
    lower = text.lower()
    qualifier, colon, base = lower.rpartition(":")
    if colon and qualifier not in _QUALIFIERS:
        return None
    if_exists = base.endswith(_IF_EXISTS)
    name = _SPELLED.get(base.removesuffix(_IF_EXISTS))
    if name is None or (if_exists and name == "Null"):
        return None
    set_operator = _QUALIFIERS.get(qualifier, "")
    canonical = (set_operator + colon) + name + ("IfExists" if if_exists else "")
    may_limit = name in _POSITIVE
    limits = may_limit and not if_exists and set_operator != "ForAllValues"
    return Operator(
        name, set_operator, if_exists, canonical == text, limits, may_limit, _NEGATED.get(name)
    )
