"""The order in which a bucket's aspects are written when it is brought back.

It is one that S3 accepts and in which the bucket is at no moment more open than before or after:
the public access block closes first and opens last, versions are kept before anything may expire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import aspects as a
from .bucket_acl import ENFORCED, ownership_of
from .calls import Call, delete, put
from .drift import same
from .policy import judge, judge_acl
from .public_access import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .aspects import Aspect, Document
    from .bucket import Bucket


def ordered(live: Bucket, then: Bucket, targets: Mapping[str, Document | None]) -> Iterator[Call]:
    """Yield the calls that make of ``live`` the bucket ``then``, which has the ``targets``."""
    meanwhile = _block_meanwhile(live, then, targets)
    if a.PUBLIC_ACCESS_BLOCK.name in targets and meanwhile != _flags(live):
        yield from _block(then, meanwhile)
    for aspect in _order(then):
        if aspect.name in targets:
            yield from _writes(live, then, aspect)
    if a.PUBLIC_ACCESS_BLOCK.name in targets and meanwhile != _flags(then):
        yield from _block(then, _flags(then))


def _order(then: Bucket) -> Iterator[Aspect]:
    if a.OWNERSHIP in then and ownership_of(then[a.OWNERSHIP]) == ENFORCED:
        yield from (a.ACL, a.OWNERSHIP)  # S3 wants an ACL that is the owner's alone first
    else:
        yield from (a.OWNERSHIP, a.ACL)  # S3 takes no ACL before ACLs are on
    yield from (a.POLICY, a.ENCRYPTION)
    enabling = a.VERSIONING in then and (then[a.VERSIONING] or {}).get("Status") == "Enabled"
    if enabling:
        yield a.VERSIONING  # S3 wants it before replication and Object Lock
    yield from (a.REPLICATION, a.OBJECT_LOCK)
    if not enabling:
        yield a.VERSIONING  # S3 does not suspend it before replication is gone
    yield from (
        a.LIFECYCLE,
        a.LOGGING,
        a.NOTIFICATION,
        a.CORS,
        a.WEBSITE,
        a.REQUEST_PAYMENT,
        a.ACCELERATE,
        a.INVENTORY,
        a.ANALYTICS,
        a.METRICS,
        a.INTELLIGENT_TIERING,
        a.TAGGING,  # the one that S3 refuses where access is by tags (ABAC)
    )


def _writes(live: Bucket, then: Bucket, aspect: Aspect) -> Iterator[Call]:
    document = then[aspect]
    if not aspect.keyed:
        empty = put(aspect, {}) if aspect.delete is None else delete(aspect)
        yield empty if document is None else put(aspect, document)
        return
    now, wanted = live[aspect] or {}, document or {}
    # Deletes first: a bucket holds a limited number of them.
    yield from (delete(aspect, key) for key in now if key not in wanted)
    for key, each in wanted.items():
        if key not in now or not same(aspect, {key: now[key]}, {key: each}):
            yield put(aspect, each, key)


def _block_meanwhile(
    live: Bucket, then: Bucket, targets: Mapping[str, Any]
) -> Mapping[str, bool] | None:
    """Return the flags while ACL and policy are written: on where they are or will be on.

    But S3 would refuse a public ACL or policy that is approved beside a block of new ones: such a
    block is not yet on then, and the flag that takes the effect from what is public already is.
    """
    if a.PUBLIC_ACCESS_BLOCK.name not in targets:
        return None
    now, end = _flags(live), _flags(then)
    either = {flag: now[flag] or end[flag] for flag in FLAGS}
    both = {flag: now[flag] and end[flag] for flag in FLAGS}
    policy = targets.get(a.POLICY.name)
    if policy is not None and judge(policy, then.account, then.name).public:
        either["BlockPublicPolicy"] = both["BlockPublicPolicy"]
    if a.ACL.name in targets and judge_acl(targets[a.ACL.name]).public:
        either["BlockPublicAcls"] = both["BlockPublicAcls"]
    return either


def _flags(bucket: Bucket) -> dict[str, bool]:
    block = bucket[a.PUBLIC_ACCESS_BLOCK] or {}
    return {flag: block.get(flag) is True for flag in FLAGS}


def _block(then: Bucket, flags: Mapping[str, bool] | None) -> Iterator[Call]:
    """Write the flags, by the approved document where it is time for it."""
    if flags != _flags(then):
        yield put(a.PUBLIC_ACCESS_BLOCK, flags)
    elif then[a.PUBLIC_ACCESS_BLOCK] is None:
        yield delete(a.PUBLIC_ACCESS_BLOCK)
    else:
        yield put(a.PUBLIC_ACCESS_BLOCK, then[a.PUBLIC_ACCESS_BLOCK])
