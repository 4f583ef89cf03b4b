"""Let the bucket's owner pay again, which is what every approved earlier state says."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import REQUEST_PAYMENT, Automatic, Bucket, Call, Known, Remediation, put
from bucketward.selection import named


@dataclass(frozen=True, slots=True)
class Parameters:
    approved_buckets: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    payment = bucket[REQUEST_PAYMENT] or {}
    if payment.get("Payer") == "Requester" and not named(bucket, known.parameters.approved_buckets):
        yield put(REQUEST_PAYMENT, {**payment, "Payer": "BucketOwner"})


remediation = Remediation(
    plan,
    calls=(REQUEST_PAYMENT.put,),
    reads=(REQUEST_PAYMENT,),
    automatic=Automatic.ALL,
    parameters=Parameters,
)
