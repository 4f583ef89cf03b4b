"""Use the store of a deployed stack: its exemptions and baselines."""

from __future__ import annotations

import os

from bucketward.baseline.store import BASELINES, DECISIONS, KEY, RECORDS


def use(stack: str, region: str) -> None:
    """Name the stack's tables and key in the environment, as those of its functions do."""
    from .deployment import Deployment

    store = Deployment.find(stack, None, region).store
    os.environ[BASELINES] = store.baselines_table
    os.environ[DECISIONS] = store.decisions_table
    os.environ[RECORDS] = store.records_table
    os.environ[KEY] = store.key
