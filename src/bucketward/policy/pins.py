"""Which conditions limit an Allow to fixed values that AWS counts.

The keys and their bounds, documented and contested:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bucketward.policy import networks
from bucketward.policy.operators import Condition
from bucketward.policy.options import Options
from bucketward.policy.principals import (
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


class Pin(NamedTuple):
    """One condition that fixes who is granted access: its key and the accounts it names."""

    key: str
    accounts: tuple[str, ...]


def pin(
    condition: Condition, base: str, options: Options, *, old_version: bool, open_to: set[str]
) -> Pin | None:
    """Return what `condition`, read with the positive operator `base`, fixes; None for nothing.

    The names of the options under which the answer would be another go into `open_to`.
    """
    rule = _KEYS.get(condition.key)
    if rule is None:
        return None
    kind, option = rule
    needed = {option} if option else set()
    typed = _FAMILY.get(kind) or ((*_STRINGS, *_ARNS) if kind in _ARN_KINDS else _STRINGS)
    if base not in typed:
        needed.add("mistyped_operator_pins")
    if not condition.operator.spelled:
        needed.add("operator_in_any_case_pins")
    if not condition.values:
        needed.add("empty_value_list_pins")
    elif kind == _IP:
        if not _narrow(condition.values, needed):
            return None
    else:
        for value in condition.values:
            if not _fixes(kind, value, needed, old_version=old_version):
                return None
    refused = {name for name in needed if not getattr(options, name)}
    if refused:
        open_to |= refused
        return None
    return Pin(condition.key, _accounts(kind, condition.values))


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


def _fixes(kind: int, value: str, needed: set[str], *, old_version: bool) -> bool:
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
    elif not ("*" in value or "?" in value) and old_version:
        needed.add("old_version_variables_are_text")
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
