"""``python -m bucketward_tools.generate.record``: a morning in the local account, recorded.

What CloudWatch would know of it by the end goes into recorded.json, of which `make generate` draws
docs/dashboard.svg.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bucketward_tools.demo import estate
from bucketward_tools.demo.scenarios import SCENARIOS
from bucketward_tools.demo.stories import STORIES, Story
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import Invoked
from bucketward_tools.local.logs import Metric

from .alarms import WAITING
from .dashboard import PERIOD
from .picture import RECORDED
from .series import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_HOURS = 6
_APART = 900
"""Seconds between two things that happen."""


def main() -> int:
    parameters = {**estate.PARAMETERS, "AlertEmail": "ops@example.com"}
    with LocalAccount(parameters=parameters) as account:
        estate.build(account)
        start = account.clock.now
        metrics: list[Metric] = []
        happenings = _happenings(account)
        for number in range(_HOURS * 3600 // _APART):
            next(happenings, _nothing)()
            if number % (3600 // _APART) == 0:
                account.schedule("ReconcilerFunctionHourly")
            account.clock.run(
                start.timestamp() + (number + 1) * _APART - account.clock.now.timestamp()
            )
            account.check()
            metrics += _waiting(account)
        metrics += _errors(account)
        metrics += account.logs.metrics
        run = _run(account, metrics, start)
    path = Path(__file__).with_name(RECORDED)
    path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    sys.stderr.write(f"Recorded in {path}; `make generate` draws it.\n")
    return 0


def _happenings(account: LocalAccount) -> Iterator[Callable[[], object]]:
    """Yield drift and attacks, a fault of AWS Config, and a war with somebody's pipeline."""
    yield from (partial(_drift, account, each) for each in STORIES)
    yield from (partial(each.play, account) for each in SCENARIOS[:8])
    yield partial(account.fail, "PutEvaluations", "AccessDeniedException", times=150)
    yield from (partial(_drift, account, each) for each in STORIES)
    yield partial(_war, account)


def _war(account: LocalAccount) -> None:
    for minutes in range(0, 60, 4):
        account.clock.later(60 * minutes, partial(_drift, account, STORIES[0]))


def _drift(account: LocalAccount, story: Story) -> None:
    service = "iam" if story.actor.startswith("user/") else "sts"
    arn = f"arn:aws:{service}::{account.place.account}:{story.actor}"
    story.change(account.client("s3", arn), story.bucket)


def _waiting(account: LocalAccount) -> list[Metric]:
    """Return how many messages each queue holds, which SQS tells CloudWatch."""
    now = account.clock.now
    return [
        Metric(now, "AWS/SQS", WAITING, {"QueueName": each.name}, len(account.messages(each.name)))
        for each in account.wiring.queues.values()
    ]


def _errors(account: LocalAccount) -> list[Metric]:
    """Return the runs of functions that failed, which Lambda counts."""
    return [
        Metric(each.time, "AWS/Lambda", "Errors", {"FunctionName": each.function}, bool(each.error))
        for each in account.events
        if isinstance(each, Invoked)
    ]


def _nothing() -> None:
    """Do nothing: all that is to happen has happened."""


def _run(account: LocalAccount, metrics: list[Metric], start: datetime) -> dict[str, object]:
    stack = account.wiring.stack
    ((_, dashboard),) = stack.of_type("AWS::CloudWatch::Dashboard")
    first, *graphs = json.loads(dashboard["DashboardBody"])["widgets"]
    latest = account.clock.now - timedelta(seconds=PERIOD)
    on = account.logs.alarmed(since=latest) | account.logs.silent()
    names = {stack.attribute(n, "Arn"): n for n, _ in stack.of_type("AWS::CloudWatch::Alarm")}
    shown = [names[each] for each in first["properties"]["alarms"]]
    return {
        "start": start.isoformat(),
        "periods": _HOURS * 3600 // PERIOD,
        "alarms": {each.removesuffix("Alarm"): each in on for each in shown},
        "series": {each["properties"]["title"]: drawn(each, metrics, start) for each in graphs},
    }


if __name__ == "__main__":
    sys.exit(main())
