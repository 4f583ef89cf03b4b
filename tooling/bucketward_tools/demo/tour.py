"""Play the stories in a local account and print the transcript."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from bucketward.errors import BadInput

from .scenario import Ending, Scenario
from .scenarios import SCENARIOS
from .stories import STORIES, Story

if TYPE_CHECKING:
    from pathlib import Path

    from bucketward_tools.local import LocalAccount

    from .transcript import Transcript

_TOUR = {"E1", "E5", "E17"}
"""The scenarios of the main tour: who it was, what belongs together, what is left alone."""

_APART = 2 * 60 * 60
"""Seconds between two scenarios, so that one is not taken for a part of the other."""


def run(scenario: str | None = None, report: Path | None = None) -> int:
    """Play one story, or all, and write the report where one is asked for.

    Returns 0 only if every bucket ended as it was approved.
    """
    plays = _chosen(scenario)
    started = time.monotonic()
    _progress("Deploying template.yaml into a local account ...")
    try:
        from bucketward_tools.local import LocalAccount
    except ImportError as error:
        raise BadInput(
            f"The demo needs the local account's libraries ({error.name} is missing): install "
            "bucketward[local], or run `make demo` in a clone."
        ) from error
    from rich.console import Console

    from . import estate
    from .transcript import WIDTH, Transcript

    console = Console(width=WIDTH)
    names = tuple(bucket.name for bucket in estate.ESTATE)
    with LocalAccount(parameters=estate.PARAMETERS) as account:
        _progress(f"Creating {len(names)} buckets ...")
        estate.build(account)
        approved = {name: account.snapshot(name) for name in names}
        transcript = Transcript(console, account)
        failed: list[str] = []
        console.print(
            f"Account {account.place.account}, {account.place.region}, {len(names)} buckets, "
            "template.yaml deployed with\nRemediation=recommended and FastRevert=true. Times are "
            "the account's own; the\nlatencies of AWS are longer.",
            highlight=False,
        )
        for number, play in enumerate(plays, start=1):
            if isinstance(play, Story):
                _play(account, transcript, number, play)
                continue
            _attack(account, transcript, number, play)
            if play.ending is Ending.ACCEPTED:
                kept = account.snapshot(play.bucket)
                if kept == approved[play.bucket]:
                    failed.append(f"{play.id}: the authorised change did not stay")
                approved[play.bucket] = kept
        bad = failed + transcript.table(names)
        changed = [
            f"{aspect.replace('_', ' ')} of {name}"
            for name in names
            for aspect, document in account.snapshot(name).items()
            if document != approved[name][aspect]
        ]
        if report is not None:
            _report(account, report)
    console.print()
    if bad or changed:
        for each in bad:
            console.print(f"{each}.", style="red", highlight=False)
        console.print(f"Not as approved: {', '.join(changed) or 'nothing'}.", style="red")
        return 1
    console.print(
        f"{_summary(plays)} All {len(names)} buckets are as approved, in every one of "
        f"{len(approved[names[0]])} aspects.",
        style="green",
        highlight=False,
    )
    _progress(f"Took {time.monotonic() - started:.1f} seconds.")
    return 0


def _chosen(scenario: str | None) -> tuple[Story | Scenario, ...]:
    everything: tuple[Story | Scenario, ...] = (*STORIES, *SCENARIOS)
    if not scenario:
        return (*STORIES, *(each for each in SCENARIOS if each.id in _TOUR))
    chosen = tuple(each for each in everything if scenario.lower() in {each.id.lower(), "all"})
    if not chosen:
        known = ", ".join(each.id for each in everything)
        raise BadInput(f"There is no scenario {scenario!r}; choose all or one of: {known}.")
    return chosen


def _summary(plays: tuple[Story | Scenario, ...]) -> str:
    endings = [Ending.REVERTED if isinstance(each, Story) else each.ending for each in plays]
    back, stay = endings.count(Ending.REVERTED), endings.count(Ending.ACCEPTED)
    none = len(endings) - back - stay
    said = []
    if back:
        said.append(f"{back} change{'s were' if back > 1 else ' was'} made and put back")
    if stay:
        said.append(f"{stay} was authorised and stays")
    if none:
        said.append(f"{none} changed no setting")
    return f"{', '.join(said)}."


def _play(account: LocalAccount, transcript: Transcript, number: int, story: Story) -> None:
    transcript.heading(number, story.title)
    seen = len(account.events)
    service = "iam" if story.actor.startswith("user/") else "sts"
    actor = f"arn:aws:{service}::{account.place.account}:{story.actor}"
    story.change(account.client("s3", actor=actor), story.bucket)
    account.settle()
    transcript.tell(account.events[seen:], story.control, story.bucket)


def _attack(account: LocalAccount, transcript: Transcript, number: int, each: Scenario) -> None:
    from .report import Report

    transcript.heading(number, f"{each.title} ({each.id})")
    account.clock.sleep(_APART)
    seen = len(account.events)
    each.play(account)
    account.settle()
    if each.by_schedule:
        account.schedule("account_public_access_block")
        account.settle()
    Report(transcript, account, each).tell(account.events[seen:])


def _report(account: LocalAccount, file: Path) -> None:
    from bucketward_tools.cli.destination import destination

    from . import page

    with destination(file) as out:
        page.write(account, out)
    _progress(f"The report is {file}; open it in a browser.")


def _progress(text: str) -> None:
    """Say on stderr what takes a moment, so that the transcript is always the same."""
    print(text, file=sys.stderr)
