"""Say whether to bring back what was approved would only make a bucket less safe (law 5).

`safety.weakening` was made for states of which nobody is known to have wanted them. An approval
answers for more: who by name may use the bucket, where its data and events go, when its data is
deleted, its tags, who pays. It does not answer for the public, nor for a protection that is there
now.

Where each of the two documents is weaker in something, the approved one comes back: else whoever
adds a Deny to his backdoor, or a stronger cipher to his key, would have made it safe from revert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import aspects as a
from . import safety_access
from .encryption import KMS, DefaultEncryption
from .policy import judge
from .safety import weakening

if TYPE_CHECKING:
    from .aspects import Aspect
    from .bucket import Bucket

_APPROVABLE: Final = frozenset(
    {
        a.REPLICATION.name,
        a.CORS.name,
        a.WEBSITE.name,
        a.NOTIFICATION.name,
        a.TAGGING.name,
        a.REQUEST_PAYMENT.name,
        a.LIFECYCLE.name,
    }
)
"""Whose every approved value may come back, whatever there is now."""


def loss(live: Bucket, approved: Bucket, aspect: Aspect) -> str | None:
    """Say what the bucket would lose, and gain nothing for it, or None.

    ``approved`` is the bucket as it would be with the approved document.
    """
    if aspect.name in _APPROVABLE:
        return None
    if aspect is a.POLICY:
        if not readable(approved):
            return "the approved policy cannot be judged"
        lost = safety_access.policy(live, approved, approved=True)
    elif aspect is a.ACL:
        lost = safety_access.acl(live, approved, approved=True)
    elif aspect is a.ENCRYPTION and _under_foreign_key(live):
        lost = None
    else:
        lost = weakening(live, approved, [aspect])
    return lost if lost and not _weaker_now(live, approved, aspect) else None


def _weaker_now(live: Bucket, approved: Bucket, aspect: Aspect) -> bool:
    """Whether the bucket is less safe in something than it would be as approved."""
    return weakening(approved, live, [aspect]) is not None


def readable(bucket: Bucket) -> bool:
    """Whether the bucket's policy, if it has one, can be judged."""
    return bucket[a.POLICY] is None or judge(bucket[a.POLICY]).valid


def _under_foreign_key(bucket: Bucket) -> bool:
    """Whether the key of the default encryption may be another account's.

    Such a key is no protection, however strong its algorithm: its owner can take the data away.
    """
    default = DefaultEncryption.of(bucket)
    if default is None or default.algorithm not in KMS or not default.kms_key:
        return False
    arn = default.kms_key.split(":")
    return len(arn) < 6 or arn[4] != bucket.account  # noqa: PLR2004 - the parts of an ARN
