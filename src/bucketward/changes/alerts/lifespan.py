"""Alerts on buckets that come and go, and on what stands beside buckets.

Access points, Storage Lens, Access Grants and Batch Operations.
"""

from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    ACCOUNT_MANIPULATION,
    CLOUD_STORAGE_ACCESS,
    DATA_DESTRUCTION,
    MODIFY_INFRASTRUCTURE,
    REMOTE_DATA_STAGING,
    TRANSFER_TO_CLOUD_ACCOUNT,
)
from bucketward.changes.grants import grants_to_public
from bucketward.changes.vocabulary import (
    CREATE_BUCKET,
    DELETE_BUCKET,
    JOB_CREATED,
    WRITES,
)
from bucketward.verdict import Severity


def _of(*aspects: str) -> tuple[str, ...]:
    return tuple(event for event, aspect in WRITES.items() if aspect in aspects)


_JOB_CREATED = (JOB_CREATED, "CreateJob")
_ACCESS_POINTS = _of("access_point", "multi_region_access_point", "object_lambda")


def _policy_public(situation: Situation) -> bool:
    return bool(situation.policy and situation.policy.public)


ALERTS = (
    Alert(
        id="bucket-created",
        title="Bucket created",
        severity=Severity.LOW,
        events=(CREATE_BUCKET,),
        grade=lambda seen: Severity.HIGH if grants_to_public(seen) else Severity.LOW,
        meaning="The account has a new bucket, which has no baseline yet.",
        response="Nothing, if its creator was expected; the controls judge its configuration.",
        attack=(MODIFY_INFRASTRUCTURE, REMOTE_DATA_STAGING),
    ),
    Alert(
        id="bucket-deleted",
        title="Bucket deleted",
        severity=Severity.HIGH,
        events=(DELETE_BUCKET,),
        meaning="The bucket is gone, and anyone may register its name.",
        response="Create it again, empty, in the same Region before somebody takes the name.",
        attack=(DATA_DESTRUCTION,),
    ),
    Alert(
        id="access-point-changed",
        title="Access point changed",
        severity=Severity.MEDIUM,
        events=_ACCESS_POINTS,
        meaning="A way into buckets beside their own names was created, changed or deleted.",
        response="Check the access point's policy, network and block against what was approved.",
        attack=(ACCOUNT_MANIPULATION, CLOUD_STORAGE_ACCESS),
    ),
    Alert(
        id="access-point-policy-public",
        title="Access point policy made public",
        severity=Severity.CRITICAL,
        events=tuple(event for event in _ACCESS_POINTS if event.startswith("Put")),
        when=_policy_public,
        meaning="The access point's policy allows anyone, if the bucket's delegates to it.",
        response="Put the previous policy back; check that the access point's block is on.",
        attack=(CLOUD_STORAGE_ACCESS, TRANSFER_TO_CLOUD_ACCOUNT),
    ),
    Alert(
        id="access-grants-changed",
        title="S3 Access Grants changed",
        severity=Severity.MEDIUM,
        events=_of("access_grants"),
        meaning="Grants by which directory users and roles reach prefixes of buckets changed.",
        response="List the grants of the location and compare them with what was approved.",
        attack=(ACCOUNT_MANIPULATION,),
    ),
    Alert(
        id="storage-lens-changed",
        title="Storage Lens configuration changed",
        severity=Severity.LOW,
        events=_of("storage_lens"),
        meaning="What Storage Lens reports about the account's storage, and to whom, was written.",
        response="Check the export's destination bucket.",
    ),
    Alert(
        id="batch-job-created",
        title="Batch Operations job created",
        severity=Severity.HIGH,
        events=_JOB_CREATED,
        meaning="One call can copy, tag, re-encrypt or restore every object of a bucket.",
        response="Describe the job and cancel it unless it was planned.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT, DATA_DESTRUCTION),
    ),
    Alert(
        id="batch-job-changed",
        title="Batch Operations job changed",
        severity=Severity.MEDIUM,
        events=tuple(event for event in _of("batch_operations") if event not in _JOB_CREATED),
        meaning="A job was confirmed, cancelled, moved up in the queue or tagged.",
        response="Describe the job; one that was confirmed is at work on its objects now.",
        attack=(TRANSFER_TO_CLOUD_ACCOUNT, DATA_DESTRUCTION),
    ),
)
