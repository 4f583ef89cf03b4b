"""Judge every bucket of the account and Region on AWS Config's schedule.

A rule with ``live`` aspects needs it: a change to these alone makes no configuration item. Buckets
are read in parallel; one that cannot be read keeps its old verdict and is told of at the end, so
that the others are reported all the same.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from . import _aws
from ._log import logger
from .errors import BucketNotFound, BucketwardError, EvaluationLost
from .verdict import not_applicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rule import Rule
    from .verdict import Verdict

_READERS = 32
"""Buckets read at a time: at 30 ms a call, about a thousand calls a second."""


def judge_all(rule: Rule, account: str, given: Any) -> tuple[dict[str, Verdict], list[str]]:  # noqa: ANN401
    """Return the verdicts by bucket, and the names of those that could not be judged."""
    from ._baseline import compared
    from ._exemption import exempting

    region = str(_aws.client("s3").meta.region_name)
    exempt = exempting(rule.control)
    verdicts: dict[str, Verdict] = {}
    unread: list[str] = []

    def judge(name: str) -> tuple[str, Verdict | Exception]:
        try:
            if (found := exempt(name)) is not None:
                return name, not_applicable(found.sentence)
            bucket = _aws.read_bucket(name, rule.reads, account=account, region=region)
            baseline = compared(name, None) if rule.compares else None
            return name, rule.judge(bucket, given, baseline)
        except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
            return name, error

    with ThreadPoolExecutor(_READERS) as pool:
        for name, found in pool.map(judge, _aws.bucket_names(region)):
            if isinstance(found, BucketNotFound):
                continue  # deleted since it was listed; its own notification says so
            if isinstance(found, Exception):
                unread.append(name)
                logger.error("no verdict", extra={"bucket": name, "reason": str(found)})
            else:
                verdicts[name] = found
    return verdicts, unread


def complain(control: str, unread: list[str]) -> None:
    """Raise where buckets were left out, so that the schedule's event is tried again."""
    if unread:
        some = ", ".join(unread[:3]) + (", ..." if len(unread) > 3 else "")  # noqa: PLR2004
        raise EvaluationLost(f"{control} could not judge {len(unread)} buckets: {some}.")


def counted(verdicts: dict[str, Verdict]) -> Iterator[tuple[str, int]]:
    """Yield how many buckets got which compliance."""
    found = [verdict.compliance.value for verdict in verdicts.values()]
    yield from sorted((each, found.count(each)) for each in set(found))
