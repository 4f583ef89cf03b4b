"""One approved document of one aspect of one bucket: who approved it, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bucketward.aspects import ASPECTS, Document
from bucketward.baseline.canonical import canonical, pack, unpack
from bucketward.baseline.instant import moment, stamp
from bucketward.baseline.item import Item, clean, string
from bucketward.errors import BadInput, shown

_VERSION = 1
"""Of what is signed: a signature over other members must not pass for one over these."""

_TEXTS = ("account", "bucket", "aspect", "approved_by", "reason", "event_id")
_TIMES = ("approved_at", "event_time", "read_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An aspect's document as the S3 API returned it, None for "not set", and its approval.

    ``event_time`` and ``event_id`` are of the change that led to it; a capture has the time of
    reading and an id of its own. The newest ``event_time`` is what counts, whatever order the
    approvals arrive in; ``read_at`` is when S3 was asked for the document, which is later.
    """

    account: str
    bucket: str
    aspect: str
    document: Document | None = field(hash=False)
    approved_by: str
    approved_at: datetime
    reason: str
    event_time: datetime
    event_id: str
    read_at: datetime

    def __post_init__(self) -> None:
        if self.aspect not in ASPECTS:
            raise BadInput(f"{shown(self.aspect)} is not an aspect of a bucket.")
        for name in ("account", "bucket", "event_id"):
            if not getattr(self, name):
                raise BadInput(f"An approval of {self.aspect} has no {name}.")

    @property
    def order(self) -> tuple[str, str]:
        """What the newest has most of; CloudTrail's times are whole seconds, so ids break ties."""
        return stamp(self.event_time), self.event_id

    def signed(self) -> bytes:
        """Return what the signature covers, which is all of it."""
        return canonical({"version": _VERSION, **self._particulars(), "document": self.document})

    def to_item(self) -> Item:
        return {**self._particulars(), "document": pack(self.document)}

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Approval":
        """Read an item back; raises `BadInput` where a member is missing or of another type."""
        texts = {name: string(item, name) for name in _TEXTS}
        times = {name: moment(string(item, name)) for name in _TIMES}
        document = unpack(item.get("document"))
        return cls(**texts, **times, document=document)  # type: ignore[arg-type]

    def _particulars(self) -> dict[str, str]:
        """Return every member but the document as text."""
        texts = {name: clean(getattr(self, name)) for name in _TEXTS}
        return texts | {name: stamp(getattr(self, name)) for name in _TIMES}
