"""Where a bucket replicates to, as rules, remediations and safety checks see it.

A destination is a bucket's ARN, which names no account. ``Destination.Account`` may name it, but
S3 compares it with the owner only beside ``AccessControlTranslation``, and a rule to a foreign
bucket works without it. So an absent account proves nothing, and a list of buckets proves most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aspects import REPLICATION
from .errors import shown
from .selection import matches

if TYPE_CHECKING:
    from .bucket import Bucket

ReplicationRule = dict[str, Any]


def rules(bucket: Bucket) -> list[ReplicationRule]:
    return list((bucket[REPLICATION] or {}).get("Rules", ()))


def by_id(found: list[ReplicationRule]) -> dict[str, ReplicationRule]:
    return {rule["ID"]: rule for rule in found if rule.get("ID")}


def enabled(rule: ReplicationRule) -> bool:
    return rule.get("Status") == "Enabled"


def target(rule: ReplicationRule) -> str:
    """Return the name of the bucket that a rule replicates to."""
    return str(rule["Destination"]["Bucket"]).rpartition(":")[2]


def foreign(
    rule: ReplicationRule, own: str, accounts: tuple[str, ...], buckets: tuple[str, ...]
) -> str | None:
    """Say why a rule's destination is not trusted, None where nothing speaks against it.

    ``own`` is the bucket's account, which is always trusted. No ``buckets`` accepts every name.
    """
    account = rule["Destination"].get("Account")
    if account and account not in {own, *accounts}:
        return f"sends objects to account {shown(account)[1:-1]}, which is not trusted"
    if buckets and not matches(target(rule), buckets):
        return f"sends objects to bucket {shown(target(rule))[1:-1]}, which is not trusted"
    return None


def unproven(rule: ReplicationRule, buckets: tuple[str, ...]) -> bool:
    """Whether the rule may send objects to any account, as neither account nor list names it."""
    return not rule["Destination"].get("Account") and not buckets


def form(rule: ReplicationRule) -> str | None:
    """Return the member that makes a rule one of S3's second (Filter) or first form (Prefix)."""
    return next((each for each in ("Filter", "Prefix") if rule.get(each) is not None), None)


def counts(rule: ReplicationRule, bucket: Bucket, parameters: Any) -> bool:  # noqa: ANN401
    """Whether the rule keeps a replica of the bucket where nothing speaks against it."""
    trusted = parameters.trusted_accounts, parameters.trusted_buckets
    return enabled(rule) and not foreign(rule, bucket.account, *trusted)


def fault(
    rule: ReplicationRule, own: str, accounts: tuple[str, ...], buckets: tuple[str, ...]
) -> str | None:
    """Say why an enabled rule's destination is not trusted, or not known to be, or None."""
    if rule.get("Status") == "Disabled":
        return None
    untrusted = foreign(rule, own, accounts, buckets)
    if untrusted:
        return untrusted
    if unproven(rule, buckets):
        return (
            f"does not say who owns its destination {shown(target(rule))[1:-1]}, which may be "
            "anyone; name the account, or list the bucket in trustedBuckets"
        )
    return None
