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
from collections.abc import Mapping
from dataclasses import Field, field, fields
from typing import Any, TypeVar, get_type_hints

from .errors import BadInput

P = TypeVar("P")

RESERVED = frozenset({"AssumeRoleMode", "ExecutionRoleName", "ExecutionRoleRegion"})
"""Parameters that rdklib understands; every rule takes them, see `bucketward._rdk`."""


def parameter(
    default: Any,  # noqa: ANN401 - the type checker takes the field's annotation
    description: str,
    *,
    pattern: str = "[^\"\\\\]*",
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
    """The name in AWS Config: ``kms_key_arns`` is ``kmsKeyArns``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def parse(declared: type[P], given: Mapping[str, Any], *, control: str) -> P:
    """Build the parameters of a control from text; an empty text means the default.

    Raises `BadInput` for a name that the control does not have and for a value that does not
    match: a mistyped parameter must not silently leave a control wide open.
    """
    known = {f.name: f for f in fields(declared)}  # type: ignore[arg-type]
    by_name = {config_name(name): name for name in known} | {name: name for name in known}
    types = get_type_hints(declared)
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name in RESERVED:
            continue
        if name not in by_name:
            choices = ", ".join(map(config_name, known)) or "none"
            raise BadInput(f"{control} has no parameter {name!r}; it has: {choices}.")
        if str(text).strip():
            own = by_name[name]
            values[own] = _value(types[own], str(text).strip(), known[own], control)
    return declared(**values)


def _value(kind: Any, text: str, declared: Field[Any], control: str) -> object:  # noqa: ANN401
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise _bad(declared, text, "true or false", control)
        return text.lower() == "true"
    if kind is int:
        if not re.fullmatch(r"\d{1,9}", text):
            raise _bad(declared, text, "a whole number", control)
        return int(text)
    parts = [text] if kind is str else [part.strip() for part in text.split(",") if part.strip()]
    pattern = declared.metadata["pattern"]
    for part in parts:
        if not re.fullmatch(pattern, part):
            raise _bad(declared, part, f"text like {pattern}", control)
    return text if kind is str else tuple(parts)


def _bad(declared: Field[Any], text: str, expected: str, control: str) -> BadInput:
    return BadInput(
        f"Parameter {config_name(declared.name)} of {control} is {text!r}; expected {expected}."
    )
