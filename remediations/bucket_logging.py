"""Send the access log back to its previous target, else to the first of `targetBuckets`.

A target that cannot receive the log is passed over; where none is left nothing is written and
the remediation fails, naming what is wrong with each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    LOGGING,
    Automatic,
    Bucket,
    BucketNotFound,
    Call,
    Known,
    Refused,
    Remediation,
    access_log,
    put,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    target_buckets: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    targets = known.parameters.target_buckets
    if bucket.name in targets or not access_log.fault(bucket, targets):
        return
    kept = {
        name: value
        for name, value in ((bucket[LOGGING] or {}).get("LoggingEnabled") or {}).items()
        if name == "TargetObjectKeyFormat"
    }
    faults = []
    for target, prefix in _choices(bucket, known):
        fault = _fault(bucket, target, prefix, known)
        if not fault:
            enabled = {**kept, "TargetBucket": target, "TargetPrefix": prefix}
            yield put(LOGGING, {"LoggingEnabled": enabled})
            return
        faults.append(f"{target}: {fault}")
    raise Refused(
        f"No bucket can receive the access log of {bucket.name} ({'; '.join(faults)})."
        if faults
        else f"No target is known for the access log of {bucket.name}; set targetBuckets."
    )


def _choices(bucket: Bucket, known: Known) -> Iterator[tuple[str, str]]:
    earlier = known.earlier()
    if earlier and access_log.target_of(earlier):
        enabled = (earlier[LOGGING] or {})["LoggingEnabled"]
        yield enabled["TargetBucket"], enabled.get("TargetPrefix", "")
    for target in known.parameters.target_buckets[:1]:
        yield target, f"{bucket.name}/"


def _fault(bucket: Bucket, target: str, prefix: str, known: Known) -> str | None:
    try:
        return access_log.delivery_fault(bucket, known.other(target), prefix)
    except BucketNotFound:
        return "it does not exist"


remediation = Remediation(
    plan,
    calls=(LOGGING.put,),
    reads=(LOGGING,),
    others=access_log.TARGET_ASPECTS,
    earlier=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
