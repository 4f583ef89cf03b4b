"""Alerts on calls as such: unknown, denied, unreadable or unencrypted, so none goes by silently."""

from bucketward.aspects import ASPECTS, POLICY
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import CLOUD_STORAGE_ACCESS, NETWORK_SNIFFING
from bucketward.changes.vocabulary import PUT_ACCOUNT_BLOCK, WRITES
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

WITHOUT_TLS = Alert(
    id="write-without-tls",
    title="S3 write over an unencrypted connection",
    severity=Severity.MEDIUM,
    events=tuple(WRITES),
    when=lambda seen: seen.change.encrypted is False,
    meaning="The request was made over plain HTTP, where others could read and replay it.",
    response="Deny requests without aws:SecureTransport in the bucket's policy; fix the client.",
    attack=(NETWORK_SNIFFING,),
)

ALERTS = (UNCLASSIFIED, DENIED, UNREADABLE, WITHOUT_TLS)
