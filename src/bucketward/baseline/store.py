"""The three tables and the key of this stack, as the environment names them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from bucketward.baseline.baselines import Baselines
    from bucketward.baseline.decisions import Decisions
    from bucketward.baseline.records import Records

BASELINES = "BUCKETWARD_BASELINES"
DECISIONS = "BUCKETWARD_DECISIONS"
RECORDS = "BUCKETWARD_RECORDS"
KEY = "BUCKETWARD_KEY"


@dataclass(frozen=True)
class Store:
    """What a function may use of the store; each part is imported when it is first asked for.

    A part that the environment does not name raises `BadInput` when it is asked for: a function is
    given only the tables that it has permissions for.
    """

    baselines_table: str = ""
    decisions_table: str = ""
    records_table: str = ""
    key: str = ""

    @classmethod
    def from_environment(cls) -> Store | None:
        """Return the store, or None where the environment names no part of it."""
        names = (BASELINES, DECISIONS, RECORDS, KEY)
        given = [os.environ.get(name, "") for name in names]
        return cls(*given) if any(given) else None

    @cached_property
    def baselines(self) -> Baselines:
        from bucketward.baseline.baselines import Baselines

        return Baselines(_named(BASELINES, self.baselines_table), _named(KEY, self.key))

    @cached_property
    def decisions(self) -> Decisions:
        from bucketward.baseline.decisions import Decisions

        return Decisions(_named(DECISIONS, self.decisions_table))

    @cached_property
    def records(self) -> Records:
        from bucketward.baseline.records import Records

        return Records(_named(RECORDS, self.records_table))


def _named(variable: str, value: str) -> str:
    if not value:
        raise BadInput(f"The environment variable {variable} is not set; deploy the stack again.")
    return value
