"""Alerts on ACLs, and on the ownership setting that switches ACLs on and off."""

from bucketward.aspects import ACL, OWNERSHIP, PUBLIC_ACCESS_BLOCK
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    ACCOUNT_MANIPULATION,
    CLOUD_STORAGE_ACCESS,
    DISABLE_TOOLS,
)
from bucketward.changes.grants import grants_to_outsider, grants_to_public, header
from bucketward.changes.payload import Element, elements, flag, text
from bucketward.changes.vocabulary import CREATE_BUCKET, PUT_OBJECT_ACL, deletes
from bucketward.verdict import Severity

_ENFORCED = "BucketOwnerEnforced"
_UPLOADS = ("PutObject", "CopyObject", "CreateMultipartUpload", "PostObject")
"""Writes that may set an object's ACL by a header as they make it."""


def _unless_ignored(situation: Situation) -> Severity:
    """Grade down while the bucket's block ignores public ACLs: the grant then has no effect."""
    ignored = flag(situation.previous(PUBLIC_ACCESS_BLOCK.name).get("IgnorePublicAcls"))
    return Severity.HIGH if ignored else Severity.CRITICAL


def _acls_off(ownership: Element) -> bool:
    rules = elements(ownership, "Rule", "Rules")
    return any(text(rule.get("ObjectOwnership")) == _ENFORCED for rule in rules)


def _acls_on(situation: Situation) -> bool:
    """Whether ACLs count now; a bucket that is created without a word on it has them off.

    Source: *CreateBucket* in the S3 API reference, ``x-amz-object-ownership``.
    """
    event = situation.change.event_name
    if event == CREATE_BUCKET:
        return any(value != _ENFORCED for value in header(situation, "x-amz-object-ownership"))
    written = situation.payload(OWNERSHIP.argument)
    return event in deletes(OWNERSHIP) or (situation.described and not _acls_off(written))


def _acls_were_off(situation: Situation) -> Severity:
    if situation.knows(OWNERSHIP.name) and not _acls_off(situation.previous(OWNERSHIP.name)):
        return Severity.MEDIUM
    return Severity.HIGH


ALERTS = (
    Alert(
        id="acl-changed",
        title="Bucket ACL configured",
        severity=Severity.LOW,
        events=(ACL.put.event,),
        meaning="The bucket's access control list was replaced.",
        response="Prefer the policy to ACLs: switch them off with BucketOwnerEnforced.",
        attack=(ACCOUNT_MANIPULATION,),
    ),
    Alert(
        id="acl-public",
        title="Bucket made public by its ACL",
        severity=Severity.CRITICAL,
        events=(ACL.put.event, CREATE_BUCKET),
        when=grants_to_public,
        grade=_unless_ignored,
        meaning="The ACL grants to everyone, or to everyone who has an AWS account.",
        response="Put the previous ACL back, or make it private, and switch the block on.",
        attack=(ACCOUNT_MANIPULATION, CLOUD_STORAGE_ACCESS),
    ),
    Alert(
        id="acl-external",
        title="Bucket ACL grants to someone else",
        severity=Severity.HIGH,
        events=(ACL.put.event, CREATE_BUCKET),
        when=grants_to_outsider,
        meaning="The ACL grants to a canonical id other than the owner's, or to an e-mail address.",
        response="Find out whose id it is; put the previous ACL back unless that was approved.",
        attack=(ACCOUNT_MANIPULATION, CLOUD_STORAGE_ACCESS),
    ),
    Alert(
        id="object-acl-public",
        title="Object made public by its ACL",
        severity=Severity.HIGH,
        events=(PUT_OBJECT_ACL, *_UPLOADS),
        when=grants_to_public,
        meaning="The ACL of one object grants to everyone. Seen only where data events are logged.",
        response="Make the object's ACL private, and switch ACLs off for the bucket.",
        attack=(CLOUD_STORAGE_ACCESS,),
    ),
    Alert(
        id="ownership-changed",
        title="Object ownership changed",
        severity=Severity.LOW,
        events=(OWNERSHIP.put.event, *deletes(OWNERSHIP)),
        meaning="The setting that decides who owns new objects and whether ACLs count was written.",
        response="Compare it with the baseline; BucketOwnerEnforced is the safe value.",
        attack=(DISABLE_TOOLS,),
    ),
    Alert(
        id="ownership-acls-enabled",
        title="ACLs switched on for a bucket",
        severity=Severity.HIGH,
        events=(OWNERSHIP.put.event, *deletes(OWNERSHIP), CREATE_BUCKET),
        when=_acls_on,
        grade=_acls_were_off,
        meaning="Ownership is no longer BucketOwnerEnforced, so ACLs can grant access again.",
        response="Make the ACL private, then set BucketOwnerEnforced, in this order.",
        attack=(DISABLE_TOOLS, ACCOUNT_MANIPULATION),
    ),
)
