"""What people decided: authorisations, exemptions, and breakers closed by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bucketward.baseline.canonical import canonical
from bucketward.baseline.item import string
from bucketward.baseline.table import Table
from bucketward.errors import BadInput, Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bucketward.baseline.item import Item

AUTHORISATION = "authorisation"
EXEMPTION = "exemption"
BREAKER = "breaker"


@dataclass(frozen=True, slots=True)
class Decision:
    """A JSON object under a kind and an id."""

    kind: str
    id: str
    body: Mapping[str, Any] = field(hash=False)
    stored: str = field(repr=False, compare=False)
    """The text it was read from, which must still be there when it is replaced."""


class Decisions:
    """The table of that name."""

    def __init__(self, table: str) -> None:
        self._table = Table(table, "kind", "id")

    def list(self, kind: str) -> list[Decision]:
        """Return all decisions of a kind by id; raises `BadInput` where one cannot be read."""
        return [_read(item) for item in self._table.query(kind)]

    def get(self, kind: str, decision_id: str) -> Decision | None:
        item = self._table.get(self._table.key(kind, decision_id))
        return None if item is None else _read(item)

    def put(
        self,
        kind: str,
        decision_id: str,
        body: Mapping[str, Any],
        replacing: Decision | None = None,
    ) -> None:
        """Write a new decision, or one in place of that which was read.

        Raises `Conflict` where another has been written under the id meanwhile.
        """
        text = canonical(dict(body)).decode()
        item = {**self._table.key(kind, decision_id), "body": text}
        if replacing is None:
            done = self._table.put(item, "attribute_not_exists(#id)")
        else:
            done = self._table.put(item, "#body = :stored", stored=replacing.stored)
        if not done:
            raise _conflict(kind, decision_id)

    def delete(self, kind: str, decision_id: str, replacing: Decision | None = None) -> bool:
        """Delete a decision, where given only the one that was read; False where there is none."""
        if replacing is None:
            return self._table.delete(self._table.key(kind, decision_id), "attribute_exists(#id)")
        key = self._table.key(kind, decision_id)
        if not self._table.delete(key, "#body = :stored", stored=replacing.stored):
            raise _conflict(kind, decision_id)
        return True


def _read(item: Item) -> Decision:
    kind, decision_id, text = (string(item, name) for name in ("kind", "id", "body"))
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadInput(
            f"The {kind} {decision_id} is not a JSON object; delete it or write it again."
        )
    return Decision(kind, decision_id, body, text)


def _conflict(kind: str, decision_id: str) -> Conflict:
    return Conflict(f"The {kind} {decision_id} was written by another meanwhile; read it again.")
