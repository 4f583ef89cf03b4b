"""Decide what a role of the template may do, from its own policies and nothing else.

moto's enforcement is not used: for public access block, encryption, ownership and object lock it
expects the name of the API operation where IAM has another one, and it looks at neither all
conditions nor all resources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .errors import NotEmulated

Statement = Mapping[str, Any]

_STATEMENT_KEYS = {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}

_KEYS = {
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "cloudwatch:namespace",
    "dynamodb:leadingkeys",
    "events:detail-type",
    "events:source",
    "iam:passedtoservice",
    "kms:calleraccount",
    "kms:macalgorithm",
}
"""Condition keys that the account knows the value of, or knows to be absent from a request."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a principal wants: ``context`` holds the condition keys of the request."""

    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """A key of several values has a tuple of them."""
    service: str | None = None
    """The service that asks, where a trust policy or a resource's policy decides."""


@dataclass(frozen=True, slots=True)
class Role:
    logical_id: str
    name: str
    arn: str
    trust: tuple[Statement, ...]
    statements: tuple[Statement, ...]

    def allows(self, request: Request) -> bool:
        return allows(self.statements, request)

    def trusts(self, service: str, context: Mapping[str, str | tuple[str, ...]]) -> bool:
        """Whether the service may assume the role."""
        return allows(self.trust, Request("sts:AssumeRole", self.arn, context, service))


def statements(document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return the statements of a policy, refusing elements that are not understood."""
    found = tuple(_list(document["Statement"]))
    for statement in found:
        unknown = set(statement) - _STATEMENT_KEYS
        if unknown:
            raise NotEmulated(f"A policy uses {', '.join(sorted(unknown))}.")
    return found


def allows(policy: Iterable[Statement], request: Request) -> bool:
    """IAM's rule: an explicit deny wins, else an explicit allow is needed."""
    effects = {each["Effect"] for each in policy if _matches(each, request)}
    return "Allow" in effects and "Deny" not in effects


def _matches(statement: Statement, request: Request) -> bool:
    # A trust policy has no Resource, an identity's policy no Principal.
    return (
        any(like(each.lower(), request.action.lower()) for each in _list(statement["Action"]))
        and any(like(each, request.resource) for each in _list(statement.get("Resource", "*")))
        and _principal(statement.get("Principal"), request.service)
        and all(
            _condition(operator, key, values, request.context)
            for operator, pairs in statement.get("Condition", {}).items()
            for key, values in pairs.items()
        )
    )


def _principal(principal: Any, service: str | None) -> bool:  # noqa: ANN401 - JSON
    if principal is None:
        return service is None
    if principal == "*" and service is not None:
        return True
    if not isinstance(principal, Mapping) or set(principal) != {"Service"}:
        raise NotEmulated(f"A policy names the principal {principal!r}.")
    return service in _list(principal["Service"])


def _condition(
    operator: str,
    key: str,
    values: Any,  # noqa: ANN401 - JSON: one or many
    context: Mapping[str, str | tuple[str, ...]],
) -> bool:
    for_all = operator.startswith(_FOR_ALL)
    operator = operator.removeprefix(_FOR_ALL)
    if operator not in _OPERATORS:
        raise NotEmulated(f"A policy's condition uses the operator {operator}.")
    if key.lower() not in _KEYS:
        raise NotEmulated(f"A policy's condition uses the key {key}.")
    actual = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if actual is None:
        # None of these operators holds for a key that the request lacks, but for "all of none".
        return for_all
    texts = [str(value).lower() if operator == "Bool" else str(value) for value in _list(values)]
    if isinstance(actual, tuple) is not for_all:
        raise NotEmulated(f"A policy's condition compares {key} by {operator}.")
    return all(
        any(_OPERATORS[operator](text, each) for text in texts)
        for each in (actual if isinstance(actual, tuple) else (actual,))
    )


def like(pattern: str, text: str) -> bool:
    """Match with IAM's wildcards ``*`` and ``?``."""
    return _pattern(pattern).fullmatch(text) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON: one or many
    return value if isinstance(value, list) else [value]


_FOR_ALL = "ForAllValues:"
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda expected, actual: expected == actual,
    "StringLike": like,
    "ArnEquals": like,  # IAM: ArnEquals and ArnLike behave identically
    "ArnLike": like,
    "Bool": lambda expected, actual: expected == actual,
}
