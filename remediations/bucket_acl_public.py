"""Take the public grants out of the ACL, and nothing else."""

from collections.abc import Iterator

from bucketward import (
    ACL,
    PUBLIC_ACCESS_BLOCK,
    Automatic,
    BadInput,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    put,
)
from bucketward.bucket_acl import public_grants, void_by


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:  # noqa: ARG001
    if void_by(bucket):
        return
    try:
        public = public_grants(bucket)
    except BadInput as error:
        raise Refused(f"{error} Set it anew by hand.") from error
    if public:
        document = bucket[ACL] or {}
        kept = [grant for grant in document["Grants"] if grant not in public]
        yield put(ACL, {**document, "Grants": kept})


remediation = Remediation(
    plan,
    calls=(ACL.put,),
    reads=(ACL, PUBLIC_ACCESS_BLOCK),
    automatic=Automatic.RECOMMENDED,
)
