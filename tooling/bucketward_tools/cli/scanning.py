"""Carry a scan out: accounts, progress, report, exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .scan_options import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from bucketward_tools.report.about import About
    from bucketward_tools.report.reverts import Revert
    from bucketward_tools.scan.account import Scan
    from bucketward_tools.scan.buckets import Found
    from bucketward_tools.scan.row import Judged

    from .progress import Progress

    Writer = Callable[[Iterable[Judged], TextIO, About], None]


def run(
    asked: Scan,
    roles: list[str],
    account: str | None,
    framework: str | None,
    wanted: tuple[Report, Path | None],
    *,
    failing: bool,
    stored: bool,
) -> int:
    """Scan and write the report that is ``wanted``, to its file; returns the exit status.

    ``stored`` says that the environment names the store of a stack.
    """
    from dataclasses import replace

    from bucketward.clock import now
    from bucketward_tools.report.about import About
    from bucketward_tools.report.rows import failing as only_failing

    from .destination import destination
    from .progress import Progress

    report, output = wanted
    write = _writer(report, output)
    about = About(asked.chosen, now(), framework)
    if stored and report is Report.HTML:
        about = replace(about, journal=_journal(about))
    to_file = output is not None and str(output) != "-"
    with Progress(bar=to_file or not sys.stdout.isatty()) as progress:
        found = about.counted(_accounts(asked, roles, account, about, progress))
        watched = progress.watched(found)
        with destination(output) as out:
            write(only_failing(watched) if failing else watched, out, about)
    for sentence in about.missing:
        _say(sentence)
    _say(f"{about.summary} {progress.seconds:,.1f} s, {progress.rate:,.0f} buckets a second.")
    return about.exit_code


def _accounts(
    asked: Scan, roles: list[str], account: str | None, about: About, progress: Progress
) -> Iterator[Judged]:
    """Scan one account after another; one that does not let us in does not end the scan."""
    from bucketward import _aws

    from .connection import account_id
    from .refusal import sentence

    def tell(found: Found) -> None:
        about.missing.extend(found.missing)
        about.widths.append(max((len(each.name) for each in found.places), default=0))
        progress.expect(len(found.places))

    wanted: list[str | None] = [*roles] or [None]
    for role in wanted:
        try:
            if role is not None:
                _aws.act_as(role)
            about.accounts.append(account_id(account if not roles else None))
            yield from asked.account(about.accounts[-1], tell)
        except (_aws.ClientError, _aws.BotoCoreError) as error:
            if len(roles) <= 1:
                raise
            about.missing.append(f"{role} was not scanned: {sentence(error) or error}")


def _journal(about: About) -> Sequence[Revert] | str:
    """Read what the stack put back; that it cannot be read does not end the scan."""
    from bucketward import _aws
    from bucketward.baseline.store import Store
    from bucketward.errors import BucketwardError
    from bucketward_tools.report.reverts import read

    from .refusal import sentence

    try:
        store = Store.from_environment()
        return read(store.records) if store else ()
    except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
        about.missing.append(f"The journal was not read: {sentence(error) or error}")
        return about.missing[-1]


def _writer(report: Report, output: Path | None) -> Writer:
    from functools import partial

    from bucketward_tools.report import rows

    match report:
        case Report.JSON:
            return rows.as_json
        case Report.CSV:
            return rows.as_csv
        case Report.OCSF:
            from bucketward_tools.report.ocsf import write
        case Report.SARIF:
            from bucketward_tools.report.sarif import write
        case Report.HTML:
            from bucketward_tools.report.page import write
        case _:
            from .destination import coloured

            return partial(rows.table, coloured=coloured(output))
    return write


def _say(sentence: str) -> None:
    from .screen import say

    say(f"bucketward: {sentence}", aside=True)
