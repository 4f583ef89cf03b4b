"""The CloudFormation parameters of a control, from the fields that its code declares.

The rule's and the remediation's fields of the same name are one parameter of the stack, so that
the rule and the remediation can't be told different things.
"""

from __future__ import annotations

import json
from dataclasses import Field, fields
from typing import TYPE_CHECKING, Any, get_type_hints

from bucketward.errors import BadInput
from bucketward.parameters import config_name

from .holes import Tag

if TYPE_CHECKING:
    from bucketward_tools.catalogue import Control

_CONFIG_LIMIT = 1024
"""Characters that AWS Config accepts as a rule's InputParameters, which is one JSON text."""


def declared(control: Control) -> dict[str, Field[Any]]:
    """Return the fields by the name of their stack parameter; the rule's own come first."""
    found = {_logical(control, each): each for each in fields(control.rule.parameters)}
    if control.remediation:
        for each in fields(control.remediation.parameters):
            found.setdefault(_logical(control, each), each)
    for name, each in found.items():
        if "description" not in each.metadata:
            raise BadInput(f"{control.stem}: declare {each.name} with parameter(), for {name}.")
    return found


def stack_parameters(control: Control) -> dict[str, dict[str, Any]]:
    types = get_type_hints(control.rule.parameters)
    if control.remediation:
        types = get_type_hints(control.remediation.parameters) | types
    switch = {
        "Description": f"{control.stem}: whether to deploy it.",
        "Type": "String",
        "Default": text(not control.rule.opt_in),
        "AllowedValues": ["true", "false"],
    }
    return {f"Deploy{control.name}": switch} | {
        name: {
            "Description": f"{control.stem}: {each.metadata['description']}",
            "Type": "String",
            "Default": text(each.default),
            "AllowedPattern": _pattern(types[each.name], each),
            "MaxLength": _room(control, each),
        }
        for name, each in declared(control).items()
    }


def conditions(control: Control) -> dict[str, Tag]:
    """One for the control, and one a parameter of its rule: AWS Config refuses an empty value."""
    return {f"Deploy{control.name}": Tag(f"!Equals [!Ref Deploy{control.name}, 'true']")} | {
        f"Has{_logical(control, each)}": Tag(f"!Not [!Equals [!Ref {_logical(control, each)}, '']]")
        for each in fields(control.rule.parameters)
    }


def input_parameters(control: Control) -> dict[str, Tag]:
    names = {config_name(each.name): _logical(control, each) for each in _rule_fields(control)}
    return {
        name: Tag(f"!If [Has{logical}, !Ref {logical}, !Ref AWS::NoValue]")
        for name, logical in names.items()
    }


def environment(control: Control) -> dict[str, Any]:
    """Give the remediation its parameters as a JSON object of strings; empty is the default."""
    if control.remediation is None:
        return {}
    given = {
        config_name(each.name): f"${{{_logical(control, each)}}}"
        for each in fields(control.remediation.parameters)
    }
    if not given:
        return {}
    return {"Variables": {"BUCKETWARD_PARAMETERS": Tag(f"!Sub '{json.dumps(given)}'")}}


def text(value: object) -> str:
    """Write a default as the text that AWS Config and CloudFormation hold."""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pattern(kind: Any, each: Field[Any]) -> str:  # noqa: ANN401 - a type annotation
    if kind is bool:
        return "^(true|false)?$"
    if kind is int:
        return r"^(\d{1,9})?$"
    one = f"({each.metadata['pattern']})"
    return f"^({one})?$" if kind is str else f"^({one}( *, *{one})*)?$"


def _room(control: Control, each: Field[Any]) -> int:
    """Return the longest value that AWS Config accepts while the others have their defaults."""
    others = {
        config_name(other.name): "" if other is each else text(other.default)
        for other in fields(control.rule.parameters)
    }
    return _CONFIG_LIMIT - len(json.dumps(others))


def _rule_fields(control: Control) -> tuple[Field[Any], ...]:
    return fields(control.rule.parameters)


def _logical(control: Control, each: Field[Any]) -> str:
    return control.name + "".join(part.capitalize() for part in each.name.split("_"))
