"""Add one lifecycle rule that aborts incomplete uploads, and keep every other rule."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import (
    LIFECYCLE,
    VERSIONING,
    Automatic,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    lifecycle,
    put,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    max_days: int = 7


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    days, most = lifecycle.abort_days(bucket), max(known.parameters.max_days, 1)
    if days is not None and days <= most:
        return
    if (bucket[VERSIONING] or {}).get("MFADelete") == "Enabled":
        return
    kept = [rule for rule in lifecycle.rules(bucket) if rule.get("ID") != lifecycle.ABORT_ID]
    if len(kept) >= lifecycle.MOST_RULES:
        raise Refused(
            f"Bucket {bucket.name} has {len(kept)} lifecycle rules, and S3 takes no more; join "
            "some of them."
        )
    # S3 refuses a configuration in which some rules have a Prefix and others a Filter.
    old_form = any("Prefix" in rule for rule in kept)
    added = {
        "ID": lifecycle.ABORT_ID,
        "Status": "Enabled",
        **({"Prefix": ""} if old_form else {"Filter": {"Prefix": ""}}),
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": most},
    }
    yield put(LIFECYCLE, {**(bucket[LIFECYCLE] or {}), "Rules": [*kept, added]})


remediation = Remediation(
    plan,
    calls=(LIFECYCLE.put,),
    reads=(LIFECYCLE, VERSIONING),
    automatic=Automatic.ALL,
    parameters=Parameters,
)
