"""Whether one statement of a policy takes in another: sound, so False may be "not proved"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .policy.statements import Statement
from .wildcards import STAR, covers, widened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .policy.conditions import Condition


class Written(NamedTuple):
    """A statement as written and as read."""

    raw: dict[str, Any]
    read: Statement

    @classmethod
    def of(cls, raw: dict[str, Any], index: int) -> Written:
        return cls(raw, Statement(raw, index))


def within(inner: Written, outer: Written) -> bool:
    """Say whether every request that ``inner`` matches is matched by ``outer``."""
    return (
        _principals_within(inner.raw, outer.raw)
        and _patterns_within(inner, outer, "Action")
        and _patterns_within(inner, outer, "Resource")
        and _conditions_within(inner.read.conditions, outer.read.conditions)
    )


def _principals_within(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    if "NotPrincipal" in outer:
        return bool(inner.get("NotPrincipal") == outer["NotPrincipal"])
    theirs = _named(outer.get("Principal"))
    if ("AWS", STAR) in theirs:
        return True
    return "NotPrincipal" not in inner and _named(inner.get("Principal")) <= theirs


def _named(element: object) -> set[tuple[str, object]]:
    if not isinstance(element, dict):
        return {("AWS", STAR)}
    return {
        (kind, value)
        for kind, values in element.items()
        for value in (values if isinstance(values, list) else [values])
    }


def _patterns_within(inner: Written, outer: Written, name: str) -> bool:
    if f"Not{name}" in inner.raw or f"Not{name}" in outer.raw:
        everything = name == "Action" and "NotAction" not in outer.raw and outer.read.actions.every
        same = inner.raw.get(f"Not{name}") == outer.raw.get(f"Not{name}")
        return everything or same
    if name == "Action":
        if outer.read.actions.every:
            return True
        theirs, ours = outer.read.actions.patterns, inner.read.actions.patterns
    else:
        theirs, ours = outer.read.resources.patterns, inner.read.resources.patterns
    # What a variable stands for is not known, so a pattern that has one takes in itself alone, and
    # is taken in by what takes in everything after it.
    return all(
        any(
            pattern == each or ("${" not in pattern and covers(pattern, widened(each)))
            for pattern in theirs
        )
        for each in ours
    )


def _conditions_within(inner: Iterable[Condition], outer: Iterable[Condition]) -> bool:
    """Each condition narrows, so the outer statement may have none that the inner has not."""
    ours = list(inner)
    return all(any(_implies(each, wanted) for each in ours) for wanted in outer)


def _implies(condition: Condition, wanted: Condition) -> bool:
    """Say whether a request that meets ``condition`` meets ``wanted``.

    The values of one operator are alternatives, those of a negated one are all excluded.
    """
    ours, theirs = condition.demanded, wanted.demanded
    if ours and theirs and ours.version and theirs.version:
        return ours.version <= theirs.version
    if (condition.operator, condition.key) != (wanted.operator, wanted.key):
        return False
    mine, others = set(condition.values), set(wanted.values)
    if wanted.operator.may_limit:
        return bool(mine) and mine <= others
    return others <= mine if wanted.operator.negates else mine == others
