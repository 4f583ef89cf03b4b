"""Judge as a deployed stack does: with its exemptions and baselines, and its rules' parameters."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from bucketward.baseline.store import BASELINES, DECISIONS, KEY, RECORDS
from bucketward.parameters import config_name

from .objecting import deployed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bucketward_tools.scan.choice import Chosen

    from .deployment import Deployment


def use(deployment: Deployment) -> None:
    """Name the stack's tables and key in the environment, as those of its functions do."""
    store = deployment.store
    os.environ[BASELINES] = store.baselines_table
    os.environ[DECISIONS] = store.decisions_table
    os.environ[RECORDS] = store.records_table
    os.environ[KEY] = store.key


def as_deployed(deployment: Deployment, chosen: Iterable[Chosen]) -> list[Chosen]:
    """Return the controls with the parameters of the stack's rules where none were given."""
    theirs = {control.stem: given for control, given in deployed(deployment)}
    found = []
    for each in chosen:
        own = {config_name(name): value for name, value in each.given.items()}
        given = {**theirs.get(each.stem, {}), **own}
        parameters = each.rule.parse_parameters(given)
        found.append(replace(each, given=given, parameters=parameters))
    return found
