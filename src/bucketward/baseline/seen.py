"""One change that the change monitor has seen, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bucketward.baseline.instant import moment, stamp
from bucketward.baseline.item import Item, string, strings
from bucketward.errors import BadInput

if TYPE_CHECKING:
    from bucketward.changes import Change

_TEXTS = (
    "event_id", "bucket", "aspect", "event_name", "actor", "principal", "error_code", "standing",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChange:
    """A `bucketward.changes.Change` as it is remembered.

    ``bucket`` is empty for a change of the account's own settings, ``principal`` where CloudTrail
    does not prove who acted, ``error_code`` where the call was carried out, and ``standing`` until
    the change has been dealt with.
    """

    event_id: str
    time: datetime
    bucket: str
    aspect: str
    event_name: str
    actor: str
    principal: str = ""
    error_code: str = ""
    standing: str = ""
    findings: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, str]:
        """What the newest has most of, as `Approval.order` has it."""
        return stamp(self.time), self.event_id

    @classmethod
    def from_change(cls, change: "Change") -> "SeenChange":
        """Take what is remembered from a change; raises `BadInput` for one without id or time."""
        if not change.event_id or change.time is None:
            raise BadInput("The CloudTrail record has no eventID or no eventTime.")
        return cls(
            event_id=change.event_id,
            time=change.time,
            bucket=change.bucket or "",
            aspect=change.aspect,
            event_name=change.event_name,
            actor=str(change.actor),
            principal=change.actor.principal or "",
            error_code=change.error_code or ("Unknown" if change.failed else ""),
        )

    def to_item(self) -> Item:
        texts = {name: str(getattr(self, name)) for name in _TEXTS}
        if not self.principal:
            del texts["principal"]  # an index has no place for an empty text
        return {**texts, "time": stamp(self.time), "findings": list(self.findings)}

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "SeenChange":
        """Read an item back; raises `BadInput` where a member is missing or of another type."""
        texts = {name: string({"principal": "", **item}, name) for name in _TEXTS}
        time = moment(string(item, "time"))
        return cls(**texts, time=time, findings=strings(item, "findings"))
