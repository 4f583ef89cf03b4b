"""docs/frameworks.md: what each framework asks for, and which controls answer it, or why none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward.parameters import config_name
from bucketward_tools.frameworks import FOLDER

from . import settings
from .pages import NOTE, code, runs, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bucketward_tools.catalogue import Control
    from bucketward_tools.frameworks import Asked, Framework, Frameworks

_HEAD = """\
# Frameworks

Who asks for what, and which control answers it. The stack's parameter `Framework` deploys the
controls of one:

| `Framework` | deploys |
| --- | --- |
| `all` | every control that need not be asked for; the default |
| `cis` | what CIS AWS Foundations 3.0 and 5.0 ask for, together |
| `fsbp` | what AWS Foundational Security Best Practices asks for |
| `strict` | every control, with the strictest parameters that fit all buckets |

A control's own `Deploy<Control>` overrides it, and so does a parameter that you set. What
frameworks other than these presets ask for is here to be looked up. `bucketward controls
--framework NAME` lists the controls of a framework or preset.

The titles are ours; ids, levels and severities are those of the sources."""
_COLUMNS = ("requirement", "what it asks for", "level", "controls", "reverts by itself", "notes")


def page(controls: Sequence[Control], frameworks: Frameworks) -> str:
    by_stem = {each.stem: each for each in controls}
    parts = [NOTE.format(source=f"{FOLDER}/"), _HEAD]
    for each in frameworks:
        parts += [f"## {each.title}", _about(each)]
        if each.requirements:
            parts.append(table(_COLUMNS, _rows(each, by_stem)))
        if each.every:
            parts.append("Every control, also those that are left out by default.")
        if notes := list(_asks(each, each.parameters, by_stem)):
            parts.append(" ".join(notes))
    return "\n\n".join(parts) + "\n"


def _about(framework: Framework) -> str:
    named = f"`{FOLDER}/{framework.name}.yaml`"
    if framework.preset:
        named += f", deployed by `Framework={framework.preset}`"
    return f"{named}. Source: <{framework.source}>" if framework.source else f"{named}."


def _rows(framework: Framework, by_stem: dict[str, Control]) -> Iterator[tuple[str, ...]]:
    for each in framework.requirements:
        found = [by_stem[stem] for stem in each.controls]
        yield (
            each.id,
            each.title,
            each.level,
            ", ".join(f"[{one.stem}](controls/{one.stem}.md)" for one in found) or "none",
            "; ".join(dict.fromkeys(map(runs, found))),
            " ".join(filter(None, [*_asks(framework, each.parameters, by_stem), each.note])),
        )


def _asks(framework: Framework, asked: Asked, by_stem: dict[str, Control]) -> Iterator[str]:
    for stem, given in asked.items():
        for logical, each in settings.declared(by_stem[stem]).items():
            if (value := given.get(config_name(each.name))) is not None:
                setting = code([f"{logical}={value}"])
                preset = f"`Framework={framework.preset}` sets {setting} where you set nothing."
                yield preset if framework.preset else f"For all of it, set {setting}."
