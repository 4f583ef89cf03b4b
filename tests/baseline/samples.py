"""Approvals, changes and journal entries to vary."""

import json
import random
from datetime import UTC, datetime, timedelta

from bucketward.baseline.approval import Approval
from bucketward.baseline.journal import JournalEntry
from bucketward.baseline.seen import SeenChange

ACCOUNT = "111122223333"
BUCKET = "amzn-s3-demo-bucket"
DEPLOYER = "arn:aws:iam::111122223333:role/deployer"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


def approval(seconds=0, **changes):
    """Approve versioning, by an event so many seconds after the start."""
    values = {
        "account": ACCOUNT,
        "bucket": BUCKET,
        "aspect": "versioning",
        "document": {"Status": "Enabled", "Sequence": seconds},
        "approved_by": DEPLOYER,
        "approved_at": at(seconds + 60),
        "reason": "",
        "event_time": at(seconds),
        "event_id": f"event-{seconds}",
        "read_at": at(seconds + 59.5),
    }
    return Approval(**values | changes)


def change(seconds=0, **changes):
    values = {
        "event_id": f"event-{seconds}",
        "time": at(seconds),
        "bucket": BUCKET,
        "aspect": "policy",
        "event_name": "PutBucketPolicy",
        "actor": f"{DEPLOYER} (session ci)",
        "principal": DEPLOYER,
    }
    return SeenChange(**values | changes)


def entry(seconds=0, **changes):
    values = {
        "time": at(seconds),
        "account": ACCOUNT,
        "bucket": BUCKET,
        "control": "bucket_drift",
        "before": {"policy": '{ "Version": "2012-10-17" }', "acl": None},
        "after": {"policy": None, "acl": {"Grants": []}},
        "calls": ("DeleteBucketPolicy", "PutBucketAcl"),
        "actor": "mallory",
        "reason": "differs from the baseline",
    }
    return JournalEntry(**values | changes)


def huge(entries):
    """Return a lifecycle that compresses badly, as prefixes of random digits do."""
    digits = random.Random(entries)
    return {
        "Rules": [
            {
                "ID": f"rule {number}",
                "Filter": {"Prefix": f"{digits.getrandbits(256):064x}/"},
                "Status": "Enabled",
                "Expiration": {"Days": number + 1},
            }
            for number in range(entries)
        ]
    }


POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "é ✓ \ud83e\udea3"}]}, indent=3)
