"""What the state machine of test_convergence does and checks: people, documents, and laws."""

import json
from dataclasses import dataclass
from datetime import datetime

from bucketward.aspects import ASPECTS
from bucketward.baseline.approval import Approval
from bucketward.baseline.store import Store
from bucketward.drift import same
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.actors import Actor
from bucketward_tools.local.events import ApiCall, Emitted
from estate import ACCOUNT
from local.deployment import only
from local.story import of_kind

_IAM = f"arn:aws:iam::{ACCOUNT}"
PIPELINE = f"{_IAM}:role/pipeline/Deploy"
PEOPLE = {
    "pipeline": Actor(PIPELINE),
    "formation": Actor(PIPELINE, via="cloudformation.amazonaws.com"),
    "mallory": Actor(f"{_IAM}:role/Mallory", session="Deploy"),
    "eve": Actor(f"{_IAM}:user/eve"),
    "root": Actor(f"{_IAM}:root"),
}
AUTHORISED = {"pipeline", "formation"}
LOGS = "acme-logs"
OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
CONTROLS = ("bucket_drift", "bucket_public_access_block", "bucket_versioning")
"""Two of the posture beside it: one that does not wait for the author, and one that does."""
PARAMETERS = {
    "Remediation": "recommended",
    "FastRevert": "true",
    "AuthorisedRoles": PIPELINE,
}


def _policy(sid, effect="Deny"):
    stranger = {"AWS": "arn:aws:iam::999999999999:root"} if effect == "Allow" else "*"
    denied = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}} if effect == "Deny" else {}
    return lambda bucket: json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": sid,
                    "Effect": effect,
                    "Principal": stranger,
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{bucket}/*",
                    **denied,
                }
            ],
        }
    )


def _tags(value):
    return {"TagSet": [{"Key": "stage", "Value": value}]}


def _lifecycle(name, days):
    rule = {"ID": name, "Status": "Enabled", "Filter": {"Prefix": f"{name}/"}}
    return {"Rules": [rule | {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days}}]}


def _cors(name):
    return {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": [f"https://{name}.test"]}]}


def _log(prefix):
    return {"LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": f"{prefix}/"}}


def _metrics(name):
    return {"Id": name, "Filter": {"Prefix": f"{name}/"}}


def blocks(*, closed):
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(flags, closed)


def _owned(how):
    return {"Rules": [{"ObjectOwnership": how}]}


def _acl(*others):
    """Let the owner do all, and others read."""
    granted = {"Type": "CanonicalUser", "ID": OWNER}
    grants = [{"Grantee": granted, "Permission": "FULL_CONTROL"}]
    strangers = ({"Type": "CanonicalUser", "ID": each} for each in others)
    grants += [{"Grantee": each, "Permission": "READ"} for each in strangers]
    return {"Owner": {"ID": OWNER}, "Grants": grants}


GOOD = {
    "tagging": (_tags("good"), _tags("better")),
    "policy": (_policy("Good"), _policy("Better")),
    "cors": (_cors("good"), _cors("better"), None),
    "lifecycle": (_lifecycle("good", 7), _lifecycle("better", 7)),
    "logging": (_log("good"),),
    "versioning": ({"Status": "Enabled"},),
    "public_access_block": (blocks(closed=True),),
    "metrics": (_metrics("good"), _metrics("better")),
    "ownership": (_owned("BucketOwnerEnforced"),),
    "acl": (_acl(),),
}
EVIL = {
    "tagging": (_tags("evil"), _tags("worse")),
    "policy": (_policy("Evil", "Allow"),),
    "cors": (_cors("evil"), _cors("worse")),
    "lifecycle": (_lifecycle("evil", 1),),
    "logging": (_log("evil"),),
    "versioning": ({"Status": "Suspended"},),
    "public_access_block": (blocks(closed=False),),
    "metrics": (_metrics("evil"),),
    "ownership": (_owned("ObjectWriter"),),
    "acl": (_acl("0" * 64),),
}
"""No document of one is one of the other, so that it shows whose work was approved."""


@dataclass(frozen=True)
class Write:
    """One call of somebody, and how CloudTrail told of it."""

    who: str
    bucket: str
    aspect: str
    document: object
    time: datetime
    event_id: str
    dropped: bool
    journal: int

    @property
    def authorised(self):
        return self.who in AUTHORISED


def open_account():
    account = LocalAccount(parameters=PARAMETERS, edit=only(CONTROLS))
    account.__enter__()
    return account


def create(account, *buckets, aspects=tuple(GOOD)):
    """Make buckets unheard of, and approve some of their aspects as an operator does."""
    where = {"CreateBucketConfiguration": {"LocationConstraint": account.place.region}}
    internal = account.internal("s3")
    if LOGS not in account.s3.buckets:
        account.trail.disturb("CreateBucket", drop=True)
        account.client("s3", PEOPLE["pipeline"]).create_bucket(Bucket=LOGS, **where)
        internal.put_bucket_policy(Bucket=LOGS, Policy=json.dumps(_DELIVERY))
    for bucket in buckets:
        account.trail.disturb("CreateBucket", drop=True)
        account.client("s3", PEOPLE["pipeline"]).create_bucket(Bucket=bucket, **where)
        internal.put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=blocks(closed=True)
        )
    account.clock.run(1)
    for bucket in buckets:
        for name in aspects:
            store(account).baselines.approve(
                Approval(
                    account=ACCOUNT,
                    bucket=bucket,
                    aspect=name,
                    document=live(account, bucket, name),
                    approved_by="ana",
                    approved_at=account.clock.now,
                    reason="as it is",
                    event_time=account.clock.now,
                    event_id=f"operator-{name}",
                    read_at=account.clock.now,
                )
            )
    account.settle()


_DELIVERY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{LOGS}/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ],
}


def send(s3, bucket, name, document):
    from bucketward.calls import delete, put

    aspect = ASPECTS[name]
    if callable(document):
        document = document(bucket)
    if document is None:
        call = delete(aspect)
    elif aspect.keyed:
        call = put(aspect, document, document["Id"])
    else:
        call = put(aspect, document)
    getattr(s3, call.operation.method)(Bucket=bucket, **call.arguments)


def store(account):
    """Return the store, as an operator's command line has it."""
    variables = account.wiring.function_of("ChangeMonitorFunction").environment
    names = ("BASELINES", "DECISIONS", "RECORDS", "KEY")
    return Store(*(variables[f"BUCKETWARD_{name}"] for name in names))


def live(account, bucket, name):
    """Return a document as an approval has it: what S3 lists is kept by its id."""
    found = account.s3.read(bucket, ASPECTS[name]) if bucket in account.s3.buckets else None
    return {each["Id"]: each for each in found} if found and ASPECTS[name].keyed else found


def evil(bucket, name, document):
    """Whether a document of an aspect has something in it that nobody had leave to write."""
    found = [each(bucket) if callable(each) else each for each in EVIL[name]]
    if ASPECTS[name].keyed:
        return any(each["Id"] in (document or {}) for each in found)
    return any(same(ASPECTS[name], document, each) for each in found)


def alerts(account, bucket=None):
    return [
        each.detail
        for each in of_kind(account, Emitted)
        if each.detail_type == "Bucketward Alert" and bucket in {None, each.detail.get("bucket")}
    ]


def own_writes(account):
    return [
        each
        for each in of_kind(account, ApiCall)
        if each.service == "s3"
        and ":assumed-role/bucketward-" in each.actor
        and each.operation.startswith(("Put", "Delete", "Create"))
    ]
