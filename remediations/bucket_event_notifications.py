"""Remove destinations in foreign accounts; deliver to EventBridge where none is left."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    NOTIFICATION,
    Automatic,
    Bucket,
    Call,
    Known,
    Remediation,
    event_destinations,
    put,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    document = event_destinations.without_foreign(bucket, known.parameters.trusted_accounts)
    # EventBridge delivery is a member with nothing in it.
    if not any(name in document for name in event_destinations.SOMEWHERE):
        document[event_destinations.EVENT_BRIDGE] = {}
    if document != bucket[NOTIFICATION]:
        yield put(NOTIFICATION, document)


remediation = Remediation(
    plan,
    calls=(NOTIFICATION.put,),
    reads=(NOTIFICATION,),
    automatic=Automatic.ALL,
    parameters=Parameters,
)
