"""What CIS, Security Hub and others ask for, and which control answers it: frameworks/*.yaml.

The stack's parameter ``Framework`` takes one of `PRESETS`. ``all`` is every control that need not
be asked for; what the others are is said by the files that name them as their ``preset``.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from bucketward.errors import BadInput

from . import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .catalogue import Control

PRESETS = ("all", "cis", "fsbp", "strict")
FOLDER = "frameworks"

Asked = dict[str, dict[str, str]]
"""Values of parameters, by the control's stem and the parameter's name in AWS Config."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One numbered item of a framework; ``note`` says what its controls leave open, or why none."""

    id: str
    title: str
    level: str = ""
    controls: list[str] = field(default_factory=list)
    parameters: Asked = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A file of frameworks/; ``every`` is for one that holds all controls, whatever they check.

    ``reference`` goes before an id where the framework is not named otherwise: ``CIS 2.1.1``.
    """

    name: str
    label: str
    title: str
    source: str = ""
    reference: str | None = None
    preset: str = ""
    every: bool = False
    parameters: Asked = field(default_factory=dict)
    requirements: list[Requirement] = field(default_factory=list)

    def of(self, stem: str) -> list[Requirement]:
        return [each for each in self.requirements if stem in each.controls]

    def asked(self, stem: str) -> dict[str, str]:
        """Return the values that it asks of a control's parameters."""
        found = dict(self.parameters.get(stem, {}))
        for each in self.requirements:
            found |= each.parameters.get(stem, {})
        return found


@dataclass(frozen=True, slots=True)
class Frameworks:
    """All of them, as one answers for a control or a preset."""

    every: tuple[Framework, ...]

    def __iter__(self) -> Iterator[Framework]:
        return iter(self.every)

    def of(self, stem: str) -> list[tuple[Framework, Requirement]]:
        return [(each, item) for each in self for item in each.of(stem)]

    def references(self, stem: str, preset: str = "all") -> list[str]:
        """Return short ids, each once: CIS 3.0 and 5.0 have most in common."""
        own = {each.name for each in self if each.preset == preset and each.requirements}
        return list(
            dict.fromkeys(
                f"{each.reference} {item.id}".strip()
                for each, item in self.of(stem)
                if each.reference is not None and (each.name in own or not own)
            )
        )

    def deploys(self, control: Control, preset: str) -> bool:
        if control.rule.compares:
            return True  # no standard asks for it, and each is the better for it
        if preset == "all":
            return not control.rule.opt_in
        return any(
            each.every or bool(each.of(control.stem)) for each in self if each.preset == preset
        )

    def asked(self, stem: str) -> dict[str, dict[str, str]]:
        """Return by parameter and preset what the presets ask; others leave it at its default."""
        found: dict[str, dict[str, str]] = {}
        for each in self:
            for name, value in each.asked(stem).items() if each.preset else ():
                if found.setdefault(name, {}).setdefault(each.preset, value) != value:
                    raise BadInput(
                        f"{each.name} asks for another {name} of {stem} than the other frameworks "
                        f"of {each.preset}; one stack can have one value only."
                    )
        return found

    def selected(self, name: str, controls: Mapping[str, Control]) -> dict[str, list[str]]:
        """Return the requirements by control of one framework, or of one preset."""
        if name in PRESETS:
            chosen = [each for each in controls.values() if self.deploys(each, name)]
            return {each.stem: self.references(each.stem, name) for each in chosen}
        [framework] = self._named(name)
        listed = {stem: [item.id for item in framework.of(stem)] for stem in controls}
        return {stem: ids for stem, ids in listed.items() if ids}

    def parameters(self, name: str, stem: str) -> dict[str, str]:
        """Return the values that one framework, or one preset, asks of a control's parameters."""
        found: dict[str, str] = {}
        for each in self._named(name):
            found |= each.asked(stem)
        return found

    def unanswered(self, name: str) -> list[str]:
        """Return the ids of its requirements that no control checks."""
        items = (item for each in self._named(name) for item in each.requirements)
        return list(dict.fromkeys(each.id for each in items if not each.controls))

    def _named(self, name: str) -> list[Framework]:
        found = [each for each in self if name in {each.preset, each.name}]
        if not found and name not in PRESETS:
            known = ", ".join(dict.fromkeys([*PRESETS, *(each.name for each in self)]))
            raise BadInput(f"There is no framework {name!r}; choose one of: {known}.")
        return found


def frameworks(root: Path = catalogue.ROOT) -> Frameworks:
    """Read all frameworks; raises `BadInput` for what they say of controls that is not so."""
    controls = catalogue.controls(root)
    found = tuple(_read(path, controls) for path in sorted((root / FOLDER).glob("*.yaml")))
    missing = set(PRESETS) - {"all"} - {each.preset for each in found}
    if missing:
        raise BadInput(f"No file of {FOLDER}/ is for the preset {', '.join(sorted(missing))}.")
    return Frameworks(found)


def _read(path: Path, controls: Mapping[str, Control]) -> Framework:
    where = f"{FOLDER}/{path.name}"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadInput(f"{where} is not YAML: {' '.join(str(error).split())}.") from error
    framework = _built(Framework, {"name": path.stem, **_mapping(data, where)}, where)
    items = [
        _built(Requirement, _mapping(each, where), f"{where}, requirement {number}")
        for number, each in enumerate(framework.requirements, 1)
    ]
    framework.requirements[:] = items
    if framework.preset not in {"", *PRESETS} - {"all"}:
        raise BadInput(f"{where}: the preset {framework.preset!r} is none of {PRESETS[1:]}.")
    _check_parameters(framework.parameters, controls, where)
    seen: set[str] = set()
    for each in items:
        item = f"{where}, {each.id}"
        if each.id in seen:
            raise BadInput(f"{item}: the id stands there twice.")
        seen.add(each.id)
        if not each.controls and not each.note:
            raise BadInput(f"{item}: name its controls, or say in a note why there is none.")
        for stem in each.controls:
            if stem not in controls:
                raise BadInput(f"{item}: there is no control {stem!r}.")
        _check_parameters(each.parameters, {stem: controls[stem] for stem in each.controls}, item)
    return framework


def _check_parameters(asked: Asked, controls: Mapping[str, Control], where: str) -> None:
    for stem, values in asked.items():
        if stem not in controls:
            raise BadInput(f"{where}: parameters of {stem!r}, which is no control of it.")
        try:
            controls[stem].rule.parse_parameters(_mapping(values, f"{where}, {stem}"))
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from error


def _mapping(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadInput(f"{where} must be a mapping of names to values.")
    return data


def _built(kind: type[T], data: dict[str, Any], where: str) -> T:
    """Make the dataclass of a mapping that has its fields, all of the right type, and no other."""
    declared = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name in data.keys() - declared.keys():
        raise BadInput(f"{where}: {name!r} is not known; known are {', '.join(declared)}.")
    for name, each in declared.items():
        if each.default is MISSING and each.default_factory is MISSING and name not in data:
            raise BadInput(f"{where}: {name} is missing.")
        default = "" if each.default in {MISSING, None} else each.default
        wanted = type(default if each.default_factory is MISSING else each.default_factory())
        if name in data and not isinstance(data[name], wanted):
            raise BadInput(f"{where}: {name} must be a {wanted.__name__}; quote a number.")
    return kind(**data)
