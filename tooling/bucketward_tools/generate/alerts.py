"""docs/alerts.md: every alert, what it means, what to do, and its ATT&CK techniques."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward.changes import ALERTS
from bucketward.changes.alerts.objects import OBJECTS
from bucketward.changes.alerts.operations import NOTICES
from bucketward.verdict import Severity

from .pages import NOTE, code, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward.changes.alert import Alert
    from bucketward.changes.attack import Technique

_HEAD = """\
# Alerts

Every kind of alert that Bucketward raises. `bucketward classify RECORD.json` says which ones a
CloudTrail record raises; the [channels](channels.md) tell people.

The severity is the usual one. *Depends* means that it is another where the resulting state is
better or worse: an ACL that is public is critical, and high while the bucket's block ignores public
ACLs. No record says what was there before, so `classify` leaves out what compares with it. ATT&CK
techniques are given by their ids in v18 and v19, which renumbered some.

A call that was refused raises `denied-s3-write` and nothing else, as nothing changed; one that
failed otherwise raises nothing. A change that was authorised and does no harm raises an alert for
`classify`, and tells nobody."""
_OBJECTS = """\
## On objects, in buckets that you name

Off until `ObjectAlertBuckets` names buckets. `object-acl-public` above then tells of objects whose
ACL was made public; that takes a trail that records these buckets' data events. What follows takes
the buckets' notifications to EventBridge, and says what each may hold:

- `ObjectTypes`, such as `acme-in=pdf csv; acme-web=png jpg`: the extension of the object's name.
- `ObjectContentTypes`, such as `acme-in=application/pdf text/csv; acme-web=image/*`: the content
  type that it was uploaded with. No event tells it, so it takes a HeadObject request an upload and
  the permission to read these buckets' objects (that to use their KMS key it does not take).

A bucket that both name has to satisfy both. What is in the object is not looked at."""
_COLUMNS = ("id", "title", "severity", "raised by", "meaning", "what to do", "ATT&CK")


def page() -> str:
    parts = [
        NOTE.format(source="src/bucketward/changes/alerts/"),
        _HEAD,
        "## On a change",
        table(_COLUMNS, map(_row, ALERTS.values())),
        "## Found out while working",
        "What no single event of CloudTrail tells.",
        table(_COLUMNS, map(_row, NOTICES.values())),
        _OBJECTS,
        table(_COLUMNS, map(_row, OBJECTS.values())),
        "## By severity",
        table(("severity", "alerts"), _by_severity((ALERTS | NOTICES | OBJECTS).values())),
    ]
    return "\n\n".join(parts) + "\n"


def _row(alert: Alert) -> tuple[str, ...]:
    severity = alert.severity.value + (" (depends)" if alert.grade else "")
    return (
        f'<a id="{alert.id}"></a>`{alert.id}`',
        alert.title,
        severity,
        _raised_by(alert),
        alert.meaning,
        alert.response,
        ", ".join(map(_technique, alert.attack)),
    )


def _raised_by(alert: Alert) -> str:
    if len(alert.events) > _MOST:
        return f"{len(alert.events)} events"
    condition = ", where its condition holds" if alert.when else ""
    return f"{code(alert.events)}{condition}" if alert.events else ""


_MOST = 8


def _technique(technique: Technique) -> str:
    same = technique.v18 == technique.v19
    return (
        f"{technique.v18} (v18, v19)" if same else f"{technique.v18} (v18), {technique.v19} (v19)"
    )


def _by_severity(alerts: Iterable[Alert]) -> Iterator[tuple[str, str]]:
    known = list(alerts)
    for severity in reversed(Severity):
        yield severity.value, code(each.id for each in known if each.severity is severity)
