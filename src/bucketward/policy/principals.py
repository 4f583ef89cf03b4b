"""Who a statement names.

Forms of the element:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from functools import lru_cache
from typing import Final, NamedTuple

from bucketward.policy.errors import InvalidPolicyError

ACCOUNT, SERVICE, UNKNOWN_OWNER, WEB_IDENTITY, WILDCARD, EVERYONE = range(6)
"""Kinds of principal, the broadest last; from `WEB_IDENTITY` on, the value fixes nobody."""

ACCOUNT_DIGITS: Final = 12
_ARN_PARTS: Final = 6
_CACHED_LENGTH: Final = 256
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
    """Read a `Principal` or `NotPrincipal` element; raise InvalidPolicyError for no such thing."""
    if element == "*":
        return EVERYBODY
    if not isinstance(element, dict) or not element:
        raise InvalidPolicyError('has a principal that is neither "*" nor a map of principals')
    broadest = -1
    owners: list[str] = []
    services: list[str] = []
    for kind, values in element.items():
        if kind not in _KINDS:
            raise InvalidPolicyError("names a kind of principal that IAM does not have")
        for value in values if isinstance(values, list) else (values,):
            if isinstance(value, int) and not isinstance(value, bool) and kind == "AWS":
                value = account_id(value)  # noqa: PLW2901
            if not isinstance(value, str) or not value:
                raise InvalidPolicyError("names a principal that is not a text")
            found, owner = (
                _classify(kind, value)
                if len(value) < _CACHED_LENGTH
                else _classify.__wrapped__(kind, value)
            )
            if found > broadest:
                broadest = found
            if found == SERVICE:
                services.append(value)
            elif owner:
                owners.append(owner)
    if broadest < 0:
        raise InvalidPolicyError("names no principal")
    return Principals(broadest, tuple(owners), tuple(services))


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
    if len(parts) == _ARN_PARTS and parts[0] == "arn" and is_account_id(parts[4]):
        return parts[4]
    return None


@lru_cache(maxsize=4096)
def _classify(kind: str, value: str) -> tuple[int, str]:
    if kind == "AWS" and value == "*":
        return EVERYONE, ""
    if not is_fixed(value):
        return WILDCARD, ""
    if kind == "Service":
        return SERVICE, ""
    if kind == "CanonicalUser":
        return UNKNOWN_OWNER, value
    account = value if is_account_id(value) else account_of_arn(value)
    if account:
        return ACCOUNT, account
    if kind == "Federated" and not value.startswith("arn:"):
        return WEB_IDENTITY, ""
    if value.startswith("arn:") and ":iam::cloudfront:" in value:
        # A CloudFront origin access identity: AWS's own account, whoever owns the distribution.
        return SERVICE, ""
    return UNKNOWN_OWNER, value
