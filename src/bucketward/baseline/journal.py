"""One entry of the journal: a revert and the values before and after it, for undo to read."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bucketward.aspects import Document
from bucketward.baseline.canonical import pack, unpack
from bucketward.baseline.instant import moment, stamp
from bucketward.baseline.item import Item, string, strings
from bucketward.errors import BadInput, shown

_ID = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-[0-9a-f]{8}-(.*)")
_TEXTS = ("id", "account", "bucket", "control", "actor", "reason", "undone_by", "outcome")
DONE, NOT_HELD, FAILED = "done", "did not hold", "failed"
"""How a revert ended: all was put back; it was, and somebody changed it at once; it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What one remediation did to one bucket; documents are the S3 API's, None is "not set".

    ``bucket`` is empty for a revert of the account's own settings. ``outcome`` is empty until the
    revert has ended, and stays so where the function was killed. After one that failed ``before``,
    ``after`` and ``calls`` hold what was written all the same. The id is made where none is given.
    It holds the time, by which ids sort, and the bucket, so that the entry is found by its id
    alone.
    """

    time: datetime
    account: str
    bucket: str
    control: str
    before: Mapping[str, Document | None] = field(hash=False)
    after: Mapping[str, Document | None] = field(hash=False)
    calls: tuple[str, ...] = ()
    actor: str = ""
    reason: str = ""
    undone_by: str = ""
    outcome: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        began = id_prefix(self.time)
        if not self.id:
            made = f"{began}-{secrets.token_hex(4)}-{self.bucket}"
            object.__setattr__(self, "id", made)
        elif not self.id.startswith(f"{began}-") or bucket_of(self.id) != self.bucket:
            raise BadInput(f"The journal entry id {shown(self.id)} is not of its bucket and time.")

    def to_item(self) -> Item:
        texts = {name: str(getattr(self, name)) for name in _TEXTS}
        documents = {"before": dict(self.before), "after": dict(self.after)}
        return {
            **texts,
            "time": stamp(self.time),
            "calls": list(self.calls),
            "document": pack(documents),
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "JournalEntry":
        """Read an item back; raises `BadInput` where a member is missing or of another type."""
        texts = {name: string({"outcome": "", **item}, name) for name in _TEXTS}
        documents = unpack(item.get("document"))
        match documents:
            case {"before": dict(before), "after": dict(after)}:
                return cls(
                    time=moment(string(item, "time")),
                    calls=strings(item, "calls"),
                    before=before,
                    after=after,
                    **texts,
                )
        raise BadInput(f"The journal entry {shown(texts['id'])} has no values before and after.")


def id_prefix(time: datetime) -> str:
    """Return what the ids of that time begin with, which sorts before all later ids."""
    return stamp(time).replace("-", "").replace(":", "")


def bucket_of(entry_id: str) -> str:
    """Return the bucket that a journal entry's id names."""
    match = _ID.fullmatch(entry_id)
    if match is None:
        raise BadInput(
            f"{shown(entry_id)} is not the id of a journal entry; take one that a revert reported, "
            "such as 20260102T030405.000000Z-1f2e3d4c-amzn-s3-demo-bucket."
        )
    return match[2]
