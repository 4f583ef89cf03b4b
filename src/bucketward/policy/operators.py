"""IAM's condition operators, and a statement's `Condition` element read into a flat list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from functools import lru_cache
from typing import Final, NamedTuple

from bucketward.policy.errors import InvalidPolicyError
from bucketward.policy.networks import parse_network

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
    "StringEquals StringEqualsIgnoreCase StringLike ArnEquals ArnLike IpAddress Bool"
    " NumericEquals".split()
)
_NEGATED: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}
_LONGEST: Final = 60


class Operator(NamedTuple):
    """One condition operator in parts, in IAM's spelling.

    `limits` says whether it demands that the key be there and have a listed value;
    `spelled` whether the policy writes it in IAM's own case.
    """

    base: str
    qualifier: str
    if_exists: bool
    spelled: bool
    limits: bool

    @property
    def negates(self) -> str | None:
        """The positive operator that this one negates."""
        return _NEGATED.get(self.base)


class Condition(NamedTuple):
    """One operator on one key (lower case), with its values as texts."""

    operator: Operator
    key: str
    values: tuple[str, ...]


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
    limits = name in _POSITIVE and not if_exists and set_operator != "ForAllValues"
    return Operator(name, set_operator, if_exists, canonical == text, limits)


def read_conditions(element: object) -> tuple[Condition, ...]:
    """Read a `Condition` element; raise InvalidPolicyError for what S3 would not store.

    Keys that differ only in case are one key, so their values are alternatives, the weaker
    reading of an Allow.
    """
    if not isinstance(element, dict):
        raise InvalidPolicyError("has a condition that is not a map of operators")
    found: list[Condition] = []
    for text, keys in element.items():
        operator = parse_operator(text) if isinstance(text, str) and len(text) < _LONGEST else None
        if operator is None:
            raise InvalidPolicyError("uses a condition operator that IAM does not have")
        if not isinstance(keys, dict):
            raise InvalidPolicyError("has a condition operator without a map of keys")
        merged: dict[str, tuple[str, ...]] = {}
        for key, values in keys.items():
            lower = key.lower()
            texts = _texts(values)
            merged[lower] = merged[lower] + texts if lower in merged else texts
            if operator.base.endswith("IpAddress") and None in map(parse_network, texts):
                raise InvalidPolicyError("compares with an IP range that is none")
        found += [Condition(operator, key, values) for key, values in merged.items()]
    return tuple(found)


def _texts(values: object) -> tuple[str, ...]:
    if isinstance(values, str):
        return (values,)
    return tuple(map(_text, values if isinstance(values, list) else (values,)))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        try:
            return str(value)
        except ValueError:  # Python refuses to write numbers of thousands of digits
            raise InvalidPolicyError("compares with a number of too many digits") from None
    raise InvalidPolicyError("compares with a value that is neither text, number nor boolean")
