"""Alerts of one cause as one incident: the worst alert is its head and gives it its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bucketward.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bucketward.event import Event

RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Incident:
    """Alerts on one aspect of one bucket by one actor; ``revert`` is the event that ended it."""

    head: Event
    alerts: tuple[Event, ...]
    messages: tuple[str, ...] = ()
    """Ids of the messages that brought them."""
    revert: Event | None = None
    reference: str = ""
    """What the other side calls it, known once it was told."""

    @property
    def key(self) -> str:
        return str(self.head["dedupKey"])

    @property
    def resolved(self) -> bool:
        return self.revert is not None

    @property
    def severity(self) -> str:
        return str(self.head["severity"])

    @property
    def bucket(self) -> str:
        return str(self.head.get("bucket") or "")

    @property
    def place(self) -> str:
        """The aspect, or what stands for it."""
        return str(self.head.get("aspect") or self.head.get("control") or self.head["id"])

    @property
    def resource(self) -> str:
        return resource(self.head)

    @property
    def title(self) -> str:
        subject = f"bucket {self.bucket}" if self.bucket else f"account {self.head['account']}"
        return f"{self.head['title']}: {subject}"

    @property
    def entry(self) -> str:
        """What it is remembered by, among those of its resource."""
        return f"incident#{self.place}#{self.key}"

    def ended_by(self, revert: Event) -> Incident:
        return replace(self, revert=revert)

    def ends_with(self, revert: Event) -> bool:
        """Whether a revert put back what this incident is about."""
        return (
            revert["account"] == self.head["account"]
            and revert["bucket"] == self.head.get("bucket")
            and self.head.get("aspect") in revert["aspects"]
            and str(revert["time"]) >= str(self.head["time"])
        )


def resource(event: Event) -> str:
    """Return the bucket's name, or the account's id where an event is about the account."""
    return str(event.get("bucket") or event["account"])


def grouped(events: Sequence[tuple[str, Event]]) -> list[Incident]:
    """Group alerts, each with the id of its message, by cause; in the order in which they came."""
    causes: dict[tuple[str, ...], list[tuple[str, Event]]] = {}
    for message, event in events:
        causes.setdefault(_cause(event), []).append((message, event))
    return [_incident(found) for found in causes.values()]


def _cause(event: Event) -> tuple[str, ...]:
    actor = event.get("actor") or {}
    who = actor.get("principal") or actor.get("text")
    # An alert on no aspect has nothing in common with another but the bucket.
    what = event.get("aspect") or event["dedupKey"]
    return tuple(str(each) for each in (event["account"], event.get("bucket"), what, who))


def _incident(found: Iterable[tuple[str, Event]]) -> Incident:
    found = list(found)
    unique = {event["dedupKey"]: event for _, event in found}
    alerts = sorted(unique.values(), key=lambda event: -RANKS.get(str(event["severity"]), 0))
    return Incident(alerts[0], tuple(alerts), tuple(message for message, _ in found))


def kept(incident: Incident) -> dict[str, Any]:
    """Return what is remembered of an incident, for the message that it is over."""
    return {name: value for name, value in incident.head.items() if name != "changes"}
