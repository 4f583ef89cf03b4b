"""Which requirement of which framework a control answers, and where its page is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bucketward_tools.frameworks import Frameworks


@cache
def _frameworks() -> Frameworks:
    from bucketward_tools.frameworks import frameworks

    return frameworks()


@cache
def answered(stem: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of a framework's label and the id of a requirement: ``("CIS 5.0", "2.1.4")``."""
    return tuple((framework.label, item.id) for framework, item in _frameworks().of(stem))


def own_version() -> str:
    return version("bucketward")


def page_of(stem: str) -> str:
    """Return where the control's documentation is, relative to the repository."""
    return f"docs/controls/{stem}.md"
