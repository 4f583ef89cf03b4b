"""Configuration items and events in the forms that AWS Config sends, for a made-up bucket."""

import json
from copy import deepcopy

NAME, ACCOUNT, REGION = "ward-data", "111122223333", "eu-central-1"
CAPTURED = "2026-03-04T05:06:07.890Z"
OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"

PRIVATE_ACL = {
    "grantSet": None,
    "grantList": [
        {"grantee": {"id": OWNER, "displayName": None}, "permission": "FullControl"},
    ],
    "owner": {"displayName": None, "id": OWNER},
    "isRequesterCharged": False,
}
DEFAULTS = {
    "AccessControlList": json.dumps(PRIVATE_ACL),  # encoded once even in a notification
    "BucketAccelerateConfiguration": {"status": None},
    "BucketLoggingConfiguration": {"destinationBucketName": None, "logFilePrefix": None},
    "BucketNotificationConfiguration": {"configurations": {}},
    "BucketPolicy": {"policyText": None},
    "BucketVersioningConfiguration": {"status": "Off", "isMfaDeleteEnabled": None},
    "IsRequesterPaysEnabled": False,
}


def item(*without, name=NAME, status="OK", **parts):
    """Write an item as a change notification has it; ``without`` leaves parts out."""
    supplementary = {**deepcopy(DEFAULTS), **parts}
    for key in without:
        del supplementary[key]
    return {
        "relatedEvents": [],
        "relationships": [],
        "configuration": {"name": name, "owner": {"displayName": None, "id": OWNER}},
        "supplementaryConfiguration": supplementary,
        "tags": {},
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": CAPTURED,
        "configurationStateId": 1772600767890,
        "awsAccountId": ACCOUNT,
        "configurationItemStatus": status,
        "resourceType": "AWS::S3::Bucket",
        "resourceId": name,
        "resourceName": name,
        "ARN": f"arn:aws:s3:::{name}",
        "awsRegion": REGION,
        "availabilityZone": "Regional",
        "configurationStateMd5Hash": "",
        "resourceCreationTime": "2026-01-01T00:00:00.000Z",
    }


def history(source, **changes):
    """Write the same item as GetResourceConfigHistory returns it."""
    kept = (
        "relatedEvents",
        "relationships",
        "tags",
        "configurationItemCaptureTime",
        "configurationItemStatus",
        "resourceType",
        "resourceId",
        "resourceName",
        "awsRegion",
        "availabilityZone",
        "resourceCreationTime",
    )
    parts = source["supplementaryConfiguration"]
    return {
        **{key: source[key] for key in kept},
        "version": source["configurationItemVersion"],
        "accountId": source["awsAccountId"],
        "arn": source["ARN"],
        "configurationItemMD5Hash": "",
        "configurationStateId": str(source["configurationStateId"]),
        "configuration": json.dumps(source["configuration"]),
        "supplementaryConfiguration": {key: json.dumps(part) for key, part in parts.items()},
        **changes,
    }


def deleted(status="ResourceDeleted", **changes):
    return {**item(), "configuration": {}, "supplementaryConfiguration": {}, **changes} | {
        "configurationItemStatus": status
    }


def change(source, diff=None, **envelope):
    """Wrap an item in the event that AWS Config invokes a rule with."""
    return envelop(
        {
            "configurationItemDiff": diff,
            "configurationItem": source,
            "notificationCreationTime": "2026-03-04T05:06:09.001Z",
            "messageType": "ConfigurationItemChangeNotification",
            "recordVersion": "1.3",
        },
        **envelope,
    )


def oversized(source, **summary):
    """Write the form of AWS's own example: no notificationCreationTime and no recordVersion."""
    keys = (
        "configurationItemVersion",
        "configurationItemCaptureTime",
        "configurationStateId",
        "awsAccountId",
        "configurationItemStatus",
        "resourceType",
        "resourceId",
        "resourceName",
        "ARN",
        "awsRegion",
        "availabilityZone",
        "configurationStateMd5Hash",
        "resourceCreationTime",
    )
    return envelop(
        {
            "configurationItemSummary": {
                "changeType": "UPDATE",
                **{key: source[key] for key in keys},
                **summary,
            },
            "messageType": "OversizedConfigurationItemChangeNotification",
        }
    )


def envelop(invoking, **envelope):
    return {
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": "{}",
        "resultToken": "token",
        "eventLeftScope": False,
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/config/recorder",
        "configRuleArn": f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-1",
        "configRuleName": "ward",
        "configRuleId": "config-rule-1",
        "accountId": ACCOUNT,
        "version": "1.0",
        **envelope,
    }


def without(event, *names):
    return {name: value for name, value in event.items() if name not in names}
