"""Remove the cross-origin rules that allow too much, and keep the others."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import CORS, Automatic, Bucket, Call, Known, Remediation, cross_origin, delete, put


@dataclass(frozen=True, slots=True)
class Parameters:
    allowed_origins: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    rules = cross_origin.rules(bucket)
    allowed = known.parameters.allowed_origins
    kept = [rule for rule in rules if not cross_origin.fault(rule, allowed)]
    if len(kept) == len(rules):
        return
    if kept:
        yield put(CORS, {**(bucket[CORS] or {}), "CORSRules": kept})
    else:
        yield delete(CORS)


remediation = Remediation(
    plan,
    calls=CORS.writes,
    reads=(CORS,),
    automatic=Automatic.ALL,
    parameters=Parameters,
)
