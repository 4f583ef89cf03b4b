"""Buckets that one control leaves alone for a while, because somebody said so and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from bucketward import entry
from bucketward.errors import shown
from bucketward.verdict import ANNOTATION_LIMIT, cut, units

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_KIND = "Exemption"
_LONGEST = 500
_SHOWN_APPROVER = 100
_STEM = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Exemption:
    """A bucket (or a pattern of them) that one control does not judge until ``expires``.

    It may be placed before the bucket breaks the control, or exists. ``control`` is one stem and
    never a pattern: leave from a logging control must not become leave to be public. ``expires``
    is the first moment at which the exemption no longer holds.
    """

    id: str
    bucket: str
    control: str
    reason: str
    approver: str
    expires: datetime
    created: datetime

    def __post_init__(self) -> None:
        entry.identifier(_KIND, self.id)
        title = entry.titled(_KIND, self.id)
        for name in ("bucket", "control", "reason", "approver"):
            text = entry.line(title, name, getattr(self, name), longest=_LONGEST)
            object.__setattr__(self, name, text)
        entry.bucket_pattern(title, "bucket", self.bucket)
        if not _STEM.fullmatch(self.control):
            raise entry.bad(
                title,
                "control",
                f"{shown(self.control)} names no control; write one, such as bucket_logging, and "
                "an exemption more for each other one.",
            )
        for name in ("expires", "created"):
            object.__setattr__(self, name, entry.moment(title, name, getattr(self, name)))
        if self.expires <= self.created:
            raise entry.bad(title, "expires", "is not after created; write a later time.")

    @classmethod
    def parse(cls, given: object, *, created: datetime | None = None) -> Exemption:
        """Read an entry of `to_dict`'s form; ``created`` is for one that does not say when."""
        required = ("id", "bucket", "control", "reason", "approver", "expires")
        if isinstance(given, dict) and given.get("created") is None and created:
            given = {**given, "created": created}
        read = entry.members(_KIND, given, required=(*required, "created"))
        return cls(**read)  # type: ignore[arg-type]  # checked above, and again by the class

    def to_dict(self) -> dict[str, object]:
        """Give the entry as the decisions table and the YAML file hold it."""
        return {
            "id": self.id,
            "bucket": self.bucket,
            "control": self.control,
            "reason": self.reason,
            "approver": self.approver,
            "expires": entry.moment_text(self.expires),
            "created": entry.moment_text(self.created),
        }

    @property
    def sentence(self) -> str:
        """Say until when, why and by whom, as AWS Config shows it.

        ``Exempt until 2026-12-01: moving to KMS (ana).`` Where that does not fit an annotation,
        the reason is cut first, and never the date.
        """
        until = f"{self.expires:%Y-%m-%d}"
        if self.expires.time() != time():
            until += f" {self.expires:%H:%M} UTC"
        before = f"Exempt until {until}: "
        after = f" ({cut(self.approver, _SHOWN_APPROVER)})."
        room = ANNOTATION_LIMIT - units(before + after)
        return before + cut(self.reason.rstrip("."), room) + after


def active(
    exemptions: Iterable[Exemption], bucket: str, control: str, now: datetime
) -> Exemption | None:
    """Find the exemption of a bucket from a control that lasts longest, or None."""
    open_ = [
        exemption
        for exemption in exemptions
        if exemption.control == control
        and now < exemption.expires
        and entry.any_matches((exemption.bucket,), bucket)
    ]
    return max(open_, key=lambda exemption: (exemption.expires, exemption.id), default=None)
