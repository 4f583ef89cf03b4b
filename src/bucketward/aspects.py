"""The aspects of a bucket: how each is read, written and deleted, and what it is called where.

One aspect has up to four names: the S3 API operation, the IAM action, the CloudTrail event and
the key in AWS Config's configuration item. They differ (``PutBucketLifecycleConfiguration`` is
allowed by ``s3:PutLifecycleConfiguration`` and logged as ``PutBucketLifecycle``), so this table
is the only place where they are written down.

Sources: S3 API reference; *Actions, resources, and condition keys for Amazon S3* in the Service
Authorization Reference; *Amazon S3 CloudTrail events* in the S3 user guide; the AWS Config
resource schema of ``AWS::S3::Bucket``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Document = Any
"""An aspect's value as the S3 API returns it: a dict, or the text of a bucket policy."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One S3 API operation on one aspect, with its name in each vocabulary.

    >>> LIFECYCLE.put.name, LIFECYCLE.put.action, LIFECYCLE.put.event
    ('PutBucketLifecycleConfiguration', 's3:PutLifecycleConfiguration', 'PutBucketLifecycle')
    """

    name: str
    action: str
    event: str
    aspect: str

    @property
    def method(self) -> str:
        """The boto3 client's method: ``put_bucket_encryption``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One separately readable and writable piece of a bucket's configuration.

    A document of the aspect is the member ``member`` of the read operation's response (the whole
    response where there is none), and is what the write operation takes as ``argument``.
    ``None`` stands for "not set". A keyed aspect holds many configurations, each with an ``Id``:
    its document is a dict from ``Id`` to configuration.
    """

    name: str
    get: Operation
    put: Operation
    delete: Operation | None
    argument: str
    member: str | None = None
    unset: str | None = None  # the error code that means "not set"
    item_key: str | None = None  # in supplementaryConfiguration; None: AWS Config never records it
    keyed: bool = False

    def __str__(self) -> str:
        return self.name.replace("_", " ")

    @property
    def operations(self) -> tuple[Operation, ...]:
        return (self.get, *self.writes)

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions that reading it takes."""
        return (self.get.action,)

    @property
    def writes(self) -> tuple[Operation, ...]:
        """What changes it: the put, and the delete where S3 has one."""
        return (self.put, self.delete) if self.delete else (self.put,)


def _aspect(  # noqa: PLR0913 - one keyword a column of the table below
    name: str,
    noun: str,
    *,
    argument: str,
    member: str | None = None,
    unset: str | None = None,
    item_key: str | None = None,
    keyed: bool = False,
    delete: bool = False,
    action: str | None = None,
    event: str | None = None,
    delete_noun: str | None = None,
    delete_action: str | None = None,
) -> Aspect:
    """Build one row: ``noun`` is the part of the operation names after Get, Put and Delete."""
    action, event = action or noun, event or noun
    read = f"List{noun}s" if keyed else f"Get{noun}"
    dropped = delete_noun or noun
    return Aspect(
        name=name,
        get=Operation(read, f"s3:Get{action}", read if keyed else f"Get{event}", name),
        put=Operation(f"Put{noun}", f"s3:Put{action}", f"Put{event}", name),
        delete=Operation(
            f"Delete{dropped}",
            f"s3:{delete_action or 'Put' + action}",  # IAM has few Delete actions: Put covers both
            f"Delete{event}",
            name,
        )
        if delete
        else None,
        argument=argument,
        member=member,
        unset=unset,
        item_key=item_key,
        keyed=keyed,
    )


