"""Put the earlier replication back: enable its rules again, or add those that are missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bucketward import (
    REPLICATION,
    TAGGING,
    VERSIONING,
    Automatic,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    put,
    replication,
)
from bucketward.replication import ReplicationRule
from bucketward.selection import chosen


@dataclass(frozen=True, slots=True)
class Parameters:
    required_buckets: tuple[str, ...] = ()
    required_tag: str = ""
    trusted_accounts: tuple[str, ...] = ()
    trusted_buckets: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    given: Parameters = known.parameters
    now = replication.rules(bucket)
    if not chosen(bucket, given.required_buckets, given.required_tag):
        return
    if any(replication.counts(rule, bucket, given) for rule in now):
        return
    if (bucket[VERSIONING] or {}).get("Status") != "Enabled":
        raise Refused(f"Replication needs versioning; enable it for bucket {bucket.name} first.")
    earlier = known.earlier()
    trusted = [
        rule
        for rule in (replication.rules(earlier) if earlier else [])
        if not replication.foreign(
            rule, bucket.account, given.trusted_accounts, given.trusted_buckets
        )
    ]
    if earlier is None or not any(map(replication.enabled, trusted)):
        raise Refused(f"No earlier replication of bucket {bucket.name} is known; set it up again.")
    yield put(REPLICATION, _merged(bucket, earlier, trusted))


def _merged(bucket: Bucket, earlier: Bucket, trusted: list[ReplicationRule]) -> dict[str, Any]:
    """Return the live document with the earlier rules enabled again, or added."""
    document = bucket[REPLICATION]
    if document is None:
        _check(bucket, earlier, trusted)
        return {**(earlier[REPLICATION] or {}), "Rules": trusted}
    live = replication.by_id(document["Rules"])
    wanted = {rule.get("ID", ""): rule for rule in trusted if replication.enabled(rule)}
    for name in wanted.keys() & live.keys():
        target = replication.target(live[name])
        if target != replication.target(wanted[name]):
            raise Refused(
                f"A replication rule of bucket {bucket.name} now goes to {target}; remove it or "
                "set it right by hand."
            )
    rules = [
        {**rule, "Status": "Enabled"} if rule.get("ID") in wanted else rule
        for rule in document["Rules"]
    ]
    added = [rule for name, rule in wanted.items() if name not in live]
    if added:
        _check(bucket, earlier, [*rules, *added])
    return {**document, "Rules": [*rules, *added]}


def _check(bucket: Bucket, earlier: Bucket, rules: list[ReplicationRule]) -> None:
    """Raise `Refused` where the rules do not go together, or are not known in full."""
    forms = {replication.form(rule) for rule in rules}
    if None in forms:
        raise Refused(
            f"AWS Config did not record the filter of the earlier replication of bucket "
            f"{bucket.name}; set it up again."
        )
    if len(forms) > 1:
        raise Refused(
            f"The earlier replication of bucket {bucket.name} has rules of another form than "
            "those that are there now, which S3 does not mix; set it up again."
        )
    now, before = bucket[REPLICATION] or earlier[REPLICATION] or {}, earlier[REPLICATION] or {}
    if now.get("Role") != before.get("Role"):
        raise Refused(
            f"The replication of bucket {bucket.name} has another role than before; set it up "
            "again."
        )


remediation = Remediation(
    plan,
    calls=(REPLICATION.put,),
    reads=(REPLICATION, TAGGING, VERSIONING),
    earlier=True,
    passes_role=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
