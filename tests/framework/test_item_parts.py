"""Each part of an item becomes the document that boto3 returns for it."""

import json

import pytest

from bucketward import BadInput, Bucket
from bucketward.aspects import ASPECTS
from framework.samples import OWNER, history, item

GROUPS = "http://acs.amazonaws.com/groups"
ITS_OWNER = {"Grantee": {"ID": OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}

FORMS = [
    # aspect, part of the item, response of the S3 API
    ("policy", {"policyText": None}, "NoSuchBucketPolicy"),
    (
        "policy",
        {"policyText": '{"Version": "2012-10-17",  "Statement": []}'},
        {"Policy": '{"Version": "2012-10-17",  "Statement": []}'},
    ),
    (
        "acl",
        {
            "grantSet": [{"grantee": "AllUsers", "permission": "Read"}],
            "grantList": None,
            "owner": {"displayName": None, "id": OWNER},
        },
        {
            "Owner": {"ID": OWNER},
            "Grants": [
                {
                    "Grantee": {"Type": "Group", "URI": f"{GROUPS}/global/AllUsers"},
                    "Permission": "READ",
                },
            ],
        },
    ),
    (
        "acl",
        {
            "grantSet": None,
            "grantList": [
                {"grantee": {"id": OWNER, "displayName": "owner"}, "permission": "FullControl"},
                {"grantee": "AllUsers", "permission": "Read"},
                {"grantee": "AuthenticatedUsers", "permission": "ReadAcp"},
                {"grantee": "LogDelivery", "permission": "Write"},
                {"grantee": "LogDelivery", "permission": "WriteAcp"},
            ],
            "owner": {"displayName": None, "id": OWNER},
        },
        {
            "Owner": {"ID": OWNER},
            "Grants": [
                {
                    "Grantee": {"ID": OWNER, "DisplayName": "owner", "Type": "CanonicalUser"},
                    "Permission": "FULL_CONTROL",
                },
                {
                    "Grantee": {"Type": "Group", "URI": f"{GROUPS}/global/AllUsers"},
                    "Permission": "READ",
                },
                {
                    "Grantee": {"Type": "Group", "URI": f"{GROUPS}/global/AuthenticatedUsers"},
                    "Permission": "READ_ACP",
                },
                {
                    "Grantee": {"Type": "Group", "URI": f"{GROUPS}/s3/LogDelivery"},
                    "Permission": "WRITE",
                },
                {
                    "Grantee": {"Type": "Group", "URI": f"{GROUPS}/s3/LogDelivery"},
                    "Permission": "WRITE_ACP",
                },
            ],
        },
    ),
    (
        "public_access_block",
        {
            "blockPublicAcls": True,
            "ignorePublicAcls": False,
            "blockPublicPolicy": True,
            "restrictPublicBuckets": False,
        },
        {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": False,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": False,
            }
        },
    ),
    ("public_access_block", None, "NoSuchPublicAccessBlockConfiguration"),
    (
        "encryption",
        {
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "aws:kms",
                        "kmsMasterKeyID": "arn:aws:kms:eu-central-1:111122223333:key/1",
                    },
                    "bucketKeyEnabled": True,
                }
            ]
        },
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {
                            "SSEAlgorithm": "aws:kms",
                            "KMSMasterKeyID": "arn:aws:kms:eu-central-1:111122223333:key/1",
                        },
                        "BucketKeyEnabled": True,
                    }
                ]
            }
        },
    ),
    (
        "encryption",
        {
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "AES256",
                        "kmsMasterKeyID": None,
                    },
                    "bucketKeyEnabled": False,
                }
            ]
        },
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                        "BucketKeyEnabled": False,
                    }
                ]
            }
        },
    ),
    ("encryption", None, "ServerSideEncryptionConfigurationNotFoundError"),
    ("versioning", {"status": "Off", "isMfaDeleteEnabled": None}, {}),
    ("versioning", {"status": "Suspended", "isMfaDeleteEnabled": None}, {"Status": "Suspended"}),
    (
        "versioning",
        {"status": "Enabled", "isMfaDeleteEnabled": True},
        {"Status": "Enabled", "MFADelete": "Enabled"},
    ),
    (
        "versioning",
        {"status": "Enabled", "isMfaDeleteEnabled": False},
        {"Status": "Enabled", "MFADelete": "Disabled"},
    ),
    ("logging", {"destinationBucketName": None, "logFilePrefix": None}, {}),
    (
        "logging",
        {"destinationBucketName": "ward-logs", "logFilePrefix": "data/"},
        {"LoggingEnabled": {"TargetBucket": "ward-logs", "TargetPrefix": "data/"}},
    ),
    (
        "logging",
        {"destinationBucketName": "ward-logs", "logFilePrefix": None},
        {"LoggingEnabled": {"TargetBucket": "ward-logs", "TargetPrefix": ""}},
    ),
    (
        "replication",
        {
            "roleARN": "arn:aws:iam::111122223333:role/copy",
            "rules": {
                "all": {
                    "prefix": "",
                    "status": "Enabled",
                    "destinationConfig": {
                        "Account": "444455556666",
                        "bucketARN": "arn:aws:s3:::copy",
                        "storageClass": None,
                    },
                }
            },
        },
        {
            "ReplicationConfiguration": {
                "Role": "arn:aws:iam::111122223333:role/copy",
                "Rules": [
                    {
                        "ID": "all",
                        "Prefix": "",
                        "Status": "Enabled",
                        "Destination": {"Bucket": "arn:aws:s3:::copy", "Account": "444455556666"},
                    }
                ],
            }
        },
    ),
    ("replication", None, "ReplicationConfigurationNotFoundError"),
    (
        "cors",
        {
            "rules": [
                {
                    "id": None,
                    "allowedMethods": ["GET", "PUT"],
                    "allowedOrigins": ["https://example.com"],
                    "maxAgeSeconds": 0,
                    "exposedHeaders": None,
                    "allowedHeaders": ["*"],
                }
            ]
        },
        {
            "CORSRules": [
                {
                    "AllowedMethods": ["GET", "PUT"],
                    "AllowedOrigins": ["https://example.com"],
                    "AllowedHeaders": ["*"],
                }
            ]
        },
    ),
    ("cors", None, "NoSuchCORSConfiguration"),
    (
        "website",
        {
            "indexDocumentSuffix": "index.html",
            "errorDocument": "error.html",
            "redirectAllRequestsTo": None,
            "routingRules": [
                {
                    "condition": {"keyPrefixEquals": "docs/", "httpErrorCodeReturnedEquals": "404"},
                    "redirect": {
                        "protocol": None,
                        "hostName": "example.com",
                        "replaceKeyPrefixWith": None,
                        "replaceKeyWith": "gone.html",
                        "httpRedirectCode": "301",
                    },
                }
            ],
        },
        {
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
            "RoutingRules": [
                {
                    "Condition": {"KeyPrefixEquals": "docs/", "HttpErrorCodeReturnedEquals": "404"},
                    "Redirect": {
                        "HostName": "example.com",
                        "ReplaceKeyWith": "gone.html",
                        "HttpRedirectCode": "301",
                    },
                }
            ],
        },
    ),
    (
        "website",
        {
            "indexDocumentSuffix": None,
            "errorDocument": None,
            "redirectAllRequestsTo": {"hostName": "example.com", "protocol": None},
            "routingRules": [],
        },
        {"RedirectAllRequestsTo": {"HostName": "example.com"}},
    ),
    ("notification", {"configurations": {}}, {}),
    (
        "notification",
        {
            "configurations": {
                "thumbnails": {
                    "type": "LambdaConfiguration",
                    "functionARN": "arn:aws:lambda:eu-central-1:111122223333:function:f",
                    "events": ["s3:ObjectCreated:*"],
                    "objectPrefixes": [],
                    "filter": {
                        "s3KeyFilter": {"filterRules": [{"name": "Prefix", "value": "images/"}]}
                    },
                },
                "queue": {
                    "type": "QueueConfiguration",
                    "queueARN": "arn:aws:sqs:eu-central-1:111122223333:q",
                    "events": ["s3:ObjectRemoved:*"],
                    "objectPrefixes": [],
                    "filter": None,
                },
                "topic": {
                    "type": "TopicConfiguration",
                    "topicARN": "arn:aws:sns:eu-central-1:111122223333:t",
                    "events": ["s3:ObjectRestore:Post"],
                    "objectPrefixes": [],
                    "filter": None,
                },
            }
        },
        {
            "LambdaFunctionConfigurations": [
                {
                    "Id": "thumbnails",
                    "LambdaFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:f",
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "images/"}]}},
                }
            ],
            "QueueConfigurations": [
                {
                    "Id": "queue",
                    "QueueArn": "arn:aws:sqs:eu-central-1:111122223333:q",
                    "Events": ["s3:ObjectRemoved:*"],
                }
            ],
            "TopicConfigurations": [
                {
                    "Id": "topic",
                    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:t",
                    "Events": ["s3:ObjectRestore:Post"],
                }
            ],
        },
    ),
    (
        "tagging",
        {"tagSets": [{"tags": {"team": "data", "stage": ""}}]},
        {"TagSet": [{"Key": "team", "Value": "data"}, {"Key": "stage", "Value": ""}]},
    ),
    ("tagging", None, "NoSuchTagSet"),
    ("request_payment", False, {"Payer": "BucketOwner"}),
    ("request_payment", True, {"Payer": "Requester"}),
    ("accelerate", {"status": None}, {}),
    ("accelerate", {"status": "Suspended"}, {"Status": "Suspended"}),
    (
        "object_lock",
        {
            "objectLockEnabled": "Enabled",
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30, "years": None}},
        },
        {
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
            }
        },
    ),
    (
        "object_lock",
        {"objectLockEnabled": "Enabled", "rule": None},
        {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    ),
    ("object_lock", None, "ObjectLockConfigurationNotFoundError"),
    (
        "lifecycle",
        {
            "rules": [
                {
                    "id": "tiers",
                    "prefix": None,
                    "status": "Enabled",
                    "filter": {"predicate": {"type": "LifecyclePrefixPredicate", "prefix": "a/"}},
                    "expirationInDays": 365,
                    "expiredObjectDeleteMarker": False,
                    "noncurrentVersionExpirationInDays": 90,
                    "expirationDate": None,
                    "transitions": [
                        {"days": 0, "date": None, "storageClass": "GLACIER_IR"},
                        {
                            "days": -1,
                            "date": "2030-01-01T00:00:00.000Z",
                            "storageClass": "DEEP_ARCHIVE",
                        },
                    ],
                    "noncurrentVersionTransitions": [{"days": 30, "storageClass": "GLACIER"}],
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                }
            ]
        },
        {
            "Rules": [
                {
                    "ID": "tiers",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "a/"},
                    "Expiration": {"Days": 365},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                    "Transitions": [
                        {"Days": 0, "StorageClass": "GLACIER_IR"},
                        {"Date": "2030-01-01T00:00:00+00:00", "StorageClass": "DEEP_ARCHIVE"},
                    ],
                    "NoncurrentVersionTransitions": [
                        {"NoncurrentDays": 30, "StorageClass": "GLACIER"}
                    ],
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
    ),
    ("lifecycle", None, "NoSuchLifecycleConfiguration"),
]


def names(form):
    return f"{form[0]}-{'unset' if isinstance(form[2], str) else 'set'}"


@pytest.mark.parametrize(("aspect", "part", "response"), FORMS, ids=map(names, FORMS))
class TestBothLoadersGiveTheSameDocument:
    """``response`` is what S3 answers, or the error with which it says "not set"."""

    def live(self, aws, aspect, response):
        aws.answers[ASPECTS[aspect].get.name] = response
        return Bucket.from_live("ward-data", [ASPECTS[aspect]], account="111122223333")

    def recorded(self, aspect, part):
        key = ASPECTS[aspect].item_key
        return item(**{key: part}) if part is not None else item()

    def test_from_a_notification(self, aws, aspect, part, response):
        aws.answers["GetBucketLocation"] = {"LocationConstraint": "eu-central-1"}
        bucket = Bucket.from_configuration_item(self.recorded(aspect, part))
        live = self.live(aws, aspect, response)

        assert bucket[ASPECTS[aspect]] == live[ASPECTS[aspect]]
        assert (bucket.name, bucket.account, bucket.region, bucket.partition, bucket.arn) == (
            live.name,
            live.account,
            live.region,
            live.partition,
            live.arn,
        )

    def test_from_the_history(self, aws, aspect, part, response):
        aws.answers["GetBucketLocation"] = {"LocationConstraint": "eu-central-1"}
        bucket = Bucket.from_configuration_item(history(self.recorded(aspect, part)))

        assert bucket[ASPECTS[aspect]] == self.live(aws, aspect, response)[ASPECTS[aspect]]


PREDICATES = [
    (None, {}),
    ({"type": "LifecyclePrefixPredicate", "prefix": ""}, {"Prefix": ""}),
    (
        {"type": "LifecycleTagPredicate", "tag": {"key": "k", "value": "v"}},
        {"Tag": {"Key": "k", "Value": "v"}},
    ),
    (
        {"type": "LifecycleObjectSizeGreaterThanPredicate", "objectSizeGreaterThan": 500},
        {"ObjectSizeGreaterThan": 500},
    ),
    (
        {
            "type": "LifecycleAndOperator",
            "operands": [
                {"type": "LifecyclePrefixPredicate", "prefix": "docs/"},
                {"type": "LifecycleTagPredicate", "tag": {"key": "a", "value": "1"}},
                {"type": "LifecycleTagPredicate", "tag": {"key": "b", "value": "2"}},
                {"type": "LifecycleObjectSizeLessThanPredicate", "objectSizeLessThan": 9},
            ],
        },
        {
            "And": {
                "Prefix": "docs/",
                "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
                "ObjectSizeLessThan": 9,
            }
        },
    ),
]


@pytest.mark.parametrize(("predicate", "expected"), PREDICATES)
def test_a_lifecycle_filter_keeps_its_meaning(predicate, expected):
    rule = {"id": "r", "prefix": None, "status": "Enabled", "filter": {"predicate": predicate}}
    bucket = Bucket.from_configuration_item(item(BucketLifecycleConfiguration={"rules": [rule]}))

    assert bucket.aspects["lifecycle"] == {
        "Rules": [{"ID": "r", "Status": "Enabled", "Filter": expected}]
    }


def test_a_lifecycle_rule_from_before_filters_keeps_its_prefix():
    rule = {"id": "r", "prefix": "old/", "status": "Disabled", "filter": None}
    bucket = Bucket.from_configuration_item(item(BucketLifecycleConfiguration={"rules": [rule]}))

    assert bucket.aspects["lifecycle"]["Rules"] == [
        {"ID": "r", "Status": "Disabled", "Prefix": "old/"}
    ]


MALFORMED = {
    "policy": [{}, {"policyText": 5}, "[", []],
    "acl": [{"owner": {"id": 1}}, {"owner": None}, {"owner": {"id": "x"}, "grantList": [1]}],
    "public_access_block": [[], {"blockPublicAcls": "yes"}, {"blockPublicAcls": 1}],
    "encryption": [
        {},
        {"rules": 1},
        {"rules": [{"applyServerSideEncryptionByDefault": {}}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": {}}}]},
        {"rules": [{"bucketKeyEnabled": 3}]},
    ],
    "versioning": [{}, {"status": "enabled"}, {"status": []}, 7],
    "logging": [{}, {"destinationBucketName": 1}],
    "lifecycle": [
        {},
        {"rules": [{}]},
        {"rules": [{"status": "Enabled", "filter": {"predicate": {"type": "New"}}}]},
        {"rules": [{"status": "Enabled", "expirationInDays": "soon"}]},
        {"rules": [{"status": "Enabled", "expirationDate": "soon"}]},
        {"rules": [{"status": "Enabled", "expirationDate": 1e300}]},
    ],
    "replication": [{}, {"rules": {"r": {}}, "roleARN": "x"}],
    "cors": [{}, {"rules": [[]]}, {"rules": [{"maxAgeSeconds": True}]}],
    "website": [[], {"redirectAllRequestsTo": "x"}, {"indexDocumentSuffix": 1}],
    "notification": [{}, {"configurations": {"x": {"type": "New"}}}, {"configurations": []}],
    "tagging": [{}, {"tagSets": [{}]}, {"tagSets": [{"tags": {"a": {}}}]}],
    "object_lock": [[], {"objectLockEnabled": 1}],
    "accelerate": [{}, {"status": 3}],
    "request_payment": [{}, 0, "maybe"],
}


@pytest.mark.parametrize(
    ("aspect", "part"), [(aspect, part) for aspect, parts in MALFORMED.items() for part in parts]
)
def test_a_malformed_part_is_bad_input_that_names_part_and_bucket(aspect, part):
    key = ASPECTS[aspect].item_key
    bucket = Bucket.from_configuration_item(item(**{key: part}))

    with pytest.raises(BadInput) as error:
        bucket[ASPECTS[aspect]]
    assert key in str(error.value)
    assert "ward-data" in str(error.value)


@pytest.mark.parametrize("aspect", MALFORMED)
def test_a_malformed_part_does_not_stop_a_rule_that_reads_another(aspect):
    bucket = Bucket.from_configuration_item(item(**{ASPECTS[aspect].item_key: {"new": "form"}}))

    others = {name: bucket.aspects[name] for name in bucket.aspects if name != aspect}
    assert ITS_OWNER in others["acl"]["Grants"] if aspect != "acl" else others
    assert len(others) == 14


def test_a_part_nested_deeper_than_python_can_follow_is_bad_input():
    bucket = Bucket.from_configuration_item(item(BucketPolicy="[" * 100_000))

    with pytest.raises(BadInput, match="BucketPolicy of bucket ward-data is not JSON"):
        bucket[ASPECTS["policy"]]


def test_a_part_encoded_once_more_is_still_read():
    part = json.dumps(json.dumps(json.dumps({"status": "Enabled"})))
    bucket = Bucket.from_configuration_item(item(BucketVersioningConfiguration=part))

    assert bucket[ASPECTS["versioning"]] == {"Status": "Enabled"}


def test_a_policy_of_300_kilobytes_comes_through_unchanged():
    text = json.dumps({"Statement": [{"Sid": "ä" * 300_000}]})
    source = item(BucketPolicy={"policyText": text})

    assert Bucket.from_configuration_item(source)[ASPECTS["policy"]] == text
    assert Bucket.from_configuration_item(history(source))[ASPECTS["policy"]] == text
