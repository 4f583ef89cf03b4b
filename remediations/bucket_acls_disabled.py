"""Set BucketOwnerEnforced, but only where the ACL grants nothing to anyone but the owner."""

from collections.abc import Iterator

from bucketward import (
    ACL,
    OWNERSHIP,
    Automatic,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    put,
)
from bucketward.bucket_acl import ENFORCED, full_control, listed, others, ownership_of


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:  # noqa: ARG001
    if ownership_of(bucket[OWNERSHIP]) == ENFORCED:
        return
    granted = others(bucket[ACL])
    if granted:
        raise Refused(
            f"ACLs of bucket {bucket.name} stay on, since its ACL grants {listed(granted)}; move "
            "these grants into the bucket policy or take them out, and run this again."
        )
    wanted = full_control(bucket)
    if bucket[ACL] != wanted:
        yield put(ACL, wanted)
    yield put(OWNERSHIP, {"Rules": [{"ObjectOwnership": ENFORCED}]})


remediation = Remediation(
    plan,
    calls=(ACL.put, OWNERSHIP.put),
    reads=(OWNERSHIP, ACL),
    automatic=Automatic.ALL,
)
