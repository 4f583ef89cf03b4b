"""Add SSE-C to the blocked encryption types and keep the rest of the encryption rule."""

from collections.abc import Iterator

from bucketward import ENCRYPTION, Automatic, Bucket, Call, Known, Remediation, put
from bucketward.encryption import blocking_sse_c, blocks_sse_c


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:  # noqa: ARG001
    if not blocks_sse_c(bucket):
        yield put(ENCRYPTION, blocking_sse_c(bucket))


remediation = Remediation(
    plan,
    calls=(ENCRYPTION.put,),
    reads=(ENCRYPTION,),
    automatic=Automatic.ALL,
)
