"""A realistic document of each aspect, and what somebody else writes over it."""

from __future__ import annotations

import json
from typing import Any

from bucketward.public_access import FLAGS
from estate import ACCOUNT, REGION

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-0000-4000-8000-000000000000"
FOREIGN_KEY = f"arn:aws:kms:{REGION}:999999999999:key/99999999-0000-4000-8000-000000000000"
OWNER = {"ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"}  # moto's


def policy(name: str) -> str:
    """Make a policy of almost 20 KB, in a layout of its own."""
    arns = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    statements: list[dict[str, Any]] = [
        {
            "Sid": "Tls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": arns,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "Network",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "NotAction": ["s3:GetBucketLocation"],
            "Resource": arns[1],
            "Condition": {
                "NumericLessThan": {"s3:TlsVersion": 1.2},
                "Null": {"aws:SourceVpce": True},
            },
        },
    ]
    while len(json.dumps(statements, separators=(",", ":"))) < 19_500:
        number = len(statements)
        statements.append(
            {
                "Sid": f"Team{number}",
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{444455550000 + number}:root", ACCOUNT]},
                "Action": ["s3:GetObject", "s3:GetObjectTagging"],
                "Resource": f"arn:aws:s3:::{name}/team-{number}/*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}},
            }
        )
    return json.dumps({"Version": "2012-10-17", "Id": "acme", "Statement": statements}, indent=1)


