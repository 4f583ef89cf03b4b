"""Make a deleted bucket again, empty and closed, before somebody else takes its name.

Only where it has a baseline, and the newest that is known of it is that somebody deleted it who
was not authorised. What was in it is gone; the aspects are restored as those of any other bucket.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import _aws
from ._baseline import WAITS, accepted
from ._guard import tell
from .aspects import OBJECT_LOCK
from .baseline.journal import DONE, FAILED, JournalEntry
from .baseline.store import Store
from .changes.alerts.operations import NAME_TAKEN
from .clock import now
from .errors import Refused
from .public_access import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .baseline.records import Records
    from .baseline.seen import SeenChange

_OLDEST_REGION = "us-east-1"


def revive(name: str, account: str, region: str | None, check: Callable[[], None]) -> bool:
    """Say whether the bucket was made again; raises `Refused` where its name is taken.

    ``check`` raises where it was made again too often.
    """
    store = Store.from_environment()
    if store is None or region is None or _exists(name, account):
        return False
    approved = store.baselines.approved(name)
    newest = _judged(store, name)
    if not approved or newest is None or newest.event_name != "DeleteBucket":
        return False
    if not newest.standing or newest.standing in accepted():
        return False
    check()
    request: dict[str, Any] = {"ObjectOwnership": "BucketOwnerEnforced"}
    if region != _OLDEST_REGION:
        request["CreateBucketConfiguration"] = {"LocationConstraint": region}
    if OBJECT_LOCK.name in approved and approved[OBJECT_LOCK.name].document:
        request["ObjectLockEnabledForBucket"] = True
    entry = JournalEntry(
        time=now(),
        account=account,
        bucket=name,
        control="bucket_drift",
        before={},
        after={},
        calls=("CreateBucket", "PutPublicAccessBlock"),
        actor=newest.actor,
        reason="deleted without leave",
    )
    return _made(store.records, entry, request)


def _made(records: Records, entry: JournalEntry, request: dict[str, Any]) -> bool:
    """Make the bucket of the journal's entry, closed; False where it is there after all."""
    name, account = entry.bucket, entry.account
    half = replace(entry, outcome=FAILED, calls=("CreateBucket",))
    records.record(entry)
    s3 = _aws.client("s3")
    try:
        s3.create_bucket(Bucket=name, **request)
    except _aws.ClientError as error:
        records.ended(replace(entry, outcome=FAILED, calls=()))
        if _aws.error_code(error) == "BucketAlreadyOwnedByYou":
            return False
        if _aws.error_code(error) == "BucketAlreadyExists":
            raise _taken(name, account, entry.actor) from error
        raise
    except _aws.BotoCoreError:  # no answer: it may be there all the same
        records.ended(half)
        raise
    try:
        s3.put_public_access_block(
            Bucket=name,
            ExpectedBucketOwner=account,
            PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True),
        )
    except (_aws.ClientError, _aws.BotoCoreError):
        records.ended(half)
        raise
    records.ended(replace(entry, outcome=DONE))
    return True


def _taken(name: str, account: str, actor: str) -> Refused:
    """Tell that the name is lost."""
    reason = (
        f"Bucket {name} was deleted by {actor} and its name is another account's now; nothing that "
        "still uses the name may trust what it reads there."
    )
    tell(NAME_TAKEN, name, account, "bucket_drift", reason)
    return Refused(reason)


def _judged(store: Store, name: str) -> SeenChange | None:
    """Return the newest of what made and deleted the bucket, after a wait for its judgement.

    The monitor starts the revert before it is done with the change.
    """
    newest = _newest(store, name)
    for seconds in WAITS:
        if newest is None or newest.standing:
            break
        time.sleep(seconds)
        newest = _newest(store, name)
    return newest


def _newest(store: Store, name: str) -> SeenChange | None:
    lifespan = (each for each in store.records.changes(name, "bucket") if not each.error_code)
    return next(lifespan, None)


def _exists(name: str, account: str) -> bool:
    """Whether the bucket is there and this account's, for all that we are let see.

    Forbidden says either that it is another account's by now, or that its policy shuts us out.
    """
    try:
        _aws.client("s3").head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except _aws.ClientError as error:
        if _aws.error_code(error) in {"403", "404", "AccessDenied", "NoSuchBucket"}:
            return False
        raise
    return True
