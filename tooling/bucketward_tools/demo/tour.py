"""Play the stories in a local account and print the transcript."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from bucketward.errors import BadInput

from .stories import STORIES, Story

if TYPE_CHECKING:
    from bucketward_tools.local import LocalAccount

    from .transcript import Transcript


def run(scenario: str | None = None) -> int:
    """Play one story, or all; returns 0 only if every bucket ended as it was approved."""
    stories = _chosen(scenario)
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
        console.print(
            f"Account {account.place.account}, {account.place.region}, {len(names)} buckets, "
            "template.yaml deployed with\nRemediation=recommended. Times are the account's own; "
            "the latencies of AWS are\nlonger.",
            highlight=False,
        )
        for number, story in enumerate(stories, start=1):
            _play(account, transcript, number, story)
        bad = transcript.table(names)
        changed = [
            f"{aspect.replace('_', ' ')} of {name}"
            for name in names
            for aspect, document in account.snapshot(name).items()
            if document != approved[name][aspect]
        ]
    console.print()
    if bad or changed:
        for each in bad:
            console.print(f"{each}.", style="red", highlight=False)
        console.print(f"Not as approved: {', '.join(changed) or 'nothing'}.", style="red")
        return 1
    put_back = (
        "1 change was made and put back"
        if len(stories) == 1
        else (f"{len(stories)} changes were made, {len(stories)} put back")
    )
    console.print(
        f"{put_back}. All {len(names)} buckets are as approved, in every one of "
        f"{len(approved[names[0]])} aspects.",
        style="green",
        highlight=False,
    )
    _progress(f"Took {time.monotonic() - started:.1f} seconds.")
    return 0


def _chosen(scenario: str | None) -> tuple[Story, ...]:
    if scenario in {None, "", "all"}:
        return STORIES
    chosen = tuple(story for story in STORIES if story.id == scenario)
    if not chosen:
        known = ", ".join(story.id for story in STORIES)
        raise BadInput(f"There is no scenario {scenario!r}; choose all or one of: {known}.")
    return chosen


def _play(account: LocalAccount, transcript: Transcript, number: int, story: Story) -> None:
    transcript.heading(number, story.title)
    seen = len(account.events)
    service = "iam" if story.actor.startswith("user/") else "sts"
    actor = f"arn:aws:{service}::{account.place.account}:{story.actor}"
    story.change(account.client("s3", actor=actor), story.bucket)
    account.settle()
    transcript.tell(account.events[seen:], story.control, story.bucket)


def _progress(text: str) -> None:
    """Say on stderr what takes a moment, so that the transcript is always the same."""
    print(text, file=sys.stderr)
