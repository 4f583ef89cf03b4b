"""Who may change which settings of which buckets, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bucketward import entry
from bucketward.aspects import ASPECTS
from bucketward.changes.principal import fault, names
from bucketward.changes.vocabulary import BUCKET, WRITES, event_names
from bucketward.errors import BadInput, shown

if TYPE_CHECKING:
    from datetime import datetime

    from bucketward.changes.change import Change

ALL: Final = "all"
"""In ``aspects``: every change of a bucket, those that Bucketward can't classify included."""

PARAMETER: Final = "AuthorisedRoles"

_KIND = "Authorisation"
_LONGEST_REASON = 500
_ASPECTS = frozenset(WRITES.values())
_OF_A_BUCKET = frozenset(
    [operation.event for aspect in ASPECTS.values() for operation in aspect.writes]
    + [event for event, aspect in WRITES.items() if aspect in {BUCKET, "metadata", "abac"}]
)
"""Events that are about one bucket even where their record does not say which."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One role or user (or a pattern of them), and the changes that it may make.

    ``actor`` is the ARN of the role or user itself, see `bucketward.changes.principal`.
    ``buckets`` are patterns for whole names. ``aspects`` hold names of aspects, or of single
    CloudTrail events where only the put or only the delete is meant, or `ALL`.
    ``account_settings`` takes in what belongs to no bucket, such as the account's public access
    block: no pattern for buckets does, not even ``*``. The window goes from ``start``
    (included) to ``end`` (not included), by the time of the change.

    Raises `BadInput` for what could let in more than is written.
    """

    id: str
    actor: str
    reason: str
    """Why, in a sentence or as the number of the change ticket."""
    buckets: tuple[str, ...] = ()
    aspects: tuple[str, ...] = (ALL,)
    account_settings: bool = False
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        entry.identifier(_KIND, self.id)
        title = entry.titled(_KIND, self.id)
        if wrong := fault(self.actor):
            raise entry.bad(title, "actor", f"{shown(self.actor)} {wrong}")
        if not isinstance(self.account_settings, bool):
            raise entry.bad(title, "account_settings", "must be true or false.")
        reason = entry.line(title, "reason", self.reason, longest=_LONGEST_REASON)
        object.__setattr__(self, "reason", reason)
        object.__setattr__(self, "buckets", _buckets(title, self.buckets, self.account_settings))
        object.__setattr__(self, "aspects", _aspects(title, self.aspects))
        for name in ("start", "end"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, entry.moment(title, name, value))
        if self.start and self.end and self.start >= self.end:
            raise entry.bad(title, "end", "is not after start; correct one of the two.")

    @classmethod
    def parse(cls, given: object) -> Authorisation:
        """Read an entry of `to_dict`'s form; a single bucket or aspect may be bare text."""
        read = entry.members(
            _KIND,
            given,
            required=("id", "actor", "aspects", "reason"),
            optional=("buckets", "account_settings", "start", "end"),
        )
        return cls(**{name: value for name, value in read.items() if value is not None})  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """Give the entry as the decisions table and the YAML file hold it."""
        written: dict[str, object] = {"id": self.id, "actor": self.actor}
        if self.buckets:
            written["buckets"] = list(self.buckets)
        written["aspects"] = list(self.aspects)
        if self.account_settings:
            written["account_settings"] = True
        for name in ("start", "end"):
            if value := getattr(self, name):
                written[name] = entry.moment_text(value)
        return written | {"reason": self.reason}

    def names(self, principal: str, account: str) -> bool:
        """Whether it is about this role or user; ``account`` is what the placeholder stands for."""
        return names(self.actor, principal, account)

    def gaps(self, change: Change) -> tuple[str, ...]:
        """Say what of a change the entry does not cover; nothing where it covers all."""
        missing = []
        if change.bucket is not None:
            if not entry.any_matches(self.buckets, change.bucket):
                missing.append(f"bucket {shown(change.bucket)}")
        elif change.event_name in _OF_A_BUCKET:
            missing.append("a bucket that the record does not name")
        elif not self.account_settings:
            missing.append("settings of the account")
        if not {ALL, change.aspect, change.event_name}.intersection(self.aspects):
            missing.append(f"{change.aspect} by {shown(change.event_name)}")
        if not self._open(change.time):
            missing.append(
                f"the time {entry.moment_text(change.time)}" if change.time else "an unknown time"
            )
        return tuple(missing)

    def _open(self, time: datetime | None) -> bool:
        if time is None:
            return self.start is None and self.end is None
        return (self.start is None or self.start <= time) and (self.end is None or time < self.end)


def from_parameter(text: str) -> tuple[Authorisation, ...]:
    """Read the template's parameter: ARNs of roles or patterns of them, separated by commas.

    Each is authorised for every setting of every bucket, but not for settings of the account.
    A role with a comma in its name has to go into the file.
    """
    found: list[Authorisation] = []
    for actor in dict.fromkeys(part.strip() for part in text.split(",")):
        if not actor:
            continue
        if (wrong := fault(actor)) is None and ":role/" not in actor:
            wrong = "is no role; authorise a user in the file."
        if wrong:
            raise BadInput(f"{PARAMETER}: {shown(actor)} {wrong}")
        number = len(found) + 1
        found.append(
            Authorisation(f"{PARAMETER}-{number}", actor, f"Parameter {PARAMETER}.", buckets=("*",))
        )
    return tuple(found)


def _buckets(title: str, value: object, account_settings: bool) -> tuple[str, ...]:  # noqa: FBT001
    if not value and account_settings:
        return ()
    if not value:
        raise entry.bad(
            title, "buckets", "is missing; name some, or write account_settings: true, or both."
        )
    patterns = entry.texts(title, "buckets", value)
    for pattern in patterns:
        entry.bucket_pattern(title, "buckets", pattern)
    return patterns


def _aspects(title: str, value: object) -> tuple[str, ...]:
    """Give names of aspects and of events; an API operation or IAM action becomes its events."""
    found: set[str] = set()
    for given in entry.texts(title, "aspects", value):
        aspect = given.strip().replace(" ", "_").replace("-", "_")
        events = event_names(given.strip().removeprefix("s3:"))
        if aspect == ALL or aspect in _ASPECTS:
            found.add(aspect)
        elif events:
            found.update(events)
        else:
            hint = entry.suggestion(aspect, [ALL, *sorted(_ASPECTS)])
            raise entry.bad(title, "aspects", f"holds {shown(given)}, which is none; {hint}")
    if ALL in found and len(found) > 1:
        raise entry.bad(title, "aspects", "holds more than all; leave all or the others out.")
    return tuple(sorted(found))
