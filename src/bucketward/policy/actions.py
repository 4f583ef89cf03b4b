"""Which actions S3 has, what they do and to what, as bit sets.

A set of actions is an int, one bit an action, so that a statement's grants, `NotAction` and a
Deny are one machine operation each. Names, access levels and resource kinds are those of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (2026-10).
"""

from functools import lru_cache
from typing import Final

from bucketward.wildcards import covers, literal_prefix, matches

_READ_BUCKET = """
    AllowVendedLogDeliveryForResource GetAccelerateConfiguration GetAnalyticsConfiguration
    GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging
    GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration
    GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
    GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
    GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration
    GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket
    ListBucketMultipartUploads ListBucketVersions ListTagsForResource
"""
_READ_OBJECT = """
    GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold
    GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl
    GetObjectVersionAnnotation GetObjectVersionAnnotationForReplication
    GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging
    GetObjectVersionTorrent ListMultipartUploadParts ListObjectAnnotations
    ListObjectVersionAnnotations
"""
_READ_OTHER = """
    DescribeJob DescribeMultiRegionAccessPointOperation GetAccessGrant GetAccessGrantsInstance
    GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy
    GetAccessGrantsLocation GetAccessPoint GetAccessPointConfigurationForObjectLambda
    GetAccessPointForObjectLambda GetAccessPointPolicy GetAccessPointPolicyForObjectLambda
    GetAccessPointPolicyStatus GetAccessPointPolicyStatusForObjectLambda
    GetAccountPublicAccessBlock GetDataAccess GetJobTagging GetMultiRegionAccessPoint
    GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus
    GetMultiRegionAccessPointRoutes GetStorageLensConfiguration
    GetStorageLensConfigurationTagging GetStorageLensDashboard GetStorageLensGroup
    ListAccessGrants ListAccessGrantsInstances ListAccessGrantsLocations ListAccessPoints
    ListAccessPointsForObjectLambda ListAllMyBuckets ListCallerAccessGrants ListJobs
    ListMultiRegionAccessPoints ListStorageLensConfigurations ListStorageLensGroups
"""
_WRITE_BUCKET = """
    CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket
    DeleteBucketMetadataTableConfiguration DeleteBucketPolicy DeleteBucketWebsite
    PauseReplication PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac
    PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification
    PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
    PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning
    PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration
    PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration
    PutReplicationConfiguration TagResource UntagResource
    UpdateBucketMetadataAnnotationTableConfiguration
    UpdateBucketMetadataInventoryTableConfiguration
    UpdateBucketMetadataJournalTableConfiguration
"""
_WRITE_OBJECT = """
    AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectAnnotation
    DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionAnnotation
    DeleteObjectVersionTagging InitiateReplication ObjectOwnerOverrideToBucketOwner PutObject
    PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging
    PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging ReplicateDelete
    ReplicateObject ReplicateObjectAnnotation ReplicateTags RestoreObject UpdateObjectEncryption
"""
_WRITE_OTHER = """
    AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance
    CreateAccessGrantsLocation CreateAccessPoint CreateAccessPointForObjectLambda CreateJob
    CreateMultiRegionAccessPoint CreateStorageLensGroup DeleteAccessGrant
    DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy
    DeleteAccessGrantsLocation DeleteAccessPoint DeleteAccessPointForObjectLambda
    DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda DeleteJobTagging
    DeleteMultiRegionAccessPoint DeleteStorageLensConfiguration
    DeleteStorageLensConfigurationTagging DeleteStorageLensGroup
    DissociateAccessGrantsIdentityCenter PutAccessGrantsInstanceResourcePolicy
    PutAccessPointConfigurationForObjectLambda PutAccessPointPolicy
    PutAccessPointPolicyForObjectLambda PutAccessPointPublicAccessBlock
    PutAccountPublicAccessBlock PutJobTagging PutMultiRegionAccessPointPolicy
    PutStorageLensConfiguration PutStorageLensConfigurationTagging
    SubmitMultiRegionAccessPointRoutes UpdateAccessGrantsLocation UpdateJobPriority
    UpdateJobStatus UpdateStorageLensGroup
"""

_ACL_AND_POLICY = """
    DeleteBucketPolicy PutBucketAcl PutBucketPolicy PutEncryptionConfiguration PutObjectAcl
    PutObjectVersionAcl
"""
"""Security Hub S3.6's list, and the version's ACL, which is an object's ACL too."""

_NAMES: Final[tuple[str, ...]] = tuple(
    "s3:" + name.lower()
    for group in (
        _READ_BUCKET, _READ_OBJECT, _READ_OTHER, _WRITE_BUCKET, _WRITE_OBJECT, _WRITE_OTHER
    )
    for name in group.split()
)  # fmt: skip
_ALL_NAMES: Final = "\n".join(_NAMES)
_BIT: Final = {name: 1 << position for position, name in enumerate(_NAMES)}


def _bits(*groups: str) -> int:
    return sum(_BIT["s3:" + name.lower()] for group in groups for name in group.split())


_LATER_READ: Final = 1 << len(_NAMES)
"""Stands for reads that this table does not know; AWS counts actions which may come."""
_LATER_WRITE: Final = _LATER_READ << 1

EVERY: Final = (_LATER_WRITE << 1) - 1
KNOWN: Final = _LATER_READ - 1
READ: Final = _bits(_READ_BUCKET, _READ_OBJECT, _READ_OTHER) | _LATER_READ
WRITE: Final = _bits(_WRITE_BUCKET, _WRITE_OBJECT, _WRITE_OTHER) | _LATER_WRITE
ON_BUCKET: Final = _bits(_READ_BUCKET, _WRITE_BUCKET)
ON_OBJECTS: Final = _bits(_READ_OBJECT, _WRITE_OBJECT)
MODIFIES_ACL: Final = _bits(_ACL_AND_POLICY)
PUT_OBJECT: Final = _bits("PutObject")
EVERY_ACTION: Final = "s3:*"
_EVERY_NAME: Final = "s3:?*"
"""As `EVERY_ACTION`, since no action has an empty name."""

_LATER_VERBS: Final = {
    "get": _LATER_READ,
    "list": _LATER_READ,
    "head": _LATER_READ,
    "put": _LATER_WRITE,
    "delete": _LATER_WRITE,
}


@lru_cache(maxsize=2048)
def bits_of(pattern: str) -> int:
    """Return the actions that a lower-case action pattern matches; 0 where it names none."""
    if "*" not in pattern and "?" not in pattern:
        return _BIT.get(pattern) or _later(pattern)
    if is_every_action(pattern):
        return EVERY
    prefix = literal_prefix(pattern)
    found = 0
    if not all(piece in _ALL_NAMES for piece in pattern.replace("?", "*").split("*")):
        return _later(pattern)  # no action has such letters; spares 180 scans
    for name, bit in _BIT.items():
        if name.startswith(prefix) and matches(pattern, name):
            found |= bit
    return found | _later(pattern)


@lru_cache(maxsize=2048)
def is_every_action(pattern: str) -> bool:
    """Say whether a lower-case action pattern takes in each action S3 has or may get."""
    return covers(pattern, _EVERY_NAME)


def _later(pattern: str) -> int:
    """Judge a name which AWS may give to an action one day by its verb."""
    name = pattern.removeprefix("s3:")
    for verb, bit in _LATER_VERBS.items():
        if name.startswith(verb):
            return bit
    return 0
