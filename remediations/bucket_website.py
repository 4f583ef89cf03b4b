"""Put the earlier website back where it is approved, else delete the website."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    WEBSITE,
    Automatic,
    Bucket,
    Call,
    Known,
    Remediation,
    delete,
    put,
    website,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    approved_buckets: tuple[str, ...] = ()
    redirect_hosts: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    given = known.parameters.approved_buckets, known.parameters.redirect_hosts
    if not website.fault(bucket, *given):
        return
    earlier = known.earlier()
    if earlier and earlier[WEBSITE] and not website.fault(earlier, *given):
        yield put(WEBSITE, earlier[WEBSITE])
    else:
        yield delete(WEBSITE)


remediation = Remediation(
    plan,
    calls=WEBSITE.writes,
    reads=(WEBSITE,),
    earlier=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
