"""Parameters of rules and remediations: declared as a dataclass, given as text.

AWS Config passes every parameter as a string, and an SSM document or an environment variable can
do no better. A control declares its parameters once, as the fields of a frozen dataclass::

    @dataclass(frozen=True, slots=True)
    class Parameters:
        kms_key_arns: tuple[str, ...] = parameter((), "KMS keys that may encrypt.")

The field is called ``kmsKeyArns`` in AWS Config; a tuple is a comma-separated list there.
"""

from __future__ import annotations

import re
from dataclasses import Field, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from .errors import BadInput, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

P = TypeVar("P")

RESERVED = frozenset({"AssumeRoleMode", "ExecutionRoleName", "ExecutionRoleRegion"})
"""Parameters that rdklib understands; every rule takes them, see `bucketward._rdk`."""

_PATTERN = r'[^"\\]*'


def parameter(
    default: Any,  # noqa: ANN401 - the type checker takes the field's annotation
    description: str,
    *,
    pattern: str = _PATTERN,
    secure: str | None = None,
) -> Any:  # noqa: ANN401
    """Declare one parameter.

    ``description`` is what an operator reads in CloudFormation. ``pattern`` is a regular
    expression that each value (each element of a list) must match as a whole. ``secure`` says,
    where the default leaves something open, which value closes it.
    """
    metadata = {"description": description, "pattern": pattern, "secure": secure}
    return field(default=default, metadata=metadata)


def config_name(name: str) -> str:
    """Return the name in AWS Config: ``kms_key_arns`` is ``kmsKeyArns``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def parse(declared: type[P], given: Mapping[str, Any], *, control: str) -> P:
    """Build the parameters of a control from text; an empty text means the default.

    Raises `BadInput` for a name that the control does not have and for a value that does not
    match: a mistyped parameter must not silently leave a control wide open.
    """
    if not given:
        return declared()
    known = _declared(declared)  # type: ignore[arg-type]  # a class is hashable
    by_name = {config_name(name): name for name in known} | {name: name for name in known}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name in RESERVED:
            continue
        if name not in by_name:
            choices = ", ".join(map(config_name, known)) or "none"
            raise BadInput(f"{control} has no parameter {shown(name)}; it has: {choices}.")
        own = by_name[name]
        text = _text(value, known[own][1], control)
        if not text:
            continue
        if own in values:
            raise BadInput(f"{control} is given its parameter {config_name(own)} twice.")
        values[own] = _value(*known[own], text, control)
    return declared(**values)


@cache
def _declared(declared: type) -> dict[str, tuple[Any, Field[Any]]]:
    types = get_type_hints(declared)
    return {each.name: (types[each.name], each) for each in fields(declared)}


def _text(value: object, declared: Field[Any], control: str) -> str:
    """Return the value as AWS Config would give it; hand-made events hold numbers and lists."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        value = ",".join(value)
    if not isinstance(value, str | int | float):
        raise _bad(declared, shown(value), "text", control)
    return str(value).strip()


def _value(kind: Any, declared: Field[Any], text: str, control: str) -> object:  # noqa: ANN401
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise _bad(declared, text, "true or false", control)
        return text.lower() == "true"
    if kind is int:
        if not re.fullmatch("[0-9]{1,9}", text):
            raise _bad(declared, text, "a whole number", control)
        return int(text)
    parts = [text] if kind is str else [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise _bad(declared, text, "at least one value", control)
    pattern = declared.metadata.get("pattern", _PATTERN)
    for part in parts:
        if not re.fullmatch(pattern, part):
            raise _bad(declared, part, f"text like {pattern}", control)
    return text if kind is str else tuple(parts)


def _bad(declared: Field[Any], text: str, expected: str, control: str) -> BadInput:
    return BadInput(
        f"Parameter {config_name(declared.name)} of {control} is {shown(text)}; expected "
        f"{expected}."
    )
