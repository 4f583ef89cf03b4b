"""A statement's `Condition` element, read into a flat list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from functools import lru_cache
from typing import Final, NamedTuple

from .demanded import Demanded, demanded_by
from .errors import InvalidPolicyError
from .networks import parse_network
from .operators import Operator, parse_operator
from .pins import Limit, limit_of

_LONGEST_OPERATOR: Final = 60
_LONGEST_CACHED: Final = 4000


class Condition(NamedTuple):
    """One operator on one key (lower case), with its values as texts.

    `limit` is what it fixes in an Allow or, negated, leaves in a Deny; `demanded` what a Deny on
    it alone demands of requests.
    """

    operator: Operator
    key: str
    values: tuple[str, ...]
    limit: Limit | None
    demanded: Demanded | None


def read_conditions(element: object) -> tuple[Condition, ...]:
    """Read a `Condition` element; raise InvalidPolicyError for what S3 would not store.

    Keys that differ only in case are one key, so their values are alternatives, the weaker
    reading of an Allow.
    """
    if not isinstance(element, dict):
        raise InvalidPolicyError("has a condition that is not a map of operators")
    found: list[Condition] = []
    for operator, keys in element.items():
        if not isinstance(keys, dict):
            raise InvalidPolicyError("has a condition operator without a map of keys")
        for key, values in (keys if len(keys) == 1 else _merged(keys)).items():
            if type(values) is str and len(values) + len(key) < _LONGEST_CACHED:
                found.append(_condition(operator, key, values))
            else:
                found.append(_condition_on_several(operator, key, values))
    return tuple(found)


def _condition_on_several(operator: str, key: str, values: object) -> Condition:
    texts = tuple(values) if isinstance(values, list) else (values,)
    if not all(type(text) is str for text in texts):
        texts = tuple(map(_text, texts))
    short = sum(map(len, texts)) + len(key) < _LONGEST_CACHED
    return (_condition if short else _condition.__wrapped__)(operator, key, texts)


@lru_cache(maxsize=1024)
def _condition(name: str, key: str, values: str | tuple[str, ...]) -> Condition:
    if isinstance(values, str):
        values = (values,)
    operator = parse_operator(name) if len(name) < _LONGEST_OPERATOR else None
    if operator is None:
        raise InvalidPolicyError("uses a condition operator that IAM does not have")
    if operator.base.endswith("IpAddress") and None in map(parse_network, values):
        raise InvalidPolicyError("compares with an IP range that is none")
    lower = key.lower()
    return Condition(
        operator,
        lower,
        values,
        limit_of(operator, lower, values),
        demanded_by(operator, lower, values),
    )


def _merged(keys: dict[str, object]) -> dict[str, object]:
    merged: dict[str, list[object]] = {}
    for key, values in keys.items():
        merged.setdefault(key.lower(), []).extend(values if isinstance(values, list) else [values])
    return dict(merged)


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
