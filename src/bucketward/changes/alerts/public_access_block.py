"""Alerts on the two public access blocks: a bucket's and the account's."""

from collections.abc import Callable

from bucketward.aspects import PUBLIC_ACCESS_BLOCK
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    CLOUD_STORAGE_ACCESS,
    DISABLE_TOOLS,
    EXPLOIT_PUBLIC_APPLICATION,
)
from bucketward.changes.payload import flag
from bucketward.changes.vocabulary import (
    ACCOUNT_BLOCK,
    DELETE_ACCOUNT_BLOCK,
    PUT_ACCOUNT_BLOCK,
    deletes,
)
from bucketward.verdict import Severity

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _weak(situation: Situation) -> bool:
    """Whether a flag is off: the PUT replaces all four, so one that it leaves out is off too."""
    written = situation.payload(PUBLIC_ACCESS_BLOCK.argument)
    return situation.described and not all(flag(written.get(name)) for name in FLAGS)


def _graded(aspect: str, lost: Severity) -> Callable[[Situation], Severity]:
    """Grade by what was lost: a block that already was as weak is no new hole."""

    def grade(situation: Situation) -> Severity:
        if not situation.knows(aspect):
            return lost
        before = situation.previous(aspect)
        after = situation.payload(PUBLIC_ACCESS_BLOCK.argument)
        worse = any(flag(before.get(name)) and not flag(after.get(name)) for name in FLAGS)
        return lost if worse else Severity.MEDIUM

    return grade


ALERTS = (
    Alert(
        id="public-access-block-deleted",
        title="Bucket public access block deleted",
        severity=Severity.HIGH,
        events=deletes(PUBLIC_ACCESS_BLOCK),
        meaning="Nothing at the bucket any longer keeps a public policy or ACL from taking effect.",
        response="Put the block back, then check the bucket's policy and ACL for public grants.",
        attack=(DISABLE_TOOLS, EXPLOIT_PUBLIC_APPLICATION),
    ),
    Alert(
        id="public-access-block-changed",
        title="Bucket public access block created or modified",
        severity=Severity.LOW,
        events=(PUBLIC_ACCESS_BLOCK.put.event,),
        meaning="The bucket's four flags were replaced by those of the request.",
        response="Compare the flags with the baseline.",
        attack=(DISABLE_TOOLS,),
    ),
    Alert(
        id="public-access-block-weakened",
        title="Bucket public access block weakened",
        severity=Severity.HIGH,
        events=(PUBLIC_ACCESS_BLOCK.put.event,),
        when=_weak,
        grade=_graded(PUBLIC_ACCESS_BLOCK.name, Severity.HIGH),
        meaning="At least one of the four flags is off, so a public policy or ACL can take effect.",
        response="Switch all four flags on, then check the policy and ACL for public grants.",
        attack=(DISABLE_TOOLS, CLOUD_STORAGE_ACCESS),
    ),
    Alert(
        id="account-public-access-block-deleted",
        title="Account public access block deleted",
        severity=Severity.CRITICAL,
        events=(DELETE_ACCOUNT_BLOCK,),
        meaning="No bucket of the account is protected by the account-wide block any longer.",
        response="Put the account's block back at once; look for buckets made public since.",
        attack=(DISABLE_TOOLS, EXPLOIT_PUBLIC_APPLICATION),
    ),
    Alert(
        id="account-public-access-block-changed",
        title="Account public access block created or modified",
        severity=Severity.LOW,
        events=(PUT_ACCOUNT_BLOCK,),
        meaning="The account's four flags were replaced, for every bucket in every Region.",
        response="Compare the flags with what was approved for the account.",
        attack=(DISABLE_TOOLS,),
    ),
    Alert(
        id="account-public-access-block-weakened",
        title="Account public access block weakened",
        severity=Severity.CRITICAL,
        events=(PUT_ACCOUNT_BLOCK,),
        when=_weak,
        grade=_graded(ACCOUNT_BLOCK, Severity.CRITICAL),
        meaning="At least one of the account's four flags is off, for all of its buckets.",
        response="Switch all four flags on at once; look for buckets made public since.",
        attack=(DISABLE_TOOLS, CLOUD_STORAGE_ACCESS),
    ),
)