def backdoor(name: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    shield = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObjectTorrent",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, shield]})


def grants(*others: tuple[str, str]) -> dict[str, Any]:
    full = {"Grantee": {**OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    listed = [
        {
            "Grantee": {"URI": f"http://acs.amazonaws.com/groups/{who}", "Type": "Group"}
            if "/" in who
            else {"ID": who, "Type": "CanonicalUser"},
            "Permission": permission,
        }
        for who, permission in others
    ]
    return {"Owner": OWNER, "Grants": [full, *listed]}


def flags(*off: str) -> dict[str, bool]:
    return {flag: flag not in off for flag in FLAGS}


def encryption(algorithm: str, key: str | None = None, *blocked: str) -> dict[str, Any]:
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(key)}
    return {"Rules": [{**rule, "BlockedEncryptionTypes": {"EncryptionType": list(blocked)}}]}


def inventory(key: str, frequency: str = "Daily") -> dict[str, Any]:
    return {
        "Id": key,
        "Destination": {
            "S3BucketDestination": {
                "AccountId": ACCOUNT,
                "Bucket": "arn:aws:s3:::acme-audit",
                "Format": "Parquet",
                "Prefix": "inventory",
                "Encryption": {"SSEKMS": {"KeyId": KEY}},
            }
        },
        "IsEnabled": True,
        "Filter": {"Prefix": f"{key}/"},
        "IncludedObjectVersions": "All",
        "OptionalFields": ["Size", "LastModifiedDate", "ObjectLockMode"],
        "Schedule": {"Frequency": frequency},
    }


def analysis(key: str, prefix: str) -> dict[str, Any]:
    tags = [{"Key": "class", "Value": "logs"}, {"Key": "hot", "Value": "false"}]
    target = {"Format": "CSV", "Bucket": "arn:aws:s3:::acme-audit", "Prefix": "analytics"}
    export = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": target}}
    return {
        "Id": key,
        "Filter": {"And": {"Prefix": prefix, "Tags": tags}},
        "StorageClassAnalysis": {"DataExport": export},
    }


def tiering(key: str, days: int) -> dict[str, Any]:
    return {
        "Id": key,
        "Filter": {"And": {"Prefix": f"{key}/", "Tags": [{"Key": "class", "Value": "cold"}]}},
        "Status": "Enabled",
        "Tierings": [
            {"Days": days, "AccessTier": "ARCHIVE_ACCESS"},
            {"Days": 2 * days, "AccessTier": "DEEP_ARCHIVE_ACCESS"},
        ],
    }


def by_id(*configurations: dict[str, Any]) -> dict[str, Any]:
    return {each["Id"]: each for each in configurations}


def rule(key: str, scope: Any, **actions: Any) -> dict[str, Any]:
    return {"ID": key, "Filter": scope, "Status": "Enabled", **actions}


LIFECYCLE = {
    "Rules": [
        rule(
            "logs",
            {
                "And": {
                    "Prefix": "logs/",
                    "Tags": [{"Key": "class", "Value": "logs"}, {"Key": "Prefix", "Value": "x"}],
                    "ObjectSizeGreaterThan": 131072,
                    "ObjectSizeLessThan": 5_000_000_000,
                }
            },
            Transitions=[
                {"Days": 30, "StorageClass": "STANDARD_IA"},
                {"Days": 90, "StorageClass": "GLACIER"},
            ],
            NoncurrentVersionTransitions=[{"NoncurrentDays": 30, "StorageClass": "GLACIER"}],
            Expiration={"Days": 400},
        ),
        rule("big", {"ObjectSizeGreaterThan": 1_000_000}, Expiration={"Days": 3650}),
        rule("old", {"Prefix": ""}, NoncurrentVersionExpiration={"NoncurrentDays": 365}),
        rule("markers", {}, Expiration={"ExpiredObjectDeleteMarker": True}),
        rule("parts", {}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
    ],
    "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
}


def replicated(bucket: str, **differs: Any) -> dict[str, Any]:
    minutes = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
    return {
        "Role": f"arn:aws:iam::{ACCOUNT}:role/replication",
        "Rules": [
            {
                "ID": "backup",
                "Priority": 2,
                "Filter": {
                    "And": {"Prefix": "data/", "Tags": [{"Key": "copy", "Value": "true"}]},
                },
                "Status": "Enabled",
                "SourceSelectionCriteria": {
                    "SseKmsEncryptedObjects": {"Status": "Enabled"},
                    "ReplicaModifications": {"Status": "Enabled"},
                },
                "Destination": {
                    "Bucket": f"arn:aws:s3:::{bucket}",
                    "Account": ACCOUNT,
                    "StorageClass": "STANDARD_IA",
                    "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY},
                    "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                    "Metrics": minutes,
                },
                "DeleteMarkerReplication": {"Status": "Disabled"},
                **differs,
            },
            {
                "ID": "rest",
                "Priority": 1,
                "Filter": {},
                "Status": "Enabled",
                "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"},
                "DeleteMarkerReplication": {"Status": "Enabled"},
            },
        ],
    }


def notified(account: str = ACCOUNT) -> dict[str, Any]:
    def filtered(**names: str) -> dict[str, Any]:
        rules = [{"Name": name, "Value": value} for name, value in names.items()]
        return {"Key": {"FilterRules": rules}}

    return {
        "TopicConfigurations": [
            {
                "Id": "removed",
                "TopicArn": f"arn:aws:sns:{REGION}:{account}:events",
                "Events": ["s3:ObjectRemoved:*"],
            }
        ],
        "QueueConfigurations": [
            {
                "Id": "pictures",
                "QueueArn": f"arn:aws:sqs:{REGION}:{account}:events",
                "Events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Post"],
                "Filter": filtered(Prefix="in/", Suffix=".jpg"),
            }
        ],
        "LambdaFunctionConfigurations": [
            {
                "Id": "films",
                "LambdaFunctionArn": f"arn:aws:lambda:{REGION}:{account}:function:events",
                "Events": ["s3:ObjectCreated:*"],
                "Filter": filtered(Suffix=".mp4"),
            }
        ],
        "EventBridgeConfiguration": {},
    }


def tags(**values: str) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in values.items()]}


CORS = [
    {
        "ID": "app",
        "AllowedOrigins": ["https://app.acme.com", "https://*.acme.com"],
        "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag", "x-amz-version-id"],
        "MaxAgeSeconds": 3000,
    },
    {"AllowedOrigins": ["https://www.acme.com"], "AllowedMethods": ["GET"]},
]
ROUTES = [
    {
        "Condition": {"KeyPrefixEquals": "old/"},
        "Redirect": {"ReplaceKeyPrefixWith": "new/", "HttpRedirectCode": "301"},
    },
    {
        "Condition": {"HttpErrorCodeReturnedEquals": "404"},
        "Redirect": {"HostName": "help.acme.com", "Protocol": "https", "ReplaceKeyWith": "404"},
    },
]
SITE = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}


