"""Enable versioning; MFA delete stays as it is."""

from collections.abc import Iterator

from bucketward import VERSIONING, Automatic, Bucket, Call, Known, Refused, Remediation, put


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:  # noqa: ARG001
    versioning = bucket[VERSIONING] or {}
    if versioning.get("Status") == "Enabled":
        return
    if versioning.get("MFADelete") == "Enabled":
        raise Refused(
            f"MFA delete is on for bucket {bucket.name}: only the root user with its MFA device "
            "can enable versioning again."
        )
    yield put(VERSIONING, {**versioning, "Status": "Enabled"})


remediation = Remediation(
    plan,
    calls=(VERSIONING.put,),
    reads=(VERSIONING,),
    automatic=Automatic.RECOMMENDED,
)
