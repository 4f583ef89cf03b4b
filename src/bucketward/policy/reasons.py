"""The verdict in words: one sentence a fact, the statement named first."""

from collections.abc import Sequence
from typing import Final

from .actions import READ, WRITE
from .judgement import Judgement
from .statements import Statement

_MOST_NAMES: Final = 3
_LONGEST_NAME: Final = 40
_READINGS: Final = {
    "web_identity_pins": "a web identity provider is not taken as a fixed principal",
    "kms_key_id_pins": "a KMS key id, no longer on AWS's list, is not taken as a limit",
    "principal_org_paths_pin": "aws:PrincipalOrgPaths is not taken as a limit",
    "source_org_pins": "aws:SourceOrgID and aws:SourceOrgPaths are not taken as limits",
    "service_name_pins": "a service named by condition key is not taken as a limit",
    "vpce_owner_pins": "the owner of a VPC endpoint is not taken as a limit",
    "role_session_pins": "a role session in aws:userid is not taken as a fixed value",
    "fixed_account_arn_pins": "an ARN with a wildcard is not fixed by its account alone",
    "access_point_any_region_pins": "an access point ARN without a fixed Region is not fixed",
    "old_version_variables_are_text": "${...} is not a fixed value in any policy version",
    "presence_guard_pins": "Null false beside IfExists or ForAllValues is not taken as a limit",
    "operator_in_any_case_pins": "an operator in another case than IAM's limits nothing",
    "mistyped_operator_pins": "an operator of another type than its key limits nothing",
    "empty_value_list_pins": "an empty list of values limits nothing",
    "unique_local_ipv6_pins": "a unique local IPv6 range broader than /32 is not private",
    "large_address_total_pins": "ranges with more addresses than one /8 together limit nothing",
}


def explain(judgement: Judgement) -> tuple[str, ...]:
    """Return the sentences for a valid policy, in the order of its statements."""
    found: list[str] = []
    for statement in judgement.statements:
        if statement.allows:
            found += _of_allow(statement)
    if judgement.tls_enforced:
        found.append("The policy denies every plaintext request on the bucket and its objects.")
    else:
        found.append(
            "No Deny for everyone covers s3:* over plaintext on both the bucket and its objects."
        )
    if judgement.min_tls:
        found.append(f"The policy denies every TLS version below {judgement.min_tls}.")
    if judgement.kms_only_puts:
        found.append("The policy denies every upload that is not encrypted with a KMS key.")
    return tuple(found)


def _of_allow(statement: Statement) -> list[str]:
    found: list[str] = []
    label = statement.label
    if statement.covered_by:
        numbers = _some([str(index + 1) for index in statement.covered_by])
        left = "nothing" if statement.voided else "nothing to strangers"
        found.append(
            f"{label} grants {left} because a Deny covers it (statement {numbers});"
            " AWS's text is silent on Deny, and this reading subtracts it."
        )
    elif statement.public:
        found.append(f"{label} allows {_what(statement)} to {_whom(statement)}{_limits(statement)}")
        found += [
            f"{label} is judged public by the safer reading: {_READINGS[name]}."
            for name in sorted(statement.open_to)
        ]
    elif statement.pins:
        keys = _some(sorted({pin.key for pin in statement.pins}))
        found.append(f"{label} is open to everyone but limited to fixed values of {keys}.")
    if statement.foreign and not statement.public:
        whom = _some(statement.accounts) or "callers outside the owner's account"
        found.append(f"{label} allows {_what(statement)} to {whom}.")
    if statement.modifies_acl:
        found.append(f"{label} lets others change the ACL, the policy or the encryption.")
    if statement.is_wildcard_grant:
        what = "all actions but those listed" if statement.not_action else "every S3 action"
        found.append(f"{label} grants {what} outside the owner's account.")
    return found


def _some(names: Sequence[str]) -> str:
    """List names, printable and not too many or too long for one sentence."""
    shown = [
        (n if n.isprintable() else ascii(n)[1:-1])[:_LONGEST_NAME] for n in names[:_MOST_NAMES]
    ]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _what(statement: Statement) -> str:
    reads, writes = statement.grants & READ, statement.grants & WRITE
    if reads and writes:
        return "reads and writes"
    return "reads" if reads else "writes" if writes else "an action"


def _whom(statement: Statement) -> str:
    if statement.not_principal:
        return "everyone but the principals in NotPrincipal"
    return "a principal that is not a fixed value" if statement.is_partly_wild else "everyone"


def _limits(statement: Statement) -> str:
    if not statement.conditions:
        return " without any condition."
    keys = _some(sorted({condition.key for condition in statement.conditions}))
    return f" and no condition limits it to fixed values ({keys})."
