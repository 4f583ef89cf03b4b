"""Alerts on what deletes objects by itself and what copies them elsewhere."""

import re
from collections.abc import Collection, Iterator
from math import inf

from bucketward.aspects import LIFECYCLE, REPLICATION
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    DISABLE_CLOUD_LOGS,
    INDICATOR_REMOVAL,
    INHIBIT_RECOVERY,
    LIFECYCLE_DELETION,
    TRANSFER_TO_CLOUD_ACCOUNT,
)
from bucketward.changes.payload import (
    Element,
    account_id,
    arn_bucket,
    element,
    elements,
    number,
    text,
)
from bucketward.changes.vocabulary import deletes
from bucketward.verdict import Severity

_WEEK = 7
_LOG_BUCKET = re.compile(
    r"(^|[.-])(aws|access|alb|audit|elb|flow|s3|server|vpc)?(cloud)?(logs?|logging|trails?|audit)([.-]|$)"
)


def _expirations(situation: Situation) -> Iterator[tuple[str, float]]:
    """Give the date, or the age in days, at which each enabled rule deletes data.

    Aborting unfinished uploads and removing lone delete markers delete no data. The prefix is
    ignored: the known attack names ``*``, which matches no key, and means everything.
    """
    for rule in elements(situation.payload(LIFECYCLE.argument), "Rule", "Rules"):
        if text(rule.get("Status")) == "Enabled":
            current = element(rule.get("Expiration"))
            noncurrent = element(rule.get("NoncurrentVersionExpiration"))
            for age in (current.get("Days"), noncurrent.get("NoncurrentDays")):
                days = number(age)
                yield text(current.get("Date")), inf if days is None else days


def _short_expiration(situation: Situation) -> bool:
    """Whether data is deleted soon, or on a date, which spares nothing for being young."""
    days = situation.short_expiration_days
    return any(date or age <= days for date, age in _expirations(situation))


def _worse(situation: Situation) -> Severity:
    """Grade up what is gone before anybody looks, and logs, which tell what else was done.

    That a bucket holds logs only its name can tell.
    """
    logs = _LOG_BUCKET.search(situation.change.bucket or "")
    within_days = any(age < _WEEK for _, age in _expirations(situation))
    return Severity.CRITICAL if logs or within_days else Severity.HIGH


def _destinations(situation: Situation) -> list[Element]:
    """Give the destinations of the rules that are switched on."""
    rules = elements(situation.payload(REPLICATION.argument), "Rule", "Rules")
    return [
        element(rule.get("Destination")) for rule in rules if text(rule.get("Status")) != "Disabled"
    ]


def _external(situation: Situation) -> bool:
    return any(
        situation.outside(account_id(destination.get("Account")))
        or (situation.own_buckets is not None and _unowned(destination, situation.own_buckets))
        for destination in _destinations(situation)
    )


def _unowned(destination: Element, own_buckets: Collection[str]) -> bool:
    """Whether only the bucket's name could tell whose the destination is, and it tells nothing."""
    bucket = arn_bucket(destination.get("Bucket"))
    return bool(bucket) and not account_id(destination.get("Account")) and bucket not in own_buckets


def _owner_unknown(situation: Situation) -> bool:
    return situation.own_buckets is None and any(
        _unowned(destination, ()) for destination in _destinations(situation)
    )


ALERTS = (
    Alert(
        id="lifecycle-changed",
        title="Bucket lifecycle created or modified",
        severity=Severity.MEDIUM,
        events=(LIFECYCLE.put.event,),
        meaning="All lifecycle rules were replaced by those of the request.",
        response="Read the difference from the baseline; approve it, or put the baseline back.",
        attack=(LIFECYCLE_DELETION,),
    ),
    Alert(
        id="lifecycle-deleted",
        title="Bucket lifecycle deleted",
        severity=Severity.LOW,
        events=deletes(LIFECYCLE),
        meaning="Nothing expires or moves to cheaper storage by itself any longer.",
        response="Put the previous rules back.",
        attack=(INDICATOR_REMOVAL,),
    ),
    Alert(
        id="lifecycle-short-expiration",
        title="Lifecycle deletes objects within days",
        severity=Severity.HIGH,
        events=(LIFECYCLE.put.event,),
        when=_short_expiration,
        grade=_worse,
        meaning="An enabled rule deletes objects or old versions very soon, or on a fixed date.",
        response="Put the previous rules back before the next daily run: what it deletes is gone.",
        attack=(LIFECYCLE_DELETION, DISABLE_CLOUD_LOGS),
    ),
    Alert(
        id="replication-changed",
        title="Bucket replication created or modified",
        severity=Severity.MEDIUM,
        events=(REPLICATION.put.event,),
        meaning="New objects are copied to where the request says.",
        response="Check every destination's owner; put the previous rules back unless approved.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT,),
    ),
    Alert(
        id="replication-external",
        title="Bucket replicates to another account",
        severity=Severity.CRITICAL,
        events=(REPLICATION.put.event,),
        when=_external,
        meaning="New objects are copied to a bucket that the account does not own.",
        response="Delete the replication or put the previous rules back; copies made are gone.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT,),
    ),
    Alert(
        id="replication-owner-unknown",
        title="Bucket replicates to a bucket whose owner is not stated",
        severity=Severity.MEDIUM,
        events=(REPLICATION.put.event,),
        when=_owner_unknown,
        meaning="A rule names a destination without its account, which may be anybody's.",
        response="Call HeadBucket on the destination with ExpectedBucketOwner set to your account.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT,),
    ),
    Alert(
        id="replication-deleted",
        title="Bucket replication deleted",
        severity=Severity.MEDIUM,
        events=deletes(REPLICATION),
        meaning="New objects have no second copy any longer.",
        response="Put the previous rules back; replicate what was written meanwhile.",
        attack=(INHIBIT_RECOVERY,),
    ),
)
