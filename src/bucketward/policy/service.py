"""Whether a policy lets an AWS service do something, as the delivery of S3 access logs needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bucketward.wildcards import covers, disjoint, matches, widened

from .conditions import Condition
from .document import raw_statements
from .errors import InvalidPolicyError
from .principals import EVERYONE, WILDCARD
from .statements import Statement

_ARN_PARTS: Final = 6


def allows_service(  # noqa: PLR0913 - the request in full, all but one named
    document: object,
    *,
    service: str,
    action: str,
    resource: str,
    source_account: str | None = None,
    source_arn: str | None = None,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Say whether the policy lets an AWS service do `action` on everything `resource` matches.

    True needs an Allow that names the service (or "*"), covers action and resource, and whose
    every condition the known request meets; and no Deny that applies. Known are the service's
    name, TLS, `source_account`, `source_arn` where given, and what `context` adds by condition
    key. What cannot be decided from these counts against: an Allow with an undecided condition
    does not grant, a Deny with one (or with NotPrincipal, NotAction, NotResource or a policy
    variable that may take the request in) applies. An invalid document allows nothing.
    """
    try:
        elements, _ = raw_statements(document)
        statements = [Statement(element, index) for index, element in enumerate(elements)]
    except InvalidPolicyError:
        return False
    known: dict[str, list[str]] = {
        "aws:principalservicename": [service],
        "aws:principalservicenameslist": [service],
        "aws:principalisawsservice": ["true"],
        "aws:securetransport": ["true"],
    }
    if source_account is not None:
        known["aws:sourceaccount"] = [source_account]
    if source_arn is not None:
        known["aws:sourcearn"] = [source_arn]
    known |= {key.lower(): [value] for key, value in (context or {}).items()}
    wanted = action.lower()
    granted = False
    for statement in statements:
        if statement.allows:
            granted = granted or (
                not statement.not_principal
                and _names(statement, service)
                and _acts(statement, wanted)
                and not statement.not_resource
                and any(covers(p, resource) for p in statement.resources.patterns if "${" not in p)
                and all(_holds(condition, known) for condition in statement.conditions)
            )
        elif (
            _may_name(statement, service)
            and _acts(statement, wanted)
            and _may_reach(statement, resource)
            and all(_holds(condition, known) is not False for condition in statement.conditions)
        ):
            return False
    return granted


def _names(statement: Statement, service: str) -> bool:
    principals = statement.principals
    return principals.broadest == EVERYONE or service in principals.services


def _may_name(deny: Statement, service: str) -> bool:
    if deny.not_principal:
        return not _names(deny, service)
    return _names(deny, service) or deny.principals.broadest == WILDCARD


def _acts(statement: Statement, action: str) -> bool:
    return statement.not_action is not any(matches(p, action) for p in statement.actions.patterns)


def _may_reach(statement: Statement, resource: str) -> bool:
    if statement.not_resource:
        return not any(covers(pattern, resource) for pattern in statement.resources.patterns)
    return any(not disjoint(widened(p), resource) for p in statement.resources.patterns)


def _holds(condition: Condition, known: Mapping[str, list[str]]) -> bool | None:
    """Say whether a request meets one condition; None where that cannot be decided."""
    operator = condition.operator
    actual = known.get(condition.key)
    if actual is None or any("${" in value for value in condition.values):
        return None
    if operator.base == "Null":
        return any(value.lower() == "false" for value in condition.values)
    negates = operator.negates
    compare = _COMPARISONS.get(negates or operator.base)
    if compare is None:
        return None
    met = [_any(compare, value, condition.values) is (negates is None) for value in actual]
    return any(met) if operator.qualifier == "ForAnyValue" else all(met)


def _any(compare: Callable[[str, str], bool], actual: str, values: Iterable[str]) -> bool:
    return any(compare(value, actual) for value in values)


def _equal(value: str, actual: str) -> bool:
    return value == actual


def _equal_in_any_case(value: str, actual: str) -> bool:
    return value.lower() == actual.lower()


def _arn_matches(value: str, actual: str) -> bool:
    """Compare part by part: in an ARN no wildcard reaches over a colon of the first five."""
    wanted, found = value.split(":", _ARN_PARTS - 1), actual.split(":", _ARN_PARTS - 1)
    return len(wanted) == len(found) and all(map(matches, wanted, found))


_COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_in_any_case,
    "StringLike": matches,
    "ArnEquals": _arn_matches,
    "ArnLike": _arn_matches,
    "Bool": _equal_in_any_case,
}
