"""Fetch what a bucket is exempt from; every rule asks it before it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .baseline.exemption import Exemption, active
from .baseline.store import Store
from .clock import now

if TYPE_CHECKING:
    from collections.abc import Callable


def exempting(control: str) -> Callable[[str], Exemption | None]:
    """Return what says whether a bucket is exempt from a control; raises where nobody can say."""
    store = Store.from_environment()
    if store is None or not store.decisions_table:
        return lambda bucket: None  # noqa: ARG005
    decided = store.decisions.list("exemption")
    exemptions = [Exemption.parse(dict(each.body)) for each in decided]
    return lambda bucket: active(exemptions, bucket, control, now())


def exemption(control: str, bucket: str) -> Exemption | None:
    """Return the exemption of a bucket from a control, or None; raises where it cannot be read."""
    return exempting(control)(bucket)
