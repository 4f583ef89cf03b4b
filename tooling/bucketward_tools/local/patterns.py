"""EventBridge's event patterns.

A stand-in, as moto's lacks some filters and passes others over. Source: *Comparison operators for
use in event patterns* in the EventBridge user guide, and the open-source Event Ruler for arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import translate
from functools import cache
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any

from .errors import NotEmulated

Value = Any
_ABSENT = object()


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Match an event pattern: every field named must hold one of the values listed."""
    return all(
        any(matches(each, event) for each in wanted)
        if key == "$or"
        else _field(wanted, event.get(key, _ABSENT))
        for key, wanted in pattern.items()
    )


def _field(wanted: Value, actual: Value) -> bool:
    if isinstance(wanted, Mapping):
        inner = actual if isinstance(actual, list) else [actual]
        objects = [each for each in inner if isinstance(each, Mapping)]
        # A field that is not there has no members, of which "exists": false may be asked.
        return any(matches(wanted, each) for each in objects or [{}])
    # Only leaves have values: an object is no value, an empty array holds none.
    values = actual if isinstance(actual, list) else [] if actual is _ABSENT else [actual]
    leaves = [each for each in values if not isinstance(each, Mapping | list)]
    return any(_value(each, leaves) for each in wanted)


def _value(wanted: Value, leaves: list[Value]) -> bool:
    if not isinstance(wanted, Mapping):
        return any(_same(wanted, leaf) for leaf in leaves)
    if len(wanted) != 1:
        raise NotEmulated(f"An event pattern has the filter {wanted!r}.")
    ((name, argument),) = wanted.items()
    if name == "exists":
        return bool(leaves) is argument
    if name not in _FILTERS:
        raise NotEmulated(f"An event pattern filters by {name}.")
    return any(_FILTERS[name](argument, leaf) for leaf in leaves)


def _same(wanted: Value, leaf: Value) -> bool:
    """Compare as JSON does: ``true`` is not ``"true"``, nor 1."""
    return wanted == leaf and isinstance(wanted, bool) is isinstance(leaf, bool)


def _anything_but(argument: Value, leaf: Value) -> bool:
    if isinstance(argument, Mapping):
        ((name, inner),) = argument.items()
        if name not in {"prefix", "suffix", "equals-ignore-case", "wildcard"}:
            raise NotEmulated(f"An event pattern filters by anything-but {name}.")
        many = inner if isinstance(inner, list) else [inner]
        return not any(_FILTERS[name](each, leaf) for each in many)
    return not any(_same(each, leaf) for each in _listed(argument))


def _prefix(argument: Value, leaf: Value) -> bool:
    argument, leaf = _cased(argument, leaf)
    return isinstance(leaf, str) and leaf.startswith(argument)


def _suffix(argument: Value, leaf: Value) -> bool:
    argument, leaf = _cased(argument, leaf)
    return isinstance(leaf, str) and leaf.endswith(argument)


def _cased(argument: Value, leaf: Value) -> tuple[Value, Value]:
    if isinstance(argument, Mapping):
        text = argument["equals-ignore-case"]
        return text.lower(), leaf.lower() if isinstance(leaf, str) else leaf
    return argument, leaf


def _equals_ignore_case(argument: Value, leaf: Value) -> bool:
    return isinstance(leaf, str) and any(leaf.lower() == each.lower() for each in _listed(argument))


def _wildcard(argument: Value, leaf: Value) -> bool:
    return isinstance(leaf, str) and any(
        _pattern(each).match(leaf) is not None for each in _listed(argument)
    )


@cache
def _pattern(wildcard: str) -> re.Pattern[str]:
    if "\\" in wildcard:
        raise NotEmulated(f"An event pattern has the wildcard {wildcard}, with an escape.")
    return re.compile(translate(wildcard.replace("[", "[[]").replace("?", "[?]")))


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">": gt,
    ">=": ge,
}


def _numeric(argument: Value, leaf: Value) -> bool:
    if isinstance(leaf, bool) or not isinstance(leaf, int | float):
        return False
    pairs = zip(argument[::2], argument[1::2], strict=True)
    return all(_COMPARISONS[name](leaf, number) for name, number in pairs)


def _cidr(argument: Value, leaf: Value) -> bool:
    try:
        return ip_address(leaf) in ip_network(argument)
    except ValueError:
        return False


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


_FILTERS: dict[str, Callable[[Value, Value], bool]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _equals_ignore_case,
    "numeric": _numeric,
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
}
