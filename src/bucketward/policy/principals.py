"""Who a statement names.

Forms of the element:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from .errors import InvalidPolicyError

ACCOUNT, SERVICE, UNKNOWN_OWNER, WEB_IDENTITY, WILDCARD, EVERYONE = range(6)
"""Kinds of principal, the broadest last; from `WEB_IDENTITY` on, the value fixes nobody."""

ACCOUNT_DIGITS: Final = 12
_ARN_PARTS: Final = 6
_LONGEST_CACHED: Final = 500
_KINDS: Final = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


class Principals(NamedTuple):
    """What the `Principal` element of one statement names.

    `broadest` is the highest kind named; `owners` the accounts (or, where the account is not
    known, the values) of fixed principals that are no AWS services; `services` the services.
    """

    broadest: int
    owners: tuple[str, ...]
    services: tuple[str, ...]


EVERYBODY: Final = Principals(EVERYONE, (), ())


def read_principals(element: object) -> Principals:
    """Read a `Principal` that is not "*"; raise InvalidPolicyError for what S3 refuses."""
    if not isinstance(element, dict) or not element:
        raise InvalidPolicyError('has a principal that is neither "*" nor a map of principals')
    read = [_read_kind(kind, values) for kind, values in element.items()]
    return read[0] if len(read) == 1 else _united(read)


def _read_kind(kind: str, values: object) -> Principals:
    if type(values) is str and len(values) < _LONGEST_CACHED:
        return _classify(kind, (values,))
    listed = values if isinstance(values, list) else [values]
    texts = tuple([value if type(value) is str else _text(kind, value) for value in listed])
    short = sum(map(len, texts)) < _LONGEST_CACHED
    return (_classify if short else _classify.__wrapped__)(kind, texts)


def _text(kind: str, value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if kind == "AWS" and isinstance(value, int) and not isinstance(value, bool):
        return account_id(value)
    raise InvalidPolicyError("names a principal that is not a text")


def _united(read: list[Principals]) -> Principals:
    kinds, owners, services = zip(*read, strict=True)
    return Principals(max(kinds), tuple(chain(*owners)), tuple(chain(*services)))


def is_fixed(value: str) -> bool:
    """Say whether a value holds neither a wildcard nor a policy variable."""
    return "*" not in value and "?" not in value and "${" not in value


def account_id(number: int) -> str:
    """Write an account id given as a JSON number, which has lost its leading zeros."""
    return f"{number:0{ACCOUNT_DIGITS}d}" if abs(number) < 10**ACCOUNT_DIGITS else "?"


def is_account_id(value: str) -> bool:
    """Say whether a value is an AWS account id: twelve digits."""
    return len(value) == ACCOUNT_DIGITS and value.isascii() and value.isdigit()


def account_of_arn(value: str) -> str | None:
    """Return the fixed account in an ARN, None where it has none."""
    parts = value.split(":", _ARN_PARTS - 1)
    found = len(parts) == _ARN_PARTS and parts[0] == "arn" and is_account_id(parts[4])
    return parts[4] if found else None


@lru_cache(maxsize=1024)
def _classify(kind: str, values: tuple[str, ...]) -> Principals:
    if kind not in _KINDS:
        raise InvalidPolicyError("names a kind of principal that IAM does not have")
    if not all(values) or not values:
        raise InvalidPolicyError("names no principal")
    if len(values) == 1:
        return _classify_one(kind, values[0])
    one = _classify_one if max(map(len, values)) < _LONGEST_CACHED else _classify_one.__wrapped__
    return _united([one(kind, value) for value in values])


@lru_cache(maxsize=4096)
def _classify_one(kind: str, value: str) -> Principals:
    if kind == "AWS" and value == "*":
        return EVERYBODY
    if not is_fixed(value):
        return Principals(WILDCARD, (), ())
    account = value if is_account_id(value) else account_of_arn(value)
    if kind == "Service":
        found = Principals(SERVICE, (), (value,))
    elif account and kind != "CanonicalUser":
        found = Principals(ACCOUNT, (account,), ())
    elif kind == "AWS" and value.split(":")[2:5] == ["iam", "", "cloudfront"]:
        # An origin access identity is CloudFront's own, whoever owns the distribution.
        found = Principals(SERVICE, (), (value,))
    elif kind == "Federated" and not value.startswith("arn:"):
        found = Principals(WEB_IDENTITY, (), ())
    else:
        found = Principals(UNKNOWN_OWNER, (value,), ())
    return found
