"""Remove replication rules to untrusted destinations, or put their earlier version back.

A rule that states no account is kept, with the account written into it, where the destination is
in this account's own list of buckets; that S3 denies access to a bucket would prove nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    REPLICATION,
    Automatic,
    Bucket,
    Call,
    Known,
    Remediation,
    delete,
    put,
    replication,
)
from bucketward.replication import ReplicationRule


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = ()
    trusted_buckets: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    found = replication.rules(bucket)
    if not any(_fault(rule, bucket, known) for rule in found):
        return
    kept = [
        rule
        for each in found
        if (rule := _repaired(each, bucket, known) if _fault(each, bucket, known) else each)
    ]
    if kept:
        yield put(REPLICATION, {**(bucket[REPLICATION] or {}), "Rules": kept})
    else:
        yield delete(REPLICATION)


def _fault(rule: ReplicationRule, bucket: Bucket, known: Known) -> str | None:
    given: Parameters = known.parameters
    return replication.fault(rule, bucket.account, given.trusted_accounts, given.trusted_buckets)


def _repaired(rule: ReplicationRule, bucket: Bucket, known: Known) -> ReplicationRule | None:
    """Return what to put in the place of an offending rule, None for nothing."""
    given: Parameters = known.parameters
    if replication.unproven(rule, given.trusted_buckets) and known.owns(replication.target(rule)):
        return {**rule, "Destination": {**rule["Destination"], "Account": bucket.account}}
    earlier = known.earlier()
    twins = replication.by_id(replication.rules(earlier)) if earlier else {}
    twin = twins.get(rule.get("ID", ""))
    form = replication.form(rule)
    if twin and form and replication.form(twin) == form and not _fault(twin, bucket, known):
        return twin
    return None


remediation = Remediation(
    plan,
    calls=REPLICATION.writes,
    reads=(REPLICATION,),
    owns=True,
    earlier=True,
    passes_role=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
