"""The CloudFormation parameters of a control, from the fields that its code declares.

The rule's and the remediation's fields of the same name are one parameter of the stack, so that
the rule and the remediation can't be told different things. One that a framework asks for a value
of is empty by default, and an empty one has the value that ``Framework`` stands for.
"""

from __future__ import annotations

import json
from dataclasses import Field, fields
from typing import TYPE_CHECKING, Any, get_type_hints

from bucketward.errors import BadInput
from bucketward.parameters import config_name
from bucketward_tools.frameworks import PRESETS

from .holes import Tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bucketward_tools.catalogue import Control
    from bucketward_tools.frameworks import Frameworks

_CONFIG_LIMIT = 1024
"""Characters that AWS Config accepts as a rule's InputParameters, which is one JSON text."""
_DEPLOYED = "Deployed"
"""The row of a control's mapping that says in which presets it is deployed."""


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


def stack_parameters(control: Control, frameworks: Frameworks) -> dict[str, dict[str, Any]]:
    types = get_type_hints(control.rule.parameters)
    if control.remediation:
        types = get_type_hints(control.remediation.parameters) | types
    by_preset = values(control, frameworks)
    switch = {
        "Description": f"{control.stem}: whether to deploy it; default leaves it to Framework.",
        "Type": "String",
        "Default": "default",
        "AllowedValues": ["default", "true", "false"],
    }
    return {f"Deploy{control.name}": switch} | {
        name: {
            "Description": f"{control.stem}: {each.metadata['description']}"
            + " Left empty, it is what Framework asks for." * (name in by_preset),
            "Type": "String",
            "Default": "" if name in by_preset else text(each.default),
            "AllowedPattern": _pattern(types[each.name], each),
            "MaxLength": _room(control, each, by_preset),
        }
        for name, each in declared(control).items()
    }


def values(control: Control, frameworks: Frameworks) -> dict[str, dict[str, str]]:
    """Return the value in each preset of every stack parameter that a preset asks for."""
    asked = frameworks.asked(control.stem)
    return {
        name: {
            preset: asked[config_name(each.name)].get(preset, text(each.default))
            for preset in PRESETS
        }
        for name, each in declared(control).items()
        if config_name(each.name) in asked
    }


def mapping(control: Control, frameworks: Frameworks) -> dict[str, dict[str, Tag]]:
    """One a control, so that no way of counting a mapping's attributes reaches 200."""
    deployed = {preset: text(frameworks.deploys(control, preset)) for preset in PRESETS}
    rows = {_DEPLOYED: deployed} | {
        name.removeprefix(control.name): each for name, each in values(control, frameworks).items()
    }
    return {control.name: {name: _flow(each) for name, each in rows.items()}}


def conditions(control: Control, frameworks: Frameworks) -> dict[str, Tag]:
    """One for the control, and one a parameter of its rule: AWS Config refuses an empty value."""
    switch = f"Deploy{control.name}"
    found = {
        switch: f"!Or [!Equals [!Ref {switch}, 'true'], !And [!Equals [!Ref {switch}, default], "
        f"!Equals [{_in_preset(control, _DEPLOYED)}, 'true']]]"
    }
    by_preset = values(control, frameworks)
    for each in fields(control.rule.parameters):
        name = _logical(control, each)
        found[f"Has{name}"] = f"!Not [!Equals [!Ref {name}, '']]"
        if name in by_preset:
            found[f"Asks{name}"] = f"!Not [!Equals [{_in_preset(control, name)}, '']]"
    return {name: Tag(each) for name, each in found.items()}


def input_parameters(control: Control, frameworks: Frameworks) -> dict[str, Tag]:
    names = {config_name(each.name): _logical(control, each) for each in _rule_fields(control)}
    by_preset = values(control, frameworks)

    def unset(name: str) -> str:
        if name not in by_preset:
            return "!Ref AWS::NoValue"
        return f"!If [Asks{name}, {_in_preset(control, name)}, !Ref AWS::NoValue]"

    return {
        name: Tag(f"!If [Has{logical}, !Ref {logical}, {unset(logical)}]")
        for name, logical in names.items()
    }


def environment(control: Control, frameworks: Frameworks) -> dict[str, Any]:
    """Give the remediation its parameters as a JSON object of strings; empty is the default."""
    if control.remediation is None:
        return {}
    variables: dict[str, Any] = {}
    if control.remediation.compares:
        variables["BUCKETWARD_AUTHORISED_ROLES"] = Tag("!Ref AuthorisedRoles")
    own = [_logical(control, each) for each in fields(control.remediation.parameters)]
    names = map(config_name, (each.name for each in fields(control.remediation.parameters)))
    given = {name: f"${{{logical}}}" for name, logical in zip(names, own, strict=True)}
    if not given:
        return {"Variables": variables} if variables else {}
    by_preset = values(control, frameworks)
    filled = ", ".join(
        f"{name}: !If [Has{name}, !Ref {name}, {_in_preset(control, name)}]"
        for name in own
        if name in by_preset
    )
    written = f"'{json.dumps(given)}'"
    sub = f"!Sub [{written}, {{{filled}}}]" if filled else f"!Sub {written}"
    return {"Variables": variables | {"BUCKETWARD_PARAMETERS": Tag(sub)}}


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


def _room(control: Control, each: Field[Any], by_preset: Mapping[str, dict[str, str]]) -> int:
    """Return the longest value that AWS Config accepts while the others are left unset."""
    others = {}
    for other in fields(control.rule.parameters):
        unset = [text(other.default), *by_preset.get(_logical(control, other), {}).values()]
        others[config_name(other.name)] = "" if other is each else max(unset, key=len)
    return _CONFIG_LIMIT - len(json.dumps(others))


def _in_preset(control: Control, name: str) -> str:
    return f"!FindInMap [{control.name}, {name.removeprefix(control.name)}, !Ref Framework]"


def _flow(pairs: Mapping[str, str]) -> Tag:
    quoted = ("'" + value.replace("'", "''") + "'" for value in pairs.values())
    return Tag("{" + ", ".join(map("{}: {}".format, pairs, quoted)) + "}")


def _rule_fields(control: Control) -> tuple[Field[Any], ...]:
    return fields(control.rule.parameters)


def _logical(control: Control, each: Field[Any]) -> str:
    return control.name + "".join(part.capitalize() for part in each.name.split("_"))
