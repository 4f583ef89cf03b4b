"""The recorder's items are what `bucketward` reads, and look like those of AWS."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bucketward import Bucket
from bucketward import aspects as a
from bucketward.notification import Notification
from bucketward.public_access import FLAGS
from bucketward_tools.local import item
from bucketward_tools.local.history import history
from local.story import LAKE

REAL = Path(__file__).parents[3] / "shared/data/configuration-items"
ARN = "arn:aws:iam::111122223333:role/replication"
words = st.text("abcdefghij0123456789-/", min_size=1, max_size=8)
owner = {"ID": "a" * 64}


def shaped(required, **optional):
    return st.fixed_dictionaries(required, optional=optional)


def one_rule(member, rule):
    return rule.map(lambda each: {member: [each]})


groups = st.sampled_from(sorted(item._GROUPS))  # noqa: SLF001 - every group there is
grantees = groups.map(lambda uri: {"Type": "Group", "URI": uri}) | st.just(
    {"Type": "CanonicalUser", **owner}
)
permissions = st.sampled_from(["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"])
tag = st.builds(lambda key, value: {"Key": key, "Value": value}, words, words)
leaves = st.one_of(
    shaped({"Prefix": words}),
    shaped({"Tag": tag}),
    shaped({"ObjectSizeGreaterThan": st.integers(1, 9)}),
    shaped({"ObjectSizeLessThan": st.integers(10, 99)}),
    shaped({"And": shaped({"Prefix": words, "Tags": st.lists(tag, min_size=1, max_size=3)})}),
)
days = st.integers(1, 999)
DOCUMENTS = {
    "policy": st.none() | words.map(lambda sid: json.dumps({"Statement": [{"Sid": sid}]})),
    "acl": st.lists(shaped({"Grantee": grantees, "Permission": permissions}), max_size=3).map(
        lambda grants: {"Owner": owner, "Grants": grants}
    ),
    "public_access_block": st.none() | shaped(dict.fromkeys(FLAGS, st.booleans())),
    "encryption": st.none()
    | one_rule(
        "Rules",
        shaped(
            {"BucketKeyEnabled": st.booleans()},
            ApplyServerSideEncryptionByDefault=shaped(
                {"SSEAlgorithm": st.sampled_from(["AES256", "aws:kms"])}, KMSMasterKeyID=words
            ),
        ),
    ),
    "versioning": st.none()
    | shaped(
        {"Status": st.sampled_from(["Enabled", "Suspended"])},
        MFADelete=st.sampled_from(["Enabled", "Disabled"]),
    ),
    "logging": st.none()
    | shaped({"LoggingEnabled": shaped({"TargetBucket": words, "TargetPrefix": words})}),
    "lifecycle": st.none()
    | one_rule(
        "Rules",
        shaped(
            {"ID": words, "Status": st.sampled_from(["Enabled", "Disabled"]), "Filter": leaves},
            Expiration=shaped({"Days": days})
            | shaped({"ExpiredObjectDeleteMarker": st.sampled_from([True])}),
            Transitions=st.lists(
                shaped({"Days": days, "StorageClass": words}), min_size=1, max_size=2
            ),
            NoncurrentVersionTransitions=st.lists(
                shaped({"NoncurrentDays": days, "StorageClass": words}), min_size=1, max_size=2
            ),
            NoncurrentVersionExpiration=shaped({"NoncurrentDays": days}),
            AbortIncompleteMultipartUpload=shaped({"DaysAfterInitiation": days}),
        ),
    ),
    "replication": st.none()
    | one_rule(
        "Rules",
        shaped(
            {
                "ID": words,
                "Prefix": words,
                "Status": st.just("Enabled"),
                "Destination": shaped({"Bucket": words}, StorageClass=words, Account=words),
            }
        ),
    ).map(lambda document: {"Role": ARN, **document}),
    "cors": st.none()
    | one_rule(
        "CORSRules",
        shaped(
            {"AllowedMethods": st.just(["GET"]), "AllowedOrigins": st.just(["*"])},
            ID=words,
            AllowedHeaders=st.just(["*"]),
            ExposeHeaders=st.just(["ETag"]),
            MaxAgeSeconds=days,
        ),
    ),
    "website": st.none()
    | shaped({"RedirectAllRequestsTo": shaped({"HostName": words}, Protocol=st.just("https"))})
    | shaped(
        {"IndexDocument": shaped({"Suffix": words})},
        ErrorDocument=shaped({"Key": words}),
        RoutingRules=st.lists(
            shaped({"Redirect": shaped({"HostName": words})}), min_size=1, max_size=2
        ),
    ),
    "notification": st.none()
    | one_rule(
        "QueueConfigurations",
        shaped(
            {"Id": words, "QueueArn": words, "Events": st.just(["s3:ObjectCreated:*"])},
            Filter=shaped(
                {
                    "Key": shaped(
                        {
                            "FilterRules": st.lists(
                                shaped({"Name": words, "Value": words}), min_size=1
                            )
                        }
                    )
                }
            ),
        ),
    ),
    "tagging": st.none()
    | st.lists(tag, min_size=1, max_size=3, unique_by=lambda each: each["Key"]).map(
        lambda tags: {"TagSet": tags}
    ),
    "request_payment": st.sampled_from(["Requester", "BucketOwner"]).map(lambda p: {"Payer": p}),
    "accelerate": st.none() | shaped({"Status": st.sampled_from(["Enabled", "Suspended"])}),
    "object_lock": st.none()
    | shaped(
        {"ObjectLockEnabled": st.just("Enabled")},
        Rule=shaped({"DefaultRetention": shaped({"Mode": st.just("GOVERNANCE"), "Days": days})}),
    ),
}


def wrapped(parts):
    return {
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "acme",
        "awsAccountId": "111122223333",
        "awsRegion": "eu-central-1",
        "ARN": "arn:aws:s3:::acme",
        "configurationItemCaptureTime": "2026-03-02T09:00:00.000Z",
        "configurationItemStatus": "OK",
        "supplementaryConfiguration": parts,
    }


def test_every_recorded_aspect_has_documents_here():
    assert {aspect.name for aspect in item.RECORDED} == set(DOCUMENTS)


@settings(max_examples=50)
@given(st.fixed_dictionaries(DOCUMENTS))
def test_what_is_read_from_an_item_is_what_was_written_into_it(documents):
    parts = item.supplementary(documents)
    read = Bucket.from_configuration_item(wrapped(json.loads(json.dumps(parts))))
    assert {aspect.name: read[aspect] for aspect in item.RECORDED} == documents


@pytest.mark.skipif(not REAL.is_dir(), reason="the real items are not part of the repository")
@pytest.mark.parametrize("path", sorted(REAL.glob("s3*.json")), ids=lambda path: path.stem)
def test_real_items_come_out_as_they_are(path):
    """Read a real item into documents, write these again: the same parts, key by key."""
    real = dict(Notification.parse(json.loads(path.read_text())).item)
    parts = {key: decoded(part) for key, part in real["supplementaryConfiguration"].items()}
    bucket = Bucket.from_configuration_item(real)
    documents = {aspect.name: bucket.aspects.get(aspect.name) for aspect in item.RECORDED}
    ours = item.supplementary(documents)
    ours["AccessControlList"] = json.loads(ours["AccessControlList"])
    for key, part in parts.items():
        assert set(without_nulls(ours[key])) == set(without_nulls(part)), key


def decoded(part):
    return decoded(json.loads(part)) if isinstance(part, str) else part


def without_nulls(part):
    """Return the paths and values that say something."""
    if isinstance(part, dict):
        return [
            f"{key}.{path}"
            for key, value in part.items()
            if key not in {"grantSet", "isRequesterCharged"}
            for path in without_nulls(value)
        ]
    if isinstance(part, list):
        return [path for each in part for path in without_nulls(each)]
    return [] if part in (None, "", False) else [repr(part)]


def test_aspects_that_config_never_records_make_no_item(account):
    s3 = account.client("s3")
    s3.put_bucket_ownership_controls(
        Bucket=LAKE, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    s3.put_bucket_metrics_configuration(Bucket=LAKE, Id="all", MetricsConfiguration={"Id": "all"})
    count = len(account.recorder.items[LAKE])
    account.settle()
    assert len(account.recorder.items[LAKE]) == count
    newest = Bucket.from_configuration_item(account.recorder.items[LAKE][-1])
    assert a.OWNERSHIP not in newest


def test_changes_in_quick_succession_make_one_item_with_one_diff(account):
    s3 = account.client("s3")
    for status in ("Suspended", "Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=LAKE, VersioningConfiguration={"Status": status})
    account.clock.settle()
    (recorded,) = [e for e in account.events if getattr(e, "diff", None)][:1]
    assert recorded.diff == {
        "changeType": "UPDATE",
        "changedProperties": {
            "SupplementaryConfiguration.BucketVersioningConfiguration": {
                "previousValue": {"status": "Enabled", "isMfaDeleteEnabled": None},
                "updatedValue": {"status": "Suspended", "isMfaDeleteEnabled": None},
                "changeType": "UPDATE",
            }
        },
    }


def test_a_write_that_changes_nothing_makes_no_item(account):
    count = len(account.recorder.items[LAKE])
    account.client("s3").put_bucket_versioning(
        Bucket=LAKE, VersioningConfiguration={"Status": "Enabled"}
    )
    account.settle()
    assert len(account.recorder.items[LAKE]) == count


def test_the_history_form_reads_as_the_notification_does(account):
    newest = account.recorder.items[LAKE][-1]
    reply = history(
        [newest], {"resourceType": "AWS::S3::Bucket", "resourceId": LAKE}, account.clock.now
    )
    (again,) = reply.document["configurationItems"]
    assert isinstance(json.loads(again["supplementaryConfiguration"]["AccessControlList"]), str)
    one, other = map(Bucket.from_configuration_item, (newest, again))
    assert dict(one.aspects) == dict(other.aspects)
    assert (one.name, one.account, one.region) == (other.name, other.account, other.region)
