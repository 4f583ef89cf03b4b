"""Resolve a translated template as CloudFormation does: every Ref and Fn:: becomes a value.

Intrinsic functions, conditions, mappings and pseudo parameters; what is not known is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import TemplateError
from .identifiers import Place, attribute, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Value = Any


@dataclass(frozen=True)
class Stack:
    """A translated template in one place, with values for its parameters."""

    template: Mapping[str, Value]
    place: Place
    parameters: Mapping[str, str] = field(default_factory=dict)
    _conditions: dict[str, bool] = field(default_factory=dict, init=False)
    """What holds, for every kind of resource asks it of every resource."""

    def __post_init__(self) -> None:
        unknown = set(self.parameters) - set(self.template.get("Parameters", {}))
        if unknown:
            raise TemplateError(f"The template has no parameter {', '.join(sorted(unknown))}.")

    def of_type(self, kind: str) -> Iterator[tuple[str, dict[str, Value]]]:
        """Yield logical id and resolved properties of each resource of a type that exists."""
        for logical_id, resource in self.template["Resources"].items():
            if resource["Type"] == kind and self._exists(logical_id):
                yield logical_id, self.resolve(resource.get("Properties", {}))

    def resources(self) -> Iterator[tuple[str, str]]:
        """Yield logical id and type of each resource that exists."""
        for logical_id, resource in self.template["Resources"].items():
            if self._exists(logical_id):
                yield logical_id, resource["Type"]

    def parameter_texts(self) -> dict[str, str]:
        """Return the value of each parameter as it was given, a list with its commas."""
        declared = self.template.get("Parameters", {})
        return {
            name: str(self.parameters.get(name, each.get("Default", "")))
            for name, each in declared.items()
        }

    def reference(self, logical_id: str) -> str:
        return self._ref(logical_id)  # type: ignore[no-any-return]

    def attribute(self, logical_id: str, name: str) -> str:
        resource = self._resource(logical_id)
        given = self._name(resource)
        return attribute(resource["Type"], logical_id, given, self.place, name)

    def _name(self, resource: Mapping[str, Value]) -> Mapping[str, Value]:
        """Only the properties that decide the name, or resolving would never end."""
        naming = re.compile(r"(\w*Name|Path)$")
        properties = resource.get("Properties", {})
        return {k: self.resolve(v) for k, v in properties.items() if naming.fullmatch(k)}

    def _resource(self, logical_id: str) -> Mapping[str, Value]:
        if logical_id not in self.template["Resources"] or not self._exists(logical_id):
            raise TemplateError(f"The template refers to {logical_id}, which does not exist.")
        return self.template["Resources"][logical_id]  # type: ignore[no-any-return]

    def _exists(self, logical_id: str) -> bool:
        condition = self.template["Resources"][logical_id].get("Condition")
        return condition is None or self._condition(condition)

    def _condition(self, name: str) -> bool:
        if name not in self._conditions:
            declared = self.template.get("Conditions", {})
            if name not in declared:
                raise TemplateError(f"The template has no condition {name}.")
            self._conditions[name] = self.resolve(declared[name]) is True
        return self._conditions[name]

    def resolve(self, value: Value) -> Value:
        """Replace every intrinsic function in a value."""
        if isinstance(value, list):
            resolved = [self.resolve(each) for each in value]
            return [each for each in resolved if each is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), *_ = value.items()
            if function == "Ref":
                return self._ref(argument)
            if function == "Condition" and isinstance(argument, str):
                return self._condition(argument)
            if function.startswith("Fn::"):
                if function not in _FUNCTIONS:
                    raise TemplateError(f"The template uses {function}, which is not emulated.")
                return _FUNCTIONS[function](self, argument)
        pairs = {key: self.resolve(each) for key, each in value.items()}
        return {key: each for key, each in pairs.items() if each is not _NOTHING}

    def _ref(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in (pseudo := self.place.pseudo_parameters):
            return pseudo[name]
        if name in self.template.get("Parameters", {}):
            return self._parameter(name)
        resource = self._resource(name)
        return reference(resource["Type"], name, self._name(resource), self.place)

    def _parameter(self, name: str) -> Value:
        declared = self.template["Parameters"][name]
        value = self.parameters.get(name, declared.get("Default"))
        if value is None:
            raise TemplateError(f"Parameter {name} of the template needs a value.")
        allowed = list(map(str, declared.get("AllowedValues", ())))
        if allowed and str(value) not in allowed:
            raise TemplateError(f"Parameter {name} is {value!r}; allowed are {allowed}.")
        pattern = declared.get("AllowedPattern")
        listed = declared["Type"] == "CommaDelimitedList"
        values = [each.strip() for each in str(value).split(",")] if listed else [str(value)]
        for each in values:
            if pattern and not re.fullmatch(pattern, each):
                raise TemplateError(f"Parameter {name} is {each!r}; it must match {pattern}.")
        return values if listed else str(value)

    def substitute(self, argument: Value) -> str:
        text, given = argument if isinstance(argument, list) else (argument, {})

        def value(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in given:
                return str(self.resolve(given[name]))
            logical_id, _, attribute_name = name.partition(".")
            return str(
                self.attribute(logical_id, attribute_name) if attribute_name else self._ref(name)
            )

        return re.sub(r"\$\{([^}]+)\}", value, text)

    def choose(self, argument: list[Value]) -> Value:
        condition, then, otherwise = argument
        return self.resolve(then if self._condition(condition) else otherwise)


class _Nothing:
    """What ``AWS::NoValue`` resolves to: the property is left out."""


_NOTHING = _Nothing()


def _join(stack: Stack, argument: list[Value]) -> str:
    separator, parts = argument
    return str(separator).join(map(str, stack.resolve(parts)))


def _select(stack: Stack, argument: list[Value]) -> Value:
    index, values = stack.resolve(argument)
    return values[int(index)]


def _find_in_map(stack: Stack, argument: list[Value]) -> Value:
    name, first, second = stack.resolve(argument)
    try:
        return stack.template.get("Mappings", {})[name][first][second]
    except KeyError:
        raise TemplateError(f"The template maps no {name}, {first}, {second}.") from None


_FUNCTIONS: dict[str, Callable[[Stack, Any], Value]] = {
    "Fn::Sub": lambda stack, argument: stack.substitute(argument),
    "Fn::GetAtt": lambda stack, argument: stack.attribute(
        *(argument.split(".", 1) if isinstance(argument, str) else argument)
    ),
    "Fn::If": lambda stack, argument: stack.choose(argument),
    "Fn::Equals": lambda stack, argument: len(set(map(str, stack.resolve(argument)))) == 1,
    "Fn::And": lambda stack, argument: all(stack.resolve(argument)),
    "Fn::Or": lambda stack, argument: any(stack.resolve(argument)),
    "Fn::Not": lambda stack, argument: not stack.resolve(argument)[0],
    "Fn::FindInMap": _find_in_map,
    "Fn::Join": _join,
    "Fn::Split": lambda stack, argument: str(stack.resolve(argument[1])).split(argument[0]),
    "Fn::Select": _select,
}