def locked(mode: str, **period: int) -> dict[str, Any]:
    retention = {"DefaultRetention": {"Mode": mode, **period}}
    return {"ObjectLockEnabled": "Enabled", "Rule": retention}


def logged(bucket: str) -> dict[str, Any]:
    partitioned = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    target = {"TargetBucket": bucket, "TargetPrefix": "s3/", "TargetObjectKeyFormat": partitioned}
    return {"LoggingEnabled": target}


_STRANGER, _PARTNER = "e" * 64, "b" * 64

DOCUMENTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "policy": (policy, (backdoor, None)),
    "acl": (
        grants((_PARTNER, "READ"), ("s3/LogDelivery", "WRITE"), ("s3/LogDelivery", "READ_ACP")),
        (grants(), grants((_STRANGER, "FULL_CONTROL")), grants(("global/AllUsers", "READ"))),
    ),
    "public_access_block": (
        flags(),
        (flags("BlockPublicAcls", "BlockPublicPolicy"), None),
    ),
    "ownership": (
        {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        ({"Rules": [{"ObjectOwnership": "ObjectWriter"}]}, None),
    ),
    "encryption": (
        encryption("aws:kms", KEY, "SSE-C"),
        (encryption("aws:kms:dsse", FOREIGN_KEY, "NONE"), encryption("AES256"), None),
    ),
    "versioning": ({"Status": "Enabled"}, ({"Status": "Suspended"},)),
    "logging": (logged("acme-logs"), (logged("acme-logs-of-mallory"), {})),
    "lifecycle": (
        LIFECYCLE,
        (
            {"Rules": [rule("nuke", {"Prefix": ""}, Expiration={"Days": 1})]},
            {
                **LIFECYCLE,
                "Rules": [
                    *LIFECYCLE["Rules"][1:],
                    rule("logs", {"Prefix": "logs/"}, Expiration={"Days": 2}),
                ],
            },
        ),
    ),
    "replication": (
        replicated("acme-audit"),
        (replicated("mallory"), replicated("acme-audit", Status="Disabled"), None),
    ),
    "cors": (
        {"CORSRules": CORS},
        (
            {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"]}]},
            {"CORSRules": CORS[::-1]},
            None,
        ),
    ),
    "website": (
        {**SITE, "RoutingRules": ROUTES},
        (
            {"RedirectAllRequestsTo": {"HostName": "mallory.example"}},
            {**SITE, "RoutingRules": ROUTES[::-1]},
            None,
        ),
    ),
    "notification": (notified(), (notified("999999999999"), {"EventBridgeConfiguration": {}}, {})),
    "tagging": (
        tags(owner="data", confidential="true", replicate="false", empty="", number="007"),
        (
            tags(owner="data", confidential="false", replicate="false", empty="", number="7"),
            tags(Exempt="true"),
            None,
        ),
    ),
    "request_payment": ({"Payer": "Requester"}, ({"Payer": "BucketOwner"},)),
    "accelerate": ({"Status": "Enabled"}, ({"Status": "Suspended"},)),
    "object_lock": (
        locked("COMPLIANCE", Years=1),
        (locked("GOVERNANCE", Days=1), {"ObjectLockEnabled": "Enabled"}),
    ),
    "inventory": (
        by_id(inventory("all"), inventory("data", "Weekly"), inventory("tmp")),
        (by_id(inventory("all", "Weekly"), inventory("data", "Weekly"), inventory("own")), None),
    ),
    "analytics": (
        by_id(analysis("all", "data/"), analysis("logs", "logs/")),
        (by_id(analysis("all", "none/"), analysis("logs", "logs/")), None),
    ),
    "metrics": (
        by_id({"Id": "all"}, {"Id": "data", "Filter": {"Prefix": "data/"}}),
        (by_id({"Id": "data", "Filter": {"Prefix": "none/"}}, {"Id": "new"}), None),
    ),
    "intelligent_tiering": (
        by_id(tiering("all", 90), tiering("data", 180)),
        (by_id(tiering("all", 90), tiering("data", 365)), None),
    ),
}
"""By aspect: the approved document, and what it is replaced by; None is a deletion."""
