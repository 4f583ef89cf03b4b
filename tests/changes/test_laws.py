"""What holds for every record, found by search and over all cases."""

import contextlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bucketward.aspects import ASPECTS
from bucketward.changes import ALERTS, ALIASES, WRITES, Change, classify
from bucketward.errors import BadInput

Case = dict[str, Any]

NAMES = """
    AccessControlList AccessControlPolicy AccountId Action AllowedMethod AllowedOrigin
    ApplyServerSideEncryptionByDefault BlockedEncryptionTypes Bucket BucketLoggingStatus
    CORSConfiguration CORSRule CloudFunctionConfiguration CreateAccessPointRequest Date Days
    DefaultRetention Destination Effect EncryptionType Expiration Grant Grantee Host ID Key
    KMSMasterKeyID LifecycleConfiguration LoggingEnabled MfaDelete Mode NoncurrentDays
    NotificationConfiguration ObjectLockConfiguration ObjectOwnership Owner OwnershipControls
    Policy Principal PublicAccessBlockConfiguration PutAccessPointPolicyRequest Queue
    ReplicationConfiguration Resource Rule Rules SSEAlgorithm ServerSideEncryptionConfiguration
    Statement Status Tag TagSet Tagging TargetBucket URI Value VersioningConfiguration Years
    accessControlList arn bucketName bucketPolicy invokedBy policy principalId resourceArn
    sessionContext sessionIssuer tagKeys type x-amz-acl x-amz-grant-read
"""
TEXTS = ["", "Enabled", "*", "aws:kms", "arn:aws:s3:::b", "arn:", "uri=", "Allow", "Deny", "Root"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(TEXTS)
    | st.text(max_size=8)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES.split()) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = """
    awsRegion errorCode errorMessage eventCategory eventID eventTime managementEvent readOnly
    recipientAccountId requestParameters resources sharedEventID sourceIPAddress userIdentity
"""
EVENTS = [*WRITES, *ALIASES, "PutObjectAcl", "PutBucketNovelty"]
SLOW = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def _checked(record: object, **known: Any) -> None:
    """Classify, and look at what came of it; anything but BadInput fails the test."""
    with contextlib.suppress(BadInput):
        for finding in classify(record, **known):
            assert finding.id in ALERTS
            assert json.loads(json.dumps(finding.to_dict()))["actor"].encode("utf-8")


@SLOW
@given(JSON)
def test_any_json_is_a_change_or_is_refused(value: object):
    _checked(value)
    _checked({"detail": value})


@SLOW
@given(
    st.sampled_from(EVENTS),
    st.dictionaries(st.sampled_from(FIELDS.split()), JSON),
    st.dictionaries(st.sampled_from(sorted(ASPECTS)), JSON),
)
def test_no_value_in_a_record_or_before_it_raises_anything(
    event: str, fields: dict[str, object], before: dict[str, object]
):
    record = {"eventName": event, "eventSource": "s3.amazonaws.com"} | fields
    _checked(record, before=before)
    _checked({"detail": record}, account="111122223333", own_buckets={"b"})
    hash(Change.from_record(record))


@pytest.mark.parametrize("depth", [50, 400, 5000])
@pytest.mark.parametrize("event", sorted(WRITES))
def test_nesting_deeper_than_the_stack_raises_nothing(event: str, depth: int):
    deep: object = "leaf"
    for level in range(depth):
        deep = {"Statement": deep, "Effect": "Deny"} if level % 2 else [deep]
    record = {"eventName": event, "eventSource": "s3.amazonaws.com", "eventID": "1"}
    parameters = dict.fromkeys(["bucketPolicy", "Tagging", "userIdentity", "policy"], deep)
    _checked(record | {"requestParameters": deep, "userIdentity": deep}, before={"policy": deep})
    _checked(record | {"requestParameters": parameters}, before={"policy": {"Statement": deep}})


def test_numbers_of_any_size_raise_nothing(record: Callable[..., Case]):
    huge = 10**5000
    _checked(record("PutBucketCors", {"bucketName": huge}, recipientAccountId=huge))
    rule = {"Status": "Enabled", "Expiration": {"Days": huge}}
    _checked(record("PutBucketLifecycle", {"LifecycleConfiguration": {"Rule": rule}}))


def _with_lists(value: object) -> object:
    """Put each element that stands alone into a list of one."""
    if isinstance(value, dict):
        return {
            name: [_with_lists(child)] if isinstance(child, dict) else _with_lists(child)
            for name, child in value.items()
        }
    return [_with_lists(item) for item in value] if isinstance(value, list) else value


def _without_lists(value: object) -> object:
    """Take each element that stands alone out of its list."""
    if isinstance(value, dict):
        return {name: _without_lists(child) for name, child in value.items()}
    if isinstance(value, list):
        return _without_lists(value[0]) if len(value) == 1 else [*map(_without_lists, value)]
    return value


@pytest.mark.parametrize("reshaped", [_with_lists, _without_lists])
def test_one_child_is_the_same_as_a_list_of_one(
    case: Case, classified, reshaped: Callable[[object], object]
):
    parameters = case.get("parameters", {})
    policy = {name: value for name, value in parameters.items() if name == "bucketPolicy"}
    reshaped_parameters = reshaped(parameters)
    assert isinstance(reshaped_parameters, dict)
    changed = {**case, "parameters": reshaped_parameters | policy}
    assert classified(changed) == classified(case)


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: _shuffled(value[name], chance) for name in names}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def test_the_order_of_names_means_nothing(case: Case, classified):
    for seed in range(5):
        changed = _shuffled(case, random.Random(seed))
        assert classified(changed) == classified(case)


def test_neither_record_nor_previous_state_is_changed(case: Case, classified):
    untouched = json.dumps(case)
    classified(case)
    assert json.dumps(case) == untouched
