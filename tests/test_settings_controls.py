"""What the controls of a bucket's settings leave as it is, and what their orders weigh."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from bucketward import (
    CORS,
    LIFECYCLE,
    NOTIFICATION,
    OBJECT_LOCK,
    REPLICATION,
    REQUEST_PAYMENT,
    TAGGING,
    WEBSITE,
    Aspect,
    Bucket,
    Compliance,
    Refused,
    cross_origin,
    lifecycle,
    put,
    replication,
)
from bucketward.aspects import ASPECTS
from bucketward.calls import apply
from bucketward.safety import weakening
from bucketward_tools.catalogue import control
from estate import bucket, case_known, case_resource, cases, known
from strategies import buckets
from strategies_settings import CHANGING, FOREIGN, PARTNER

ROLE = "arn:aws:iam::111122223333:role/replication"


def planned(stem: str, now: Bucket, given_: dict[str, str] | None = None, earlier=None):
    """Return the document that the aspect has after the plan."""
    remediation = control(stem).remediation
    parameters = remediation.parse_parameters(given_ or {})
    calls = remediation.planned(now, known(parameters, earlier))
    return apply(calls, now)[ASPECTS[remediation.calls[0].aspect]]


@given(buckets(["lifecycle"]), buckets(["lifecycle"]))
def test_retention_changes_nothing_but_status_and_expirations_of_bad_rules(now, earlier):
    document = planned("bucket_lifecycle_retention", now, earlier=earlier)
    before, after = lifecycle.rules(now), (document or {}).get("Rules", [])
    assert len(before) == len(after)
    for was, is_ in zip(before, after, strict=True):
        if not lifecycle.too_soon(was, 30):
            assert is_ == was
        free = {"Status", *lifecycle.EXPIRATIONS}
        assert {k: v for k, v in is_.items() if k not in free} == {
            k: v for k, v in was.items() if k not in free
        }
    assert {**(document or {}), "Rules": 0} == {**(now[LIFECYCLE] or {}), "Rules": 0}


@given(buckets(["lifecycle"]))
def test_abort_rule_is_the_only_one_that_is_written(now):
    document = planned("bucket_lifecycle", now)
    own = lifecycle.ABORT_ID
    before = [rule for rule in lifecycle.rules(now) if rule["ID"] != own]
    assert [rule for rule in document["Rules"] if rule["ID"] != own] == before
    assert {**document, "Rules": 0} == {**(now[LIFECYCLE] or {}), "Rules": 0}
    assert len({("Prefix" in rule) for rule in document["Rules"]}) == 1  # S3 refuses a mix


@given(buckets(["replication"]))
def test_trusted_replication_rules_stay_as_they_are(now):
    document = planned("bucket_replication_trusted", now, {"trustedAccounts": PARTNER})
    good = [
        rule
        for rule in replication.rules(now)
        if not replication.fault(rule, now.account, (PARTNER,), ())
    ]
    assert [r for r in good if r not in (document or {}).get("Rules", [])] == []
    assert not document or document["Role"] == now[REPLICATION]["Role"]


@given(buckets(["cors"]), st.sampled_from(["", "https://*.acme.com"]))
def test_accepted_cors_rules_stay_as_they_are(now, allowed):
    document = planned("bucket_cors", now, {"allowedOrigins": allowed})
    accepted = (allowed,) if allowed else ()
    good = [rule for rule in cross_origin.rules(now) if not cross_origin.fault(rule, accepted)]
    assert (document or {"CORSRules": []})["CORSRules"] == good


@given(buckets(["notification"]))
def test_trusted_event_destinations_stay_as_they_are(now):
    document = planned("bucket_event_notifications", now, {"trustedAccounts": PARTNER})
    for name, value in (now[NOTIFICATION] or {}).items():
        good = value if name == "EventBridgeConfiguration" else _not_foreign(value)
        assert document.get(name, [] if isinstance(good, list) else None) == good


def _not_foreign(configurations):
    return [each for each in configurations if FOREIGN not in str(each)]


@given(buckets(["tagging"]))
def test_tags_that_nobody_requires_stay_as_they_are(now):
    earlier = now.replacing(TAGGING, {"TagSet": [{"Key": "owner", "Value": "web"}]})
    document = planned("bucket_tagging", now, {"requiredTags": "owner=web"}, earlier)
    others = [tag for tag in (now[TAGGING] or {}).get("TagSet", []) if tag["Key"] != "owner"]
    assert [tag for tag in document["TagSet"] if tag["Key"] != "owner"] == others


def rule(days: int, status: str = "Enabled", **rest):
    return {"ID": "a", "Status": status, "Filter": {}, "Expiration": {"Days": days}, **rest}


def replica(status: str = "Enabled", target: str = "acme-replica", **rest):
    destination = {"Bucket": f"arn:aws:s3:::{target}", **rest}
    return {"ID": "a", "Status": status, "Filter": {"Prefix": ""}, "Destination": destination}


def topics(*accounts: str):
    return [{"TopicArn": f"arn:aws:sns:eu-central-1:{each}:t", "Events": []} for each in accounts]


def retention(mode: str, days: int):
    return {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": mode, "Days": days}},
    }


NONE = None
WEAKER = [
    (LIFECYCLE, NONE, {"Rules": [rule(400)]}, "delete objects sooner"),
    (LIFECYCLE, {"Rules": [rule(9)]}, {"Rules": [rule(8)]}, "delete objects sooner"),
    (LIFECYCLE, {"Rules": [rule(9, "Disabled")]}, {"Rules": [rule(9)]}, "delete objects sooner"),
    (
        LIFECYCLE,
        {"Rules": [rule(9, Filter={"Prefix": "tmp/"})]},
        {"Rules": [rule(9)]},
        "delete objects sooner",
    ),
    (
        LIFECYCLE,
        {
            "Rules": [
                rule(
                    9,
                    NoncurrentVersionExpiration={"NoncurrentDays": 9, "NewerNoncurrentVersions": 2},
                )
            ]
        },
        {"Rules": [rule(9, NoncurrentVersionExpiration={"NoncurrentDays": 99})]},
        "delete objects sooner",
    ),
    (
        LIFECYCLE,
        {"Rules": [rule(0, Expiration={"Date": "2030-01-01T00:00:00+00:00"})]},
        {"Rules": [rule(400)]},
        "delete objects sooner",
    ),
    (
        REPLICATION,
        {"Role": ROLE, "Rules": [replica()]},
        {"Role": ROLE, "Rules": [replica("Disabled")]},
        "would be disabled",
    ),
    (
        REPLICATION,
        {"Role": ROLE, "Rules": [replica(EncryptionConfiguration={"ReplicaKmsKeyID": "k"})]},
        {"Role": ROLE, "Rules": [replica()]},
        "would lose its Destination.EncryptionConfiguration",
    ),
    (CORS, NONE, {"CORSRules": [{"AllowedOrigins": ["https://a.example"]}]}, "would be allowed"),
    (WEBSITE, NONE, {"IndexDocument": {"Suffix": "i"}}, "would be turned on"),
    (NOTIFICATION, {"EventBridgeConfiguration": {}}, NONE, "EventBridge would be turned off"),
    (NOTIFICATION, NONE, {"TopicConfigurations": topics("9")}, "events would go to"),
    (REQUEST_PAYMENT, {"Payer": "BucketOwner"}, {"Payer": "Requester"}, "requesters would pay"),
    (TAGGING, {"TagSet": [{"Key": "a", "Value": "1"}]}, NONE, "tag 'a' would be removed"),
    (OBJECT_LOCK, {"ObjectLockEnabled": "Enabled"}, NONE, "would be turned off"),
    (
        OBJECT_LOCK,
        retention("GOVERNANCE", 9),
        {"ObjectLockEnabled": "Enabled"},
        "would be removed",
    ),
    (OBJECT_LOCK, retention("GOVERNANCE", 9), retention("COMPLIANCE", 8), "9 days in GOVERNANCE"),
    (OBJECT_LOCK, retention("COMPLIANCE", 9), retention("GOVERNANCE", 99), "9 days in COMPLIANCE"),
    (OBJECT_LOCK, retention("NEW", 9), retention("COMPLIANCE", 99), "cannot be told"),
]


@pytest.mark.parametrize(("aspect", "before", "after", "lost"), WEAKER)
def test_an_order_says_what_would_be_lost(aspect: Aspect, before, after, lost):
    now = bucket().replacing(aspect, before)
    assert lost in weakening(now, now.replacing(aspect, after), [aspect])


SAFE = [
    (LIFECYCLE, {"Rules": [rule(8)]}, {"Rules": [rule(9)]}),
    (LIFECYCLE, {"Rules": [rule(8)]}, NONE),
    (LIFECYCLE, {"Rules": [rule(8, Filter={"Prefix": ""})]}, {"Rules": [rule(8, Filter={})]}),
    (LIFECYCLE, NONE, {"Rules": [rule(8, "Disabled")]}),
    (
        REPLICATION,
        {"Role": ROLE, "Rules": [replica("Disabled")]},
        {"Role": ROLE, "Rules": [replica(Account="111122223333")]},
    ),
    (REPLICATION, {"Role": ROLE, "Rules": [replica(target="mallory")]}, NONE),
    (CORS, {"CORSRules": [{"AllowedOrigins": ["*"]}]}, NONE),
    (WEBSITE, {"IndexDocument": {"Suffix": "i"}}, {"IndexDocument": {"Suffix": "j"}}),
    (
        NOTIFICATION,
        {"TopicConfigurations": topics("1", "9")},
        {"TopicConfigurations": topics("1"), "EventBridgeConfiguration": {}},
    ),
    (REQUEST_PAYMENT, {"Payer": "Requester"}, {"Payer": "BucketOwner"}),
    (
        TAGGING,
        {"TagSet": [{"Key": "a", "Value": "1"}]},
        {"TagSet": [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]},
    ),
    (OBJECT_LOCK, NONE, retention("GOVERNANCE", 1)),
    (OBJECT_LOCK, retention("GOVERNANCE", 9), retention("COMPLIANCE", 9)),
]


@pytest.mark.parametrize(("aspect", "before", "after"), SAFE)
def test_an_order_lets_what_is_as_safe_pass(aspect: Aspect, before, after):
    now = bucket().replacing(aspect, before)
    assert weakening(now, now.replacing(aspect, after), [aspect]) is None


@pytest.mark.parametrize("name", CHANGING)
@given(data=st.data())
def test_no_change_is_no_loss(name: str, data):
    now = data.draw(buckets([name]))
    assert weakening(now, now, [ASPECTS[name]]) is None


def test_a_notification_is_put_without_validating_the_destinations_that_stay():
    call = put(NOTIFICATION, {"EventBridgeConfiguration": {}})
    assert call.arguments == {
        "NotificationConfiguration": {"EventBridgeConfiguration": {}},
        "SkipDestinationValidation": True,
    }


ITEM = {
    "resourceType": "AWS::S3::Bucket",
    "resourceId": "acme-data",
    "awsAccountId": "111122223333",
    "ARN": "arn:aws:s3:::acme-data",
    "awsRegion": "eu-central-1",
    "supplementaryConfiguration": {
        "BucketReplicationConfiguration": {
            "roleARN": ROLE,
            "rules": {
                "a": {
                    "prefix": "",
                    "status": "Enabled",
                    "destinationConfig": {
                        "Account": "999999999999",
                        "bucketARN": "arn:aws:s3:::mallory",
                        "storageClass": None,
                    },
                }
            },
        },
        "BucketLifecycleConfiguration": {
            "rules": [
                {
                    "id": "nuke",
                    "prefix": "*",
                    "status": "Enabled",
                    "expirationInDays": 1,
                    "noncurrentVersionExpirationInDays": -1,
                }
            ]
        },
        "IsRequesterPaysEnabled": True,
    },
}


@pytest.mark.parametrize(
    ("stem", "said"),
    [
        ("bucket_replication_trusted", "'a' sends objects to account 999999999999"),
        ("bucket_lifecycle_retention", "'nuke' expires objects after 1 day"),
        ("bucket_requester_pays", "Requester pays is on"),
    ],
)
def test_a_configuration_item_is_judged_as_the_bucket_is(stem: str, said: str):
    verdict = control(stem).rule.judge(Bucket.from_configuration_item(ITEM))
    assert verdict.compliance is Compliance.NON_COMPLIANT
    assert said in verdict.annotation


def test_a_lifecycle_of_a_thousand_rules_is_full():
    rules = [{**rule(400), "ID": str(number)} for number in range(1000)]
    now = bucket(lifecycle={"Rules": rules})
    with pytest.raises(Refused, match="has 1000 lifecycle rules, and S3 takes no more"):
        planned("bucket_lifecycle", now)


def test_a_fiftieth_tag_is_the_last():
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    now = bucket(tagging={"TagSet": tags})
    earlier = bucket(tagging={"TagSet": [{"Key": "owner", "Value": "web"}]})
    with pytest.raises(Refused, match="has 50 tags, and S3 takes 50 at most"):
        planned("bucket_tagging", now, {"requiredTags": "owner"}, earlier)


SETTINGS = (
    "sse_c_blocked", "object_lock", "replication", "replication_trusted", "lifecycle",
    "lifecycle_retention", "website", "cors", "event_notifications", "requester_pays", "tagging",
)  # fmt: skip


@pytest.mark.parametrize("stem", SETTINGS)
def test_every_planned_call_has_the_form_of_the_s3_api(stem: str):
    ward = control(f"bucket_{stem}")
    remediation = ward.remediation
    model = botocore.session.get_session().get_service_model("s3")
    seen = 0
    for case in cases(f"bucket_{stem}"):
        if "calls" not in case:
            continue
        parameters = remediation.parse_parameters(case.get("parameters", {}))
        for call in remediation.planned(case_resource(ward, case), case_known(case, parameters)):
            shape = model.operation_model(call.operation.name).input_shape
            report = ParamValidator().validate({"Bucket": "acme-data", **call.arguments}, shape)
            assert not report.has_errors(), report.generate_report()
            seen += 1
    assert seen
