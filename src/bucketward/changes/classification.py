"""Which alerts a change raises."""

from collections.abc import Collection, Iterator, Mapping

from bucketward.aspects import Document
from bucketward.changes.alert import Alert, Finding, Situation
from bucketward.changes.alerts import ALERTS, DENIED, UNCLASSIFIED
from bucketward.changes.change import Change
from bucketward.changes.payload import account_id
from bucketward.changes.vocabulary import WRITES

SHORT_EXPIRATION_DAYS = 7
"""A lifecycle that deletes after so many days or fewer leaves no time to notice: ransom notes
threaten with a week."""

CONTROL_TAGS = ("bucketward*", "*exempt*")
"""Patterns of tag keys, in any case, that tools take as leave to spare a bucket."""

_BY_EVENT: dict[str, tuple[Alert, ...]] = {
    event: tuple(alert for alert in ALERTS.values() if event in alert.events)
    for event in {event for alert in ALERTS.values() for event in alert.events}
}


def classify(  # noqa: PLR0913 - everything after the record is optional knowledge
    record: object,
    *,
    before: Mapping[str, Document] | None = None,
    account: str | None = None,
    own_buckets: Collection[str] | None = None,
    short_expiration_days: int = SHORT_EXPIRATION_DAYS,
    control_tags: Collection[str] = CONTROL_TAGS,
) -> list[Finding]:
    """Give the alerts that a CloudTrail record raises, generic ones first within each aspect.

    ``record`` is a record, its EventBridge event, or a Change. ``before`` maps the names of
    aspects to their documents before the change, as the S3 API returned them (``None``: not set);
    an aspect left out is unknown, and the alerts that compare do without. ``account`` owns the
    bucket, by default the one that the record says does; ``own_buckets`` are all its buckets.

    Reads, other event sources and calls that failed without being denied raise nothing, because
    nothing changed. Raises BadInput for what is not one CloudTrail record.
    """
    change = record if isinstance(record, Change) else Change.from_record(record)
    situation = Situation(
        change=change,
        before=before or {},
        account=account_id(account) or change.account,
        own_buckets=own_buckets,
        short_expiration_days=short_expiration_days,
        control_tags=tuple(control_tags),
    )
    return [
        Finding(
            id=alert.id,
            title=alert.title,
            severity=severity,
            aspect=change.aspect,
            bucket=change.bucket,
            actor=str(change.actor),
            event_name=change.event_name,
            event_id=change.event_id,
        )
        for alert in _candidates(change)
        if (severity := alert.raised(situation))
    ]


def _candidates(change: Change) -> Iterator[Alert]:
    if not change.write:
        return
    if change.failed:
        if change.management and change.denied:
            yield DENIED
        return
    if change.management and change.event_name not in WRITES:
        yield UNCLASSIFIED
    yield from _BY_EVENT.get(change.event_name, ())
