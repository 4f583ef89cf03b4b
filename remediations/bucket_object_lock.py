"""Turn Object Lock on with the earlier or the asked-for retention, if that is allowed for good."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    ACL,
    OBJECT_LOCK,
    POLICY,
    VERSIONING,
    Automatic,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    object_lock,
    put,
)
from bucketward.access_log import LOG_DELIVERY, LOGGING_SERVICE
from bucketward.object_lock import MODES, MOST_DAYS, Retention
from bucketward.safety import weakening


@dataclass(frozen=True, slots=True)
class Parameters:
    mode: str = ""
    minimum_days: int = 0
    enable_permanently: bool = False


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    given: Parameters = known.parameters
    if not object_lock.fault(bucket, given.mode, given.minimum_days):
        return
    _check(bucket, given)
    if not given.mode and not given.minimum_days:
        yield put(OBJECT_LOCK, {**(bucket[OBJECT_LOCK] or {}), "ObjectLockEnabled": "Enabled"})
        return
    yield put(OBJECT_LOCK, _retention(bucket, known).into(bucket))


def _check(bucket: Bucket, given: Parameters) -> None:
    if not given.enable_permanently:
        raise Refused(
            f"Object Lock of bucket {bucket.name} could never be turned off again; set "
            "enablePermanently to true to accept that."
        )
    if (bucket[VERSIONING] or {}).get("Status") != "Enabled":
        raise Refused(f"Object Lock needs versioning; enable it for bucket {bucket.name} first.")
    if given.minimum_days > MOST_DAYS:
        raise Refused(f"S3 locks objects for {MOST_DAYS} days at most; lower minimumDays.")
    if not object_lock.is_on(bucket) and _receives_logs(bucket):
        raise Refused(
            f"Bucket {bucket.name} lets S3 deliver access logs to it, which Object Lock would "
            "stop; send the logs to another bucket and take that permission away first."
        )


def _receives_logs(bucket: Bucket) -> bool:
    """Whether log delivery is so much as mentioned; refusing once too often does no harm."""
    grantees = [grant["Grantee"].get("URI") for grant in (bucket[ACL] or {}).get("Grants", ())]
    return LOGGING_SERVICE in str(bucket[POLICY]) or LOG_DELIVERY in grantees


def _retention(bucket: Bucket, known: Known) -> Retention:
    given: Parameters = known.parameters
    now = Retention.of(bucket)
    earlier = known.earlier()
    previous = Retention.of(earlier) if earlier else None
    if previous and earlier and not object_lock.fault(earlier, given.mode, given.minimum_days):
        after = bucket.replacing(OBJECT_LOCK, previous.into(bucket))
        if not weakening(bucket, after, [OBJECT_LOCK]):
            return previous
    days = max(given.minimum_days, now.days if now else 0)
    if not days:
        raise Refused(
            f"For how long bucket {bucket.name} should lock its objects is not known; set "
            "minimumDays."
        )
    modes = [given.mode or MODES[0], *([now.mode] if now else [])]
    return Retention(max(modes, key=lambda mode: Retention(mode, days).rank), days)


remediation = Remediation(
    plan,
    calls=(OBJECT_LOCK.put,),
    reads=(OBJECT_LOCK, VERSIONING, POLICY, ACL),
    earlier=True,
    automatic=Automatic.NEVER,
    parameters=Parameters,
)
