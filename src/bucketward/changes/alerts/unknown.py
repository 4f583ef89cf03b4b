"""Alerts on what can't be judged, so that nothing goes by in silence."""

from bucketward.aspects import ASPECTS, POLICY
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import CLOUD_STORAGE_ACCESS
from bucketward.changes.vocabulary import PUT_ACCOUNT_BLOCK
from bucketward.verdict import Severity

_TELLING = (*(aspect.put.event for aspect in ASPECTS.values()), PUT_ACCOUNT_BLOCK)


def _unreadable(situation: Situation) -> bool:
    policy_written = situation.change.event_name == POLICY.put.event
    return not situation.described or (policy_written and situation.policy is None)


UNCLASSIFIED = Alert(
    id="unclassified-s3-write",
    title="Unknown S3 write",
    severity=Severity.MEDIUM,
    events=(),
    meaning="S3 carried out a management write that this version of Bucketward does not know.",
    response="Look at the bucket, and report the event's name to Bucketward's maintainers.",
)
DENIED = Alert(
    id="denied-s3-write",
    title="S3 write denied",
    severity=Severity.LOW,
    events=(),
    meaning="Somebody tried to change S3 configuration without being allowed to. Nothing changed.",
    response="Several by one actor within minutes are probing: look at what else they called.",
    attack=(CLOUD_STORAGE_ACCESS,),
)
UNREADABLE = Alert(
    id="unreadable-s3-write",
    title="S3 write without its contents",
    severity=Severity.MEDIUM,
    events=_TELLING,
    when=_unreadable,
    meaning="The record does not hold what was written, as with large requests, or holds garbage.",
    response="Read the aspect from the bucket and judge that.",
)

ALERTS = (UNCLASSIFIED, DENIED, UNREADABLE)
