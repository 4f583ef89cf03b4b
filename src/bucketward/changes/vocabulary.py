"""The names of S3 writes in CloudTrail, and the aspect of a bucket each one touches.

CloudTrail, the S3 API and IAM name the same operation differently, and an event pattern with a
name from the wrong vocabulary never fires and never errors. So the names of the aspects' writes
are derived from ``bucketward.aspects``, and only what that table does not hold is written here.

Sources: *Amazon S3 CloudTrail events* in the S3 user guide (43 write events; those marked below
as inferred are not on it); records published by others for the spellings.
"""

from collections.abc import Iterator

from bucketward.aspects import ACL, ASPECTS, CORS, Aspect, Operation

SOURCE = "s3.amazonaws.com"
"""The eventSource of general purpose buckets, of S3 Control, and of S3 Batch Operations.

Directory buckets, tables, vectors and Outposts have event sources of their own.
"""

CREATE_BUCKET = "CreateBucket"
DELETE_BUCKET = "DeleteBucket"
PUT_ACCOUNT_BLOCK = "PutAccountPublicAccessBlock"
DELETE_ACCOUNT_BLOCK = "DeleteAccountPublicAccessBlock"
PUT_OBJECT_ACL = "PutObjectAcl"
JOB_CREATED = "JobCreated"

BUCKET = "bucket"
ACCOUNT_BLOCK = "account_public_access_block"
UNKNOWN_ASPECT = "unknown"

_BEYOND_THE_TABLE: dict[str, str] = {
    BUCKET: f"{CREATE_BUCKET} {DELETE_BUCKET}",
    ACCOUNT_BLOCK: f"{PUT_ACCOUNT_BLOCK} {DELETE_ACCOUNT_BLOCK}",
    "metadata": (
        "CreateBucketMetadataConfiguration DeleteBucketMetadataConfiguration"
        " CreateBucketMetadataTableConfiguration DeleteBucketMetadataTableConfiguration"
        " UpdateBucketMetadataJournalTableConfiguration"
        " UpdateBucketMetadataInventoryTableConfiguration"
        " UpdateBucketMetadataAnnotationTableConfiguration"
    ),
    # All below are inferred from the API: no record of them has been published.
    "tagging": "TagResource UntagResource",  # replace PutBucketTagging where ABAC is on
    "abac": "PutBucketAbac",
    "access_point": (
        "CreateAccessPoint DeleteAccessPoint PutAccessPointPolicy DeleteAccessPointPolicy"
        " PutAccessPointScope DeleteAccessPointScope"
    ),
    "multi_region_access_point": (
        "CreateMultiRegionAccessPoint DeleteMultiRegionAccessPoint"
        " PutMultiRegionAccessPointPolicy SubmitMultiRegionAccessPointRoutes"
    ),
    "object_lambda": (
        "CreateAccessPointForObjectLambda DeleteAccessPointForObjectLambda"
        " PutAccessPointConfigurationForObjectLambda PutAccessPointPolicyForObjectLambda"
        " DeleteAccessPointPolicyForObjectLambda"
    ),
    "storage_lens": (
        "PutStorageLensConfiguration DeleteStorageLensConfiguration"
        " PutStorageLensConfigurationTagging DeleteStorageLensConfigurationTagging"
        " CreateStorageLensGroup UpdateStorageLensGroup DeleteStorageLensGroup"
    ),
    "access_grants": (
        "CreateAccessGrantsInstance DeleteAccessGrantsInstance"
        " PutAccessGrantsInstanceResourcePolicy DeleteAccessGrantsInstanceResourcePolicy"
        " CreateAccessGrantsLocation UpdateAccessGrantsLocation DeleteAccessGrantsLocation"
        " CreateAccessGrant DeleteAccessGrant"
        " AssociateAccessGrantsIdentityCenter DissociateAccessGrantsIdentityCenter"
    ),
    # A service event: S3 reports the job, and no record of the call CreateJob has been seen.
    "batch_operations": (
        f"{JOB_CREATED} CreateJob UpdateJobStatus UpdateJobPriority PutJobTagging DeleteJobTagging"
    ),
}


def _writes() -> Iterator[Operation]:
    for aspect in ASPECTS.values():
        yield from (aspect.put, aspect.delete) if aspect.delete else (aspect.put,)


WRITES: dict[str, str] = {operation.event: operation.aspect for operation in _writes()} | {
    event: aspect for aspect, events in _BEYOND_THE_TABLE.items() for event in events.split()
}
"""Every S3 management write that CloudTrail is known to name, and its aspect."""


def _aliases() -> dict[str, tuple[str, ...]]:
    """Map API operations and IAM actions that are no event names to the events they stand for.

    One IAM action may allow a put and a delete, and so stand for two events: the put is first.
    """
    found: dict[str, list[str]] = {
        "PutBucketACL": [ACL.put.event],  # spellings that the web repeats
        "DeleteBucketCORS": [operation.event for operation in (CORS.delete,) if operation],
    }
    for operation in _writes():
        for name in (operation.name, operation.action.removeprefix("s3:")):
            events = found.setdefault(name, []) if name not in WRITES else []
            if operation.event not in events:
                events.append(operation.event)
    return {name: tuple(events) for name, events in found.items()}


ALIASES: dict[str, tuple[str, ...]] = _aliases()
"""Names that lists of events hold but CloudTrail never emits, and the events that are meant."""

DATA_WRITES = frozenset(
    {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateMultipartUpload",
        "CreateSession",
        "DeleteObject",
        "DeleteObjectAnnotation",
        "DeleteObjectTagging",
        "DeleteObjects",
        "PostObject",
        "PutObject",
        "PutObjectAcl",
        "PutObjectAnnotation",
        "PutObjectLegalHold",
        "PutObjectRetention",
        "PutObjectTagging",
        "RenameObject",
        "RestoreObject",
        "UpdateObjectEncryption",
        "UploadPart",
        "UploadPartCopy",
        "WriteGetObjectResponse",
    }
)
"""Writes to objects. Old records (up to version 1.05) do not say that these are data events."""

REPORTS = frozenset({"JobStatusChanged"})
"""Service events in which S3 reports its own progress: nobody wrote anything."""


def event_names(name: str) -> tuple[str, ...]:
    """Give the CloudTrail events that a name from any vocabulary stands for.

    >>> event_names("PutLifecycleConfiguration")
    ('PutBucketLifecycle', 'DeleteBucketLifecycle')
    >>> event_names("DeleteBucket"), event_names("GetBucketAcl")
    (('DeleteBucket',), ())
    """
    return (name,) if name in WRITES else ALIASES.get(name, ())


def event_name(name: str) -> str:
    """Give the one event that a record with this name is about: an alias's put, else the name."""
    return ALIASES.get(name, (name,))[0]


def deletes(aspect: Aspect) -> tuple[str, ...]:
    """Give the event of an aspect's delete operation, none where it has no such operation."""
    return (aspect.delete.event,) if aspect.delete else ()
