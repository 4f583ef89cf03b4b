"""Give the offending rule its earlier expirations back, else disable it; keep every other rule."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    LIFECYCLE,
    TAGGING,
    Automatic,
    Bucket,
    Call,
    Known,
    Remediation,
    lifecycle,
    put,
)
from bucketward.lifecycle import ACTIONS, EXPIRATIONS, Kept, LifecycleRule


@dataclass(frozen=True, slots=True)
class Parameters:
    minimum_days: int = 30
    log_bucket_days: int = 365
    log_buckets: tuple[str, ...] = ()
    log_tag: str = ""
    temporary_prefixes: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    found = lifecycle.rules(bucket)
    kept = Kept.of(bucket, known.parameters)
    if not any(map(kept.fault, found)):
        return
    earlier = known.earlier()
    twins = lifecycle.by_id(lifecycle.rules(earlier)) if earlier else {}
    repaired = [
        _repaired(rule, twins.get(rule.get("ID", "")), kept) if kept.fault(rule) else rule
        for rule in found
    ]
    yield put(LIFECYCLE, {**(bucket[LIFECYCLE] or {}), "Rules": repaired})


def _repaired(rule: LifecycleRule, twin: LifecycleRule | None, kept: Kept) -> LifecycleRule:
    if twin and lifecycle.enabled(twin) and lifecycle.scope(twin) == lifecycle.scope(rule):
        candidate = _with_expirations(rule, twin)
        acts = any(candidate.get(each) for each in ACTIONS)  # S3 refuses a rule that does nothing
        if acts and not kept.fault(candidate) and not lifecycle.sooner(rule, candidate):
            return candidate
    return {**rule, "Status": "Disabled"}


def _with_expirations(rule: LifecycleRule, twin: LifecycleRule) -> LifecycleRule:
    candidate = {key: value for key, value in rule.items() if key not in EXPIRATIONS}
    candidate |= {each: twin[each] for each in EXPIRATIONS if twin.get(each)}
    newer = (rule.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")
    noncurrent = candidate.get("NoncurrentVersionExpiration")
    if newer is not None and noncurrent:
        # AWS Config does not record it; without it more versions would be deleted than now.
        candidate["NoncurrentVersionExpiration"] = {"NewerNoncurrentVersions": newer, **noncurrent}
    return candidate


remediation = Remediation(
    plan,
    calls=(LIFECYCLE.put,),
    reads=(LIFECYCLE, TAGGING),
    earlier=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
