"""Turn on the flags of the public access block that are off, and nothing else."""

from collections.abc import Iterator

from bucketward import PUBLIC_ACCESS_BLOCK, Automatic, Bucket, Call, Known, Remediation, put
from bucketward.public_access import FLAGS, missing_flags


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:  # noqa: ARG001
    if missing_flags(bucket):
        yield put(PUBLIC_ACCESS_BLOCK, dict.fromkeys(FLAGS, True))


remediation = Remediation(
    plan,
    calls=(PUBLIC_ACCESS_BLOCK.put,),
    reads=(PUBLIC_ACCESS_BLOCK,),
    automatic=Automatic.RECOMMENDED,
)
