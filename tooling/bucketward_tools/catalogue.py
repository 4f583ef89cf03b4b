"""Find the controls: one module a control in rules/, its remediation under the same name.

There is no registry to keep: a file in ``rules/`` is a control.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from types import ModuleType

    from bucketward import Remediation, Rule

_INSTALLED = Path(__file__).parent / "shipped"
ROOT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2]
"""The folder that holds rules/, remediations/, frameworks/ and template.yaml: the clone, or the
wheel's copy."""


@dataclass(frozen=True, slots=True)
class Control:
    """A rule and its remediation; None where the control has no remediation."""

    stem: str
    rule: Rule
    remediation: Remediation | None

    @property
    def name(self) -> str:
        """Its part of a CloudFormation logical id: ``BucketEncryption``."""
        return "".join(part.capitalize() for part in self.stem.split("_"))

    @property
    def kebab(self) -> str:
        """The end of its rule's name in AWS Config: ``bucket-encryption``."""
        return self.stem.replace("_", "-")

    @property
    def left_to_people(self) -> bool:
        """Whether nothing ever puts it right by itself, so that somebody has to be told."""
        return self.remediation is None or self.remediation.automatic == "none"

    @property
    def title(self) -> str:
        return self.rule.doc.partition("\n")[0].rstrip(".")


@cache
def controls(root: Path = ROOT) -> dict[str, Control]:
    """Load every control, by stem, in alphabetical order."""
    stems = sorted(path.stem for path in (root / "rules").glob("[a-z]*.py"))
    return {stem: _control(root, stem) for stem in stems}


@cache
def rules(root: Path = ROOT) -> dict[str, Control]:
    """Load every control as `controls` does, but for the remediations: a scan starts faster."""
    stems = sorted(path.stem for path in (root / "rules").glob("[a-z]*.py"))
    return {stem: Control(stem, load(root / "rules" / f"{stem}.py").rule, None) for stem in stems}


def control(stem: str, root: Path = ROOT) -> Control:
    """Load one control; raises `BadInput` that lists the names where there is no such control."""
    if not (root / "rules" / f"{stem}.py").is_file() or not stem.isidentifier():
        known = ", ".join(sorted(path.stem for path in (root / "rules").glob("[a-z]*.py")))
        raise BadInput(f"There is no control {stem!r}; choose one of: {known}.")
    return _control(root, stem)


def _control(root: Path, stem: str) -> Control:
    remediation = root / "remediations" / f"{stem}.py"
    return Control(
        stem,
        load(root / "rules" / f"{stem}.py").rule,
        load(remediation).remediation if remediation.is_file() else None,
    )


def load(path: Path) -> ModuleType:
    """Import one file under the name of its folder, as both folders hold the same file names."""
    name = f"{path.parent.name}.{path.stem}"
    if name in sys.modules and sys.modules[name].__file__ == str(path):
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInput(f"{path} is not a Python file.")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
