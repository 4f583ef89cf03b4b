"""What there is to say of an incident, whatever the channel: facts, differences, next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bucketward.channels.incident import Incident
    from bucketward.event import Event

SHOWN = 8
"""Incidents that one message tells of in full; more would not be read."""
_DIFFERENCES = 6
_VALUE = 120

Written = TypeVar("Written")

_AUTHORISED = {True: "yes", False: "no", None: "not known"}


def heading(incidents: Sequence[Incident], reverts: Sequence[Event]) -> str:
    """Say in one line what a message is about."""
    one = [*(headline(each) for each in incidents), *(str(each["title"]) for each in reverts)]
    if len(one) == 1:
        return one[0]
    opened = sum(not each.resolved for each in incidents)
    parts = [
        f"{opened} open" if opened else "",
        f"{len(incidents) - opened} put back" if len(incidents) > opened else "",
        f"{len(reverts)} other reverts" if reverts else "",
    ]
    return f"Bucketward: {len(one)} events ({', '.join(filter(None, parts))})"


def fitting(
    incidents: Sequence[Incident],
    write: Callable[[int, bool], Written],
    fits: Callable[[Written], bool],
) -> Written:
    """Write a message with as many incidents in full as fit, and short ones where not one does.

    ``write`` takes how many are shown, and whether their texts are short; none, all short, fit.
    """
    most = min(len(incidents), SHOWN)
    sizes = [(shown, False) for shown in range(most, min(most, 1) - 1, -1)]
    sizes += [(shown, True) for shown in range(most, -1, -1)]
    return next(found for found in (write(*size) for size in sizes) if fits(found))


def headline(incident: Incident) -> str:
    state = "RESOLVED" if incident.resolved else incident.severity.upper()
    return f"[{state}] {incident.title}"


def facts(incident: Incident) -> Iterator[tuple[str, str]]:
    """Yield what is known, as a label and a text."""
    head = incident.head
    yield "Severity", incident.severity
    yield "Account", f"{head['account']}, {head.get('region') or 'Region unknown'}"
    if incident.bucket:
        yield "Bucket", incident.bucket
    if head.get("aspect") or head.get("control"):
        yield "Setting", str(head.get("aspect") or head.get("control")).replace("_", " ")
    actor = head.get("actor") or {}
    if head.get("eventName"):
        yield "Event", f"{head['eventName']} at {head['time']}"
        yield "By", str(actor.get("text") or "unknown")
        if actor.get("address"):
            yield "From", str(actor["address"])
        yield "Authorised", f"{_AUTHORISED[head.get('authorised')]}: {head['reason']}"
    else:
        yield "Time", str(head["time"])
        yield "Reason", str(head["reason"])
    if len(incident.alerts) > 1:
        yield "Also", ", ".join(str(each["title"]) for each in incident.alerts[1:])
    yield "What was done", done(incident)


def done(incident: Incident) -> str:
    if incident.revert is not None:
        revert = incident.revert
        return f"put back by {revert['control']} at {revert['time']} ({revert['id']})"
    action = str(incident.head.get("action") or "none")
    return "nothing yet" if action == "none" else action


def changes(event: Event) -> Iterator[str]:
    """Yield differences as lines."""
    found = event.get("changes") or []
    for each in found[:_DIFFERENCES]:
        path = each["path"] or each["aspect"]
        before, after = (cut(each[side] or "not set", _VALUE) for side in ("before", "after"))
        yield f"{path}: {before} -> {after}"
    if len(found) > _DIFFERENCES:
        yield f"and {len(found) - _DIFFERENCES} more differences"


def commands(incident: Incident) -> Iterator[tuple[str, str]]:
    """Yield what to type, with what it is for."""
    given = dict(incident.head.get("commands") or {})
    if incident.revert is not None:
        given |= {"undo": incident.revert["commands"]["undo"]}
    if given.get("approve"):
        yield "Approve the bucket as it is", str(given["approve"])
    if given.get("undo"):
        yield "Undo the revert", str(given["undo"])


def links(incident: Incident) -> Iterator[tuple[str, str]]:
    given = incident.head.get("links") or {}
    if given.get("config"):
        yield "AWS Config timeline", str(given["config"])
    if given.get("cloudtrail"):
        yield "CloudTrail event", str(given["cloudtrail"])


def plain(incident: Incident) -> str:
    """Write all of it as plain text."""
    lines = [headline(incident), ""]
    lines += [f"{label}: {text}" for label, text in facts(incident)]
    if told := list(changes(incident.head)):
        lines += ["", "Changed:", *(f"  {each}" for each in told)]
    lines += ["", str(incident.head.get("meaning", "")), str(incident.head.get("response", "")), ""]
    lines += [f"{label}: {text}" for label, text in (*commands(incident), *links(incident))]
    return "\n".join(lines).strip()


def reverted(event: Event) -> str:
    """Say in one paragraph what a revert did that ended no incident of this channel."""
    undo = event["commands"]["undo"]
    aspects = ", ".join(str(each).replace("_", " ") for each in event["aspects"])
    text = f"{event['title']}: {aspects}. {event['reason']}; last changed by {event['actor']}."
    return f"{text} Undo: {undo}" if undo else text
