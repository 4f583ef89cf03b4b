"""Alerts on what keeps objects readable, recoverable and accounted for.

Encryption, versioning, object lock and access logging.
"""

from bucketward.aspects import LOGGING, OBJECT_LOCK, VERSIONING
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    DATA_DESTRUCTION,
    DISABLE_CLOUD_LOGS,
    DISABLE_TOOLS,
    IMPAIR_DEFENSES,
    INHIBIT_RECOVERY,
)
from bucketward.changes.payload import Element, element, elements, number, text
from bucketward.verdict import Severity

_DAYS_A_YEAR = 365


def _status(situation: Situation) -> str:
    return text(situation.payload(VERSIONING.argument).get("Status"))


def _mfa_delete(versioning: Element) -> str:
    """Read the flag by the XML's name, which CloudTrail records, or by the SDK's."""
    return text(versioning.get("MfaDelete")) or text(versioning.get("MFADelete"))


def _was_on(situation: Situation) -> Severity:
    """Only root with the MFA device can switch it off: others have restated that it is off."""
    if situation.knows(VERSIONING.name):
        on = _mfa_delete(situation.previous(VERSIONING.name)) == "Enabled"
        return Severity.HIGH if on else Severity.LOW
    return Severity.HIGH if situation.change.actor.root else Severity.MEDIUM


def _logging(situation: Situation) -> Element:
    return situation.payload(LOGGING.argument)


def _target(logging: Element) -> str:
    enabled = element(logging.get("LoggingEnabled"))
    return text(enabled.get("TargetBucket"))


def _logging_off(situation: Situation) -> bool:
    """There is no delete for logging: a status without LoggingEnabled switches it off."""
    return situation.described and not element(_logging(situation).get("LoggingEnabled"))


def _redirected(situation: Situation) -> bool:
    before, after = _target(situation.previous(LOGGING.name)), _target(_logging(situation))
    return bool(before and after) and before != after


def _retention(lock: Element) -> tuple[str, float]:
    """Read the default retention: its mode, and its length in days."""
    for rule in elements(lock, "Rule"):
        default = element(rule.get("DefaultRetention"))
        days = number(default.get("Days")) or 0.0
        years = number(default.get("Years")) or 0.0
        return text(default.get("Mode")), days + years * _DAYS_A_YEAR
    return "", 0.0


def _lock_weakened(situation: Situation) -> bool:
    mode, days = _retention(situation.previous(OBJECT_LOCK.name))
    new_mode, new_days = _retention(situation.payload(OBJECT_LOCK.argument))
    softened = mode == "COMPLIANCE" and new_mode != mode
    return situation.described and bool(mode) and (softened or new_days < days)


ALERTS = (
    Alert(
        id="versioning-changed",
        title="Bucket versioning configured",
        severity=Severity.LOW,
        events=(VERSIONING.put.event,),
        meaning="The bucket's versioning state was written.",
        response="Compare it with the baseline. Replication to elsewhere begins with enabling it.",
    ),
    Alert(
        id="versioning-suspended",
        title="Bucket versioning suspended",
        severity=Severity.HIGH,
        events=(VERSIONING.put.event,),
        when=lambda seen: _status(seen) == "Suspended",
        meaning="Objects written from now on overwrite each other, and deletions are final.",
        response="Enable versioning again; versions written meanwhile can't be recovered.",
        attack=(IMPAIR_DEFENSES, INHIBIT_RECOVERY),
    ),
    Alert(
        id="mfa-delete-disabled",
        title="MFA delete disabled",
        severity=Severity.HIGH,
        events=(VERSIONING.put.event,),
        when=lambda seen: _mfa_delete(seen.payload(VERSIONING.argument)) == "Disabled",
        grade=_was_on,
        meaning="Versions can be deleted for good without the root user's MFA device.",
        response="No automation can undo this: root has to enable it again with the device.",
        attack=(DISABLE_TOOLS, INHIBIT_RECOVERY),
    ),
    Alert(
        id="logging-changed",
        title="Access logging configured",
        severity=Severity.LOW,
        events=(LOGGING.put.event,),
        meaning="The bucket's server access logging was written.",
        response="Compare the target bucket and prefix with the baseline.",
        attack=(DISABLE_CLOUD_LOGS,),
    ),
    Alert(
        id="logging-disabled",
        title="Access logging disabled",
        severity=Severity.HIGH,
        events=(LOGGING.put.event,),
        when=_logging_off,
        meaning="Requests to the bucket are no longer logged.",
        response="Put the previous logging configuration back; look at what was done since.",
        attack=(DISABLE_CLOUD_LOGS,),
    ),
    Alert(
        id="logging-redirected",
        title="Access logs sent to another bucket",
        severity=Severity.HIGH,
        events=(LOGGING.put.event,),
        when=_redirected,
        meaning="Logs go to another bucket than before, where someone else may keep or drop them.",
        response="Put the previous target back, and fetch the logs that were delivered meanwhile.",
        attack=(DISABLE_CLOUD_LOGS,),
    ),
    Alert(
        id="object-lock-changed",
        title="Object lock configuration changed",
        severity=Severity.MEDIUM,
        events=(OBJECT_LOCK.put.event,),
        meaning="The default retention of new objects was written.",
        response="Compare it with the baseline.",
        attack=(IMPAIR_DEFENSES,),
    ),
    Alert(
        id="object-lock-weakened",
        title="Default retention removed, shortened or softened",
        severity=Severity.HIGH,
        events=(OBJECT_LOCK.put.event,),
        when=_lock_weakened,
        meaning="New objects can be deleted earlier, or by more people, than before.",
        response="Put the previous default retention back; lock what was written meanwhile.",
        attack=(INHIBIT_RECOVERY, DATA_DESTRUCTION),
    ),
)
