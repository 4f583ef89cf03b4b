"""Which conditions limit an Allow to fixed values that AWS counts.

The keys and their bounds, documented and contested:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from . import networks
from .operators import Operator
from .options import Options
from .principals import (
    ACCOUNT_DIGITS,
    account_id,
    account_of_arn,
    is_account_id,
    is_fixed,
)

_FIXED, _ACCOUNT, _ARN, _USER_ID, _IP, _ACCESS_POINT, _ORG_PATH, _FLAG = range(8)
_KEYS: Final[dict[str, tuple[int, str]]] = {
    "aws:principalorgid": (_FIXED, ""),
    "aws:sourcevpc": (_FIXED, ""),
    "aws:sourcevpce": (_FIXED, ""),
    "aws:sourceip": (_IP, ""),
    "aws:sourcearn": (_ARN, ""),
    "aws:sourceowner": (_ACCOUNT, ""),
    "aws:sourceaccount": (_ACCOUNT, ""),
    "aws:userid": (_USER_ID, ""),
    "s3:dataaccesspointarn": (_ACCESS_POINT, ""),
    "s3:dataaccesspointaccount": (_ACCOUNT, ""),
    "aws:principalarn": (_ARN, ""),
    "aws:principalaccount": (_ACCOUNT, ""),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": (_FIXED, "kms_key_id_pins"),
    "aws:principalorgpaths": (_ORG_PATH, "principal_org_paths_pin"),
    "aws:sourceorgid": (_FIXED, "source_org_pins"),
    "aws:sourceorgpaths": (_ORG_PATH, "source_org_pins"),
    "aws:principalservicename": (_FIXED, "service_name_pins"),
    "aws:principalservicenameslist": (_FIXED, "service_name_pins"),
    "aws:principalisawsservice": (_FLAG, "service_name_pins"),
    "aws:vpceorgid": (_FIXED, "vpce_owner_pins"),
    "aws:vpceorgpaths": (_ORG_PATH, "vpce_owner_pins"),
    "aws:vpceaccount": (_ACCOUNT, "vpce_owner_pins"),
}
_ARN_KINDS: Final = frozenset({_ARN, _ACCESS_POINT})
_FAMILY: Final = {_IP: ("IpAddress",), _FLAG: ("Bool",)}
_STRINGS: Final = ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
_ARNS: Final = ("ArnEquals", "ArnLike")
_ARN_PARTS: Final = 6
OLD_VERSION: Final = "old_version_variables_are_text"


class Pin(NamedTuple):
    """One condition that fixes who is granted access: its key and the accounts it names."""

    key: str
    accounts: tuple[str, ...]


class Limit(NamedTuple):
    """A pin that counts where the options in `needed` are all on; see `options`."""

    pin: Pin
    needed: frozenset[str]

    def holds(self, options: Options, *, modern: bool) -> bool:
        """Say whether the limit counts in a policy of the current version or an older one."""
        return not self.needed or not self.refused(options, modern=modern)

    def refused(self, options: Options, *, modern: bool) -> frozenset[str]:
        """Return the options that are off and would have to be on."""
        return frozenset(
            name
            for name in self.needed
            if not getattr(options, name) or (modern and name == OLD_VERSION)
        )


def limit_of(operator: Operator, key: str, values: tuple[str, ...]) -> Limit | None:
    """Return what a condition fixes where its operator asks for one of the values.

    A negated operator is read as the one it negates: in a Deny it fixes who is left.
    """
    rule = _KEYS.get(key)
    if rule is None or not (operator.may_limit or operator.negates):
        return None
    kind, option = rule
    needed = {option} if option else set()
    typed = _FAMILY.get(kind) or ((*_STRINGS, *_ARNS) if kind in _ARN_KINDS else _STRINGS)
    if (operator.negates or operator.base) not in typed:
        needed.add("mistyped_operator_pins")
    if not operator.spelled:
        needed.add("operator_in_any_case_pins")
    if not values:
        needed.add("empty_value_list_pins")
    elif kind == _IP:
        if not _narrow(values, needed):
            return None
    elif not all(_fixes(kind, value, needed) for value in values):
        return None
    return Limit(Pin(key, _accounts(kind, values)), frozenset(needed))


def _narrow(values: Iterable[str], needed: set[str]) -> bool:
    ranges = [networks.parse_network(value) for value in values]
    for found in ranges:
        if found is None:
            return False
        if networks.is_broad(found):
            if not networks.is_unique_local(found):
                return False
            needed.add("unique_local_ipv6_pins")
    if networks.too_many_addresses(found for found in ranges if found):
        needed.add("large_address_total_pins")
    return True


def _fixes(kind: int, value: str, needed: set[str]) -> bool:
    """Say whether one value fixes something, perhaps only under options added to `needed`."""
    if not value:
        return False
    if is_fixed(value):
        if kind == _FLAG:
            return value.lower() == "true"
        if kind == _USER_ID and value[:4].upper() == "AROA" and ":" in value:
            needed.add("role_session_pins")
        return True
    if kind == _ACCESS_POINT:
        return _fixes_access_point(value, needed)
    if kind == _ARN and account_of_arn(value):
        needed.add("fixed_account_arn_pins")
    elif kind == _ORG_PATH and is_fixed(value.partition("/")[0]) and "${" not in value:
        pass  # the organization is fixed, the wildcard is inside it
    elif "*" not in value and "?" not in value:
        needed.add(OLD_VERSION)
    else:
        return False
    return True


def _fixes_access_point(value: str, needed: set[str]) -> bool:
    """AWS lets the access point's name be a wildcard where its account is fixed."""
    parts = value.split(":", _ARN_PARTS - 1)
    if account_of_arn(value) is None or "${" in value:
        return False
    _, partition, service, region, _, resource = parts
    if not (is_fixed(partition) and is_fixed(service) and resource.startswith("accesspoint/")):
        return False
    if not is_fixed(region):
        needed.add("access_point_any_region_pins")
    return True


def _accounts(kind: int, values: Iterable[str]) -> tuple[str, ...]:
    """Name the accounts a pin reaches; empty where it names none, or not for each value."""
    if kind in _ARN_KINDS:
        found = [account_of_arn(value) for value in values]
    elif kind in {_ACCOUNT, _USER_ID}:
        found = [_account(value) for value in values]
    else:
        return ()
    return tuple(dict.fromkeys(account for account in found if account)) if all(found) else ()


def _account(value: str) -> str | None:
    if len(value) <= ACCOUNT_DIGITS and value.isascii() and value.isdigit():
        value = account_id(int(value))
    return value if is_account_id(value) else None
