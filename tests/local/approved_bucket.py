"""A bucket as a pipeline makes it: every aspect with a realistic document, judged good."""

import json
import os
from unittest.mock import patch

from bucketward.aspects import ASPECTS
from bucketward.baseline.store import Store
from bucketward.calls import put
from bucketward.public_access import FLAGS
from bucketward_tools.demo.scenarios import PIPELINE
from estate import ACCOUNT, REGION
from local.drift_documents import (
    CORS,
    DOCUMENTS,
    KEY,
    LIFECYCLE,
    ROUTES,
    SITE,
    encryption,
    flags,
    locked,
    logged,
    notified,
    replicated,
    tags,
)

LOCKED, UNLOCKED = "acme-cloudtrail", "acme-payments"
"""Buckets with and without Object Lock, under which S3 suspends no versioning; one holds logs."""

LOGS, REPLICA, OTHER_LOGS = "acme-access-logs", "acme-audit", "acme-build-artifacts"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{PIPELINE}"
PARAMETERS = {
    "Remediation": "recommended",
    "AuthorisedRoles": ROLE,
    "BucketEncryptionKmsKeyArns": KEY,
    "BucketLoggingTargetBuckets": LOGS,
    "BucketWebsiteRedirectHosts": "www.acme.com,help.acme.com",
}


def policy(bucket):
    """Make a policy of some 20 KB that lets in nobody but the account's own roles."""
    arn = f"arn:aws:s3:::{bucket}"
    denied = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = [denied]
    while len(json.dumps(statements)) < 17_000:
        number = len(statements)
        statements.append(
            {
                "Sid": f"Team{number}",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/team-{number}"},
                "Action": ["s3:GetObject", "s3:GetObjectTagging"],
                "Resource": f"{arn}/team-{number}/*",
                "Condition": {"Null": {"aws:SourceVpce": False}},
            }
        )
    return json.dumps({"Version": "2012-10-17", "Id": "acme", "Statement": statements}, indent=1)


def documents(bucket):
    """Return what is approved, in an order in which S3 takes it."""
    found = {
        "versioning": {"Status": "Enabled"},
        "policy": policy(bucket),
        "public_access_block": flags(),
        "encryption": encryption("aws:kms", KEY, "SSE-C"),
        "logging": logged(LOGS),
        "lifecycle": LIFECYCLE,
        "replication": replicated(REPLICA),
        "cors": {"CORSRules": CORS},
        "website": {**SITE, "RoutingRules": ROUTES},
        "notification": notified(),
        "tagging": tags(owner="data", confidential="true", empty="", number="007"),
        "accelerate": {"Status": "Enabled"},
    }
    if bucket == LOCKED:
        found["object_lock"] = locked("GOVERNANCE", Days=30)
    kept = ("inventory", "analytics", "metrics", "intelligent_tiering")
    return found | {name: DOCUMENTS[name][0] for name in kept}


def build(account):
    """Make the two buckets and what they need, and wait until all is captured."""
    s3 = account.client("s3", ROLE)
    account.client("s3control", ROLE).put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True)
    )
    where = {"LocationConstraint": REGION}
    for name in (LOGS, OTHER_LOGS, REPLICA):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    for name in (LOGS, OTHER_LOGS):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
        delivery = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(delivery))
    for bucket in (LOCKED, UNLOCKED):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        for name, document in documents(bucket).items():
            write(s3, bucket, ASPECTS[name], document)
    s3.put_object(Bucket=UNLOCKED, Key="ledger.csv", Body=b"1")
    account.settle()


def write(s3, bucket, aspect, document):
    each = document.items() if aspect.keyed else [(None, document)]
    for key, value in each:
        call = put(aspect, value, key) if key else put(aspect, value)
        getattr(s3, call.operation.method)(Bucket=bucket, **call.arguments)


def stored(account, ask):
    """Ask the stack's own tables, as its change monitor finds them."""
    function = account.wiring.function_of("ChangeMonitorFunction")
    with patch.dict(os.environ, function.environment):
        return ask(Store.from_environment())