POLICY = _aspect(
    "policy",
    "BucketPolicy",
    argument="Policy",
    member="Policy",
    unset="NoSuchBucketPolicy",
    item_key="BucketPolicy",
    delete=True,
    delete_action="DeleteBucketPolicy",
)
ACL = _aspect("acl", "BucketAcl", argument="AccessControlPolicy", item_key="AccessControlList")
PUBLIC_ACCESS_BLOCK = _aspect(
    "public_access_block",
    "PublicAccessBlock",
    argument="PublicAccessBlockConfiguration",
    member="PublicAccessBlockConfiguration",
    unset="NoSuchPublicAccessBlockConfiguration",
    item_key="PublicAccessBlockConfiguration",
    delete=True,
    action="BucketPublicAccessBlock",
    event="BucketPublicAccessBlock",
)
OWNERSHIP = _aspect(
    "ownership",
    "BucketOwnershipControls",
    argument="OwnershipControls",
    member="OwnershipControls",
    unset="OwnershipControlsNotFoundError",
    delete=True,
)
ENCRYPTION = _aspect(
    "encryption",
    "BucketEncryption",
    argument="ServerSideEncryptionConfiguration",
    member="ServerSideEncryptionConfiguration",
    unset="ServerSideEncryptionConfigurationNotFoundError",
    item_key="ServerSideEncryptionConfiguration",
    delete=True,
    action="EncryptionConfiguration",
)
VERSIONING = _aspect(
    "versioning",
    "BucketVersioning",
    argument="VersioningConfiguration",
    item_key="BucketVersioningConfiguration",
)
LOGGING = _aspect(
    "logging",
    "BucketLogging",
    argument="BucketLoggingStatus",
    item_key="BucketLoggingConfiguration",
)
LIFECYCLE = _aspect(
    "lifecycle",
    "BucketLifecycleConfiguration",
    argument="LifecycleConfiguration",
    unset="NoSuchLifecycleConfiguration",
    item_key="BucketLifecycleConfiguration",
    delete=True,
    action="LifecycleConfiguration",
    event="BucketLifecycle",
    delete_noun="BucketLifecycle",
)
REPLICATION = _aspect(
    "replication",
    "BucketReplication",
    argument="ReplicationConfiguration",
    member="ReplicationConfiguration",
    unset="ReplicationConfigurationNotFoundError",
    item_key="BucketReplicationConfiguration",
    delete=True,
    action="ReplicationConfiguration",
)
CORS = _aspect(
    "cors",
    "BucketCors",
    argument="CORSConfiguration",
    unset="NoSuchCORSConfiguration",
    item_key="BucketCrossOriginConfiguration",
    delete=True,
    action="BucketCORS",
)
WEBSITE = _aspect(
    "website",
    "BucketWebsite",
    argument="WebsiteConfiguration",
    unset="NoSuchWebsiteConfiguration",
    item_key="BucketWebsiteConfiguration",
    delete=True,
    delete_action="DeleteBucketWebsite",
)
NOTIFICATION = _aspect(
    "notification",
    "BucketNotificationConfiguration",
    argument="NotificationConfiguration",
    item_key="BucketNotificationConfiguration",
    action="BucketNotification",
    event="BucketNotification",
)
TAGGING = _aspect(
    "tagging",
    "BucketTagging",
    argument="Tagging",
    unset="NoSuchTagSet",
    item_key="BucketTaggingConfiguration",
    delete=True,
)
REQUEST_PAYMENT = _aspect(
    "request_payment",
    "BucketRequestPayment",
    argument="RequestPaymentConfiguration",
    item_key="IsRequesterPaysEnabled",
)
ACCELERATE = _aspect(
    "accelerate",
    "BucketAccelerateConfiguration",
    argument="AccelerateConfiguration",
    item_key="BucketAccelerateConfiguration",
    action="AccelerateConfiguration",
    event="AccelerateConfiguration",
)
OBJECT_LOCK = _aspect(
    "object_lock",
    "ObjectLockConfiguration",
    argument="ObjectLockConfiguration",
    member="ObjectLockConfiguration",
    unset="ObjectLockConfigurationNotFoundError",
    item_key="ObjectLockConfiguration",
    action="BucketObjectLockConfiguration",
    event="BucketObjectLockConfiguration",
)


def _keyed(name: str, kind: str) -> Aspect:
    return _aspect(
        name,
        f"Bucket{kind}Configuration",
        argument=f"{kind}Configuration",
        member=f"{kind}ConfigurationList",
        action=f"{kind}Configuration",
        keyed=True,
        delete=True,
    )


INVENTORY = _keyed("inventory", "Inventory")
ANALYTICS = _keyed("analytics", "Analytics")
METRICS = _keyed("metrics", "Metrics")
INTELLIGENT_TIERING = _keyed("intelligent_tiering", "IntelligentTiering")

ASPECTS: dict[str, Aspect] = {
    aspect.name: aspect
    for aspect in (
        POLICY,
        ACL,
        PUBLIC_ACCESS_BLOCK,
        OWNERSHIP,
        ENCRYPTION,
        VERSIONING,
        LOGGING,
        LIFECYCLE,
        REPLICATION,
        CORS,
        WEBSITE,
        NOTIFICATION,
        TAGGING,
        REQUEST_PAYMENT,
        ACCELERATE,
        OBJECT_LOCK,
        INVENTORY,
        ANALYTICS,
        METRICS,
        INTELLIGENT_TIERING,
    )
}

LOCATION = Operation("GetBucketLocation", "s3:GetBucketLocation", "GetBucketLocation", "bucket")


def operations(aspects: Iterable[Aspect] = ASPECTS.values()) -> dict[str, Operation]:
    """All operations of the aspects by API name; the table other vocabularies are derived from."""
    return {op.name: op for aspect in aspects for op in aspect.operations}
