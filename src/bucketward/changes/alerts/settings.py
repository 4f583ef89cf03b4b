"""Alerts on a bucket's remaining settings: notifications, tags, payment, reports and the like."""

from collections.abc import Iterator

from bucketward.aspects import (
    ACCELERATE,
    ANALYTICS,
    ASPECTS,
    INVENTORY,
    NOTIFICATION,
    REQUEST_PAYMENT,
)
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    DISABLE_TOOLS,
    IMPAIR_DEFENSES,
    RESOURCE_HIJACKING,
    TRANSFER_TO_CLOUD_ACCOUNT,
)
from bucketward.changes.payload import Element, account_id, arn_account, element, elements, text
from bucketward.changes.vocabulary import WRITES
from bucketward.verdict import Severity

_TARGETS = {
    # Element and its child with the target's ARN; the last element is the older name's successor.
    "TopicConfiguration": "Topic",
    "QueueConfiguration": "Queue",
    "CloudFunctionConfiguration": "CloudFunction",
    "LambdaFunctionConfiguration": "LambdaFunction",
}
_NOTIFICATIONS = (*_TARGETS, "EventBridgeConfiguration")
_KEYED = tuple(aspect for aspect in ASPECTS.values() if aspect.keyed)


def _target_accounts(notification: Element) -> Iterator[str]:
    for kind, target in _TARGETS.items():
        for configuration in elements(notification, kind, f"{kind}s"):
            yield arn_account(configuration.get(target) or configuration.get(f"{target}Arn"))


def _notified_outside(situation: Situation) -> bool:
    written = situation.payload(NOTIFICATION.argument)
    return any(map(situation.outside, _target_accounts(written)))


def _notifications_removed(situation: Situation) -> bool:
    """There is no delete for notifications: writing none at all removes them."""
    written = situation.payload(NOTIFICATION.argument)
    had = not situation.knows(NOTIFICATION.name) or any(
        name.endswith(("Configuration", "Configurations")) and targets != []
        for name, targets in situation.previous(NOTIFICATION.name).items()
    )
    return (
        situation.described and had and not any(name.startswith(_NOTIFICATIONS) for name in written)
    )


def _report_accounts(situation: Situation) -> Iterator[str]:
    """Give the owners that an inventory or an analysis states for the bucket it reports to."""
    inventory = element(situation.payload(INVENTORY.argument).get("Destination"))
    yield account_id(element(inventory.get("S3BucketDestination")).get("AccountId"))
    analysis = element(situation.payload(ANALYTICS.argument).get("StorageClassAnalysis"))
    export = element(element(analysis.get("DataExport")).get("Destination"))
    yield account_id(element(export.get("S3BucketDestination")).get("BucketAccountId"))


def _requester_pays(situation: Situation) -> Severity:
    payer = text(situation.payload(REQUEST_PAYMENT.argument).get("Payer"))
    return Severity.MEDIUM if payer == "Requester" else Severity.LOW


ALERTS = (
    Alert(
        id="notification-changed",
        title="Bucket notifications changed",
        severity=Severity.LOW,
        events=(NOTIFICATION.put.event,),
        meaning="The topics, queues and functions told of object events were replaced.",
        response="Compare the targets with the baseline.",
        attack=(IMPAIR_DEFENSES,),
    ),
    Alert(
        id="notification-external",
        title="Bucket notifies another account",
        severity=Severity.HIGH,
        events=(NOTIFICATION.put.event,),
        when=_notified_outside,
        meaning="Names and metadata of objects are sent to a target outside the account.",
        response="Put the previous notifications back unless the target was approved.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT,),
    ),
    Alert(
        id="notification-removed",
        title="Bucket notifications removed",
        severity=Severity.MEDIUM,
        events=(NOTIFICATION.put.event,),
        when=_notifications_removed,
        meaning="Nobody is told of object events any longer, scanners and monitors included.",
        response="Put the previous notifications back.",
        attack=(IMPAIR_DEFENSES,),
    ),
    Alert(
        id="request-payment-changed",
        title="Bucket request payment changed",
        severity=Severity.LOW,
        events=(REQUEST_PAYMENT.put.event,),
        grade=_requester_pays,
        meaning="Who pays for requests was written; with Requester, anonymous access ends.",
        response="Compare it with the baseline.",
    ),
    Alert(
        id="accelerate-changed",
        title="Bucket transfer acceleration changed",
        severity=Severity.LOW,
        events=(ACCELERATE.put.event,),
        meaning="Transfer acceleration, which costs by the gigabyte, was switched.",
        response="Compare it with the baseline.",
        attack=(RESOURCE_HIJACKING,),
    ),
    Alert(
        id="configuration-changed",
        title="Bucket analytics, inventory, metrics, tiering or metadata changed",
        severity=Severity.LOW,
        events=tuple(
            event
            for event, aspect in WRITES.items()
            if aspect == "metadata" or aspect in {keyed.name for keyed in _KEYED}
        ),
        meaning="A report, metric, tiering or metadata table of the bucket was written or deleted.",
        response="Compare it with the baseline; AWS Config does not record these.",
    ),
    Alert(
        id="report-external",
        title="Bucket reports to another account",
        severity=Severity.MEDIUM,
        events=(INVENTORY.put.event, ANALYTICS.put.event),
        when=lambda seen: any(map(seen.outside, _report_accounts(seen))),
        meaning="Lists of the bucket's objects are delivered to a bucket outside the account.",
        response="Delete the report unless its destination was approved.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT,),
    ),
    Alert(
        id="abac-changed",
        title="Attribute-based access control of a bucket changed",
        severity=Severity.MEDIUM,
        events=("PutBucketAbac",),
        meaning="Whether the bucket's tags take part in access decisions was written.",
        response="See who can write the bucket's tags before approving it.",
        attack=(DISABLE_TOOLS,),
    ),
)
