"""Write what is derived from the controls: template.yaml, pages, the README's table, costs.

`files` renders everything from one tree: rules/, remediations/ and tests/cases/ say what there
is, frameworks/ who asks for it, infra/ what the application looks like. Nothing here knows a
control by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward_tools import catalogue
from bucketward_tools.frameworks import frameworks

from . import alerts, costs, coverage, monitoring, pages, picture, template

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = "make generate"
PAGES = "docs/controls"


def files(root: Path = catalogue.ROOT) -> dict[str, str]:
    """Render every generated file, by its path below ``root``."""
    controls = list(catalogue.controls(root).values())
    asked = frameworks(root)
    rendered = {
        "template.yaml": template.render(root / "infra", controls, asked),
        "monitors/controls.json": template.register(controls),
    }
    for control in controls:
        rendered[f"{PAGES}/{control.stem}.md"] = pages.page(
            control, asked, root / "tests" / "cases"
        )
    rendered[f"{PAGES}/README.md"] = pages.index(controls, asked)
    rendered["docs/alerts.md"] = alerts.page()
    rendered["docs/monitoring.md"] = monitoring.page()
    rendered["docs/dashboard.svg"] = picture.draw(picture.recorded())
    rendered["docs/frameworks.md"] = coverage.page(controls, asked)
    if (root / "README.md").is_file():
        readme = (root / "README.md").read_text(encoding="utf-8")
        rendered["README.md"] = pages.into_readme(readme, controls, asked)
    operations = root / "docs/operations.md"
    if operations.is_file():
        text = operations.read_text(encoding="utf-8")
        rendered["docs/operations.md"] = costs.into_page(text, rendered["template.yaml"])
    return rendered


def stale(root: Path = catalogue.ROOT) -> dict[str, str | None]:
    """Return what is not as rendered, by path: the right text, or None where a file must go."""
    rendered = files(root)
    there = {path.relative_to(root).as_posix() for path in (root / PAGES).glob("*.md")}
    surplus: dict[str, str | None] = dict.fromkeys(sorted(there - rendered.keys()))
    return surplus | {path: text for path, text in rendered.items() if _read(root / path) != text}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
