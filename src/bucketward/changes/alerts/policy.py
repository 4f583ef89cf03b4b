"""Alerts on bucket policies."""

from bucketward.aspects import POLICY, PUBLIC_ACCESS_BLOCK
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    ACCOUNT_ACCESS_REMOVAL,
    ACCOUNT_MANIPULATION,
    CLOUD_STORAGE_ACCESS,
    DISABLE_TOOLS,
    TRANSFER_TO_CLOUD_ACCOUNT,
)
from bucketward.changes.payload import flag
from bucketward.changes.policy_document import deny_statements, written_policy
from bucketward.changes.vocabulary import deletes
from bucketward.verdict import Severity

_ACL_ACTIONS = ("s3:putbucketacl", "s3:putobjectacl", "s3:putobjectversionacl")


def _public(situation: Situation) -> bool:
    return bool(situation.policy and situation.policy.public)


def _unless_restricted(situation: Situation) -> Severity:
    """Grade down while the block admits only the account and AWS services to public buckets."""
    restricted = flag(situation.previous(PUBLIC_ACCESS_BLOCK.name).get("RestrictPublicBuckets"))
    return Severity.HIGH if restricted else Severity.CRITICAL


def _external(situation: Situation) -> bool:
    """Whether the policy lets in somebody else than this account, but not just anybody."""
    policy = situation.policy
    if policy is None or not situation.account:
        return False
    return bool(policy.accounts) or (policy.cross_account and not policy.public)


def _allows_acl_modification(situation: Situation) -> bool:
    """Whether anybody may write ACLs by the policy: an AWS service alone is nobody."""
    from bucketward.policy.actions import bits_of

    policy = situation.policy
    if policy is None or policy.allows_acl_modification:
        return policy is not None
    return any(
        statement.allows
        and (statement.is_open or statement.principals.owners)
        and any(statement.grants & bits_of(action) for action in _ACL_ACTIONS)
        for statement in policy.statements
    )


def _worse_for_outsiders(situation: Situation) -> Severity:
    outsiders = situation.policy and situation.policy.allows_acl_modification
    return Severity.HIGH if outsiders else Severity.MEDIUM


def _guards_before(situation: Situation) -> set[str]:
    return deny_statements(situation.before.get(POLICY.name))


def _guard_removed(situation: Situation) -> bool:
    """Whether a Deny statement is gone; a policy that can't be read proves nothing."""
    if situation.change.event_name in deletes(POLICY):
        return bool(_guards_before(situation))
    readable = situation.policy is not None
    return readable and bool(
        _guards_before(situation) - deny_statements(written_policy(situation.change))
    )


ALERTS = (
    Alert(
        id="policy-changed",
        title="Bucket policy created or modified",
        severity=Severity.MEDIUM,
        events=(POLICY.put.event,),
        meaning="The bucket's whole policy was replaced by that of the request.",
        response="Read the difference from the baseline; approve it, or put the baseline back.",
        attack=(ACCOUNT_MANIPULATION,),
    ),
    Alert(
        id="policy-deleted",
        title="Bucket policy deleted",
        severity=Severity.MEDIUM,
        events=deletes(POLICY),
        grade=lambda seen: Severity.HIGH if _guards_before(seen) else Severity.MEDIUM,
        meaning="Every grant and every guard of the policy is gone, such as TLS-only access.",
        response="Put the baseline's policy back.",
        attack=(DISABLE_TOOLS, ACCOUNT_ACCESS_REMOVAL),
    ),
    Alert(
        id="policy-public",
        title="Bucket policy made public",
        severity=Severity.CRITICAL,
        events=(POLICY.put.event,),
        when=_public,
        grade=_unless_restricted,
        meaning="A statement allows anyone, with no condition that AWS accepts as narrowing.",
        response="Put the previous policy back, and find out what was read in the meantime.",
        attack=(CLOUD_STORAGE_ACCESS, TRANSFER_TO_CLOUD_ACCOUNT),
    ),
    Alert(
        id="policy-external-account",
        title="Bucket policy lets in another account",
        severity=Severity.HIGH,
        events=(POLICY.put.event,),
        when=_external,
        meaning="A statement allows principals of an account that does not own the bucket.",
        response="Find out whose account it is; put the previous policy back unless approved.",
        attack=(CLOUD_STORAGE_ACCESS, TRANSFER_TO_CLOUD_ACCOUNT),
    ),
    Alert(
        id="policy-allows-acl-modification",
        title="Bucket policy lets somebody modify ACLs",
        severity=Severity.HIGH,
        events=(POLICY.put.event,),
        when=_allows_acl_modification,
        grade=_worse_for_outsiders,
        meaning="Somebody may write ACLs, or an outsider the policy or encryption: hand access on.",
        response="Take the ACL actions out of the policy, or switch ACLs off for the bucket.",
        attack=(ACCOUNT_MANIPULATION,),
    ),
    Alert(
        id="policy-guard-removed",
        title="Deny statement removed from a bucket policy",
        severity=Severity.HIGH,
        events=(POLICY.put.event, *deletes(POLICY)),
        when=_guard_removed,
        meaning="A Deny of the previous policy is missing or reads otherwise, so a guard is down.",
        response="Put the statement back, or approve the new policy.",
        attack=(DISABLE_TOOLS,),
    ),
)
