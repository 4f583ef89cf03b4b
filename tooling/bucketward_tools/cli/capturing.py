"""Capture the baselines of many buckets at a time, and tell of each as it is done."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketward import _aws
from bucketward._capture import captured
from bucketward.errors import BucketwardError, TooEarly
from bucketward_tools.catalogue import ROOT

from .refusal import sentence
from .screen import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bucketward._capture import Posture

    from .deployment import Deployment

_READERS = 16


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of one bucket; ``failed`` is the sentence that says why nothing did."""

    bucket: str
    aspects: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    failed: str = ""

    def to_dict(self) -> dict[str, object]:
        return {
            "bucket": self.bucket,
            "captured": list(self.aspects),
            "left_out": dict(self.left_out),
            "failed": self.failed or None,
        }


def posture() -> Posture:
    """Return which aspects each rule guards, from the file that the change monitor has as well."""
    controls = json.loads((ROOT / "monitors" / "controls.json").read_text(encoding="utf-8"))
    return {name: control["guards"] for name, control in controls.items()}


def capture_all(deployment: Deployment, buckets: Sequence[str]) -> Iterator[Captured]:
    """Yield each bucket as it is done; one that cannot be captured does not stop the others."""
    guards = posture()
    reason = f"bucketward baseline capture by {deployment.caller}"
    deployment.store.baselines, deployment.store.records  # noqa: B018 - made before the threads

    def capture(bucket: str) -> Captured:
        try:
            found = captured(deployment.store, deployment.stack, bucket, guards, reason)
        except TooEarly as error:
            return Captured(
                bucket,
                failed=f"{error} Wait for its rules, or approve it with `bucketward approve`.",
            )
        except (BucketwardError, _aws.ClientError, _aws.BotoCoreError) as error:
            return Captured(bucket, failed=sentence(error) or str(error))
        return Captured(bucket, found.aspects, found.left_out)

    with ThreadPoolExecutor(_READERS) as pool:
        for done in as_completed([pool.submit(capture, bucket) for bucket in buckets]):
            yield done.result()


def with_progress(found: Iterator[Captured], total: int) -> Iterator[Captured]:
    """Pass on what is found; a bar on a terminal moves on with it."""
    if not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(found, "Capturing", total=total, console=Console(stderr=True), transient=True)


def tell(done: Captured) -> None:
    """Print what became of a bucket, and why the rest of it was left out."""
    if done.failed:
        say(f"{done.bucket}: not captured. {done.failed}", "red")
        return
    say(f"{done.bucket}: captured {len(done.aspects)} of {total(done)} aspects")
    reasons: dict[str, list[str]] = {}
    for aspect, reason in done.left_out.items():
        reasons.setdefault(reason, []).append(aspect.replace("_", " "))
    for reason, aspects in reasons.items():
        known = reason == "approved already" and len(aspects) > 3  # noqa: PLR2004 - a short list
        say(f"  left out: {f'{len(aspects)} aspects' if known else ', '.join(aspects)}: {reason}")


def total(done: Captured) -> int:
    return len(done.aspects) + len(done.left_out)
