"""The bucket before a change, from the notification's configurationItemDiff."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward import (
    ACL,
    ENCRYPTION,
    LOGGING,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    REQUEST_PAYMENT,
    TAGGING,
    VERSIONING,
    BadInput,
    Unknown,
)
from bucketward.configuration_item import previous_bucket
from framework.samples import item
from framework.test_configuration_item import JSON, KEYS

SECTION = "SupplementaryConfiguration"
SUSPENDED = {"status": "Suspended", "isMfaDeleteEnabled": None}
KMS = {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "arn:aws:kms:eu-central-1:1:key/1"}
AES = {"sseAlgorithm": "AES256", "kmsMasterKeyID": None}


def rules(default):
    return {"rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]}


def diff(changes, kind="UPDATE"):
    return {
        "changeType": kind,
        "changedProperties": {
            path: {"previousValue": before, "updatedValue": after, "changeType": "UPDATE"}
            for path, (before, after) in changes.items()
        },
    }


def test_a_changed_member_gets_its_previous_value():
    # As in a real event of 2021: the path is in capitals and ends at the member.
    previous = previous_bucket(
        item(BucketVersioningConfiguration=SUSPENDED),
        diff({f"{SECTION}.BucketVersioningConfiguration.Status": ("Enabled", "Suspended")}),
    )

    assert previous[VERSIONING] == {"Status": "Enabled"}


def test_all_changed_members_of_a_part_get_their_previous_values():
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    part = {flag[0].lower() + flag[1:]: False for flag in flags}
    changes = {f"{SECTION}.PublicAccessBlockConfiguration.{flag}": (True, False) for flag in flags}

    previous = previous_bucket(item(PublicAccessBlockConfiguration=part), diff(changes))
    assert previous[PUBLIC_ACCESS_BLOCK] == dict.fromkeys(flags, True)


def test_a_member_in_a_list_gets_its_previous_value():
    path = f"{SECTION}.ServerSideEncryptionConfiguration.Rules.0.ApplyServerSideEncryptionByDefault"
    previous = previous_bucket(
        item(ServerSideEncryptionConfiguration=rules(AES)),
        diff(
            {
                f"{path}.SseAlgorithm": (KMS["sseAlgorithm"], "AES256"),
                f"{path}.KmsMasterKeyID": (KMS["kmsMasterKeyID"], None),
            }
        ),
    )

    assert previous[ENCRYPTION]["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": KMS["kmsMasterKeyID"],
            },
            "BucketKeyEnabled": True,
        }
    ]


def test_a_changed_element_of_a_list_gets_its_previous_value():
    path = f"{SECTION}.ServerSideEncryptionConfiguration.Rules.0"
    before, after = rules(KMS)["rules"][0], rules(AES)["rules"][0]

    previous = previous_bucket(
        item(ServerSideEncryptionConfiguration=rules(AES)), diff({path: (before, after)})
    )
    (rule,) = previous[ENCRYPTION]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_a_policy_that_was_removed_comes_back_as_text():
    text = json.dumps({"Version": "2012-10-17", "Statement": []})

    previous = previous_bucket(item(), diff({f"{SECTION}.BucketPolicy.PolicyText": (text, None)}))
    assert previous[POLICY] == text


def test_a_whole_part_gets_its_previous_value():
    before = {"destinationBucketName": "ward-logs", "logFilePrefix": "a/"}
    after = {"destinationBucketName": None, "logFilePrefix": None}

    previous = previous_bucket(
        item(), diff({f"{SECTION}.BucketLoggingConfiguration": (before, after)})
    )
    assert previous[LOGGING]["LoggingEnabled"]["TargetBucket"] == "ward-logs"


def test_a_whole_part_that_was_removed_comes_back():
    previous = previous_bucket(
        item(), diff({f"{SECTION}.ServerSideEncryptionConfiguration": (rules(KMS), None)})
    )

    assert previous[ENCRYPTION]["Rules"][0]["BucketKeyEnabled"] is True


def test_a_whole_part_that_was_added_was_unset_before():
    tags = {"tagSets": [{"tags": {"a": "b"}}]}

    previous = previous_bucket(
        item(BucketTaggingConfiguration=tags),
        diff({f"{SECTION}.BucketTaggingConfiguration": (None, tags)}),
    )
    assert previous[TAGGING] is None


def test_values_that_are_json_strings_are_read():
    public = json.loads(item()["supplementaryConfiguration"]["AccessControlList"])
    public["grantList"].append({"grantee": "AllUsers", "permission": "Read"})
    private = item()["supplementaryConfiguration"]["AccessControlList"]

    previous = previous_bucket(
        item(AccessControlList=json.dumps(public)),
        diff({f"{SECTION}.AccessControlList": (private, json.dumps(public))}),
    )
    assert len(previous[ACL]["Grants"]) == 1


def test_what_did_not_change_is_as_it_is_now():
    previous = previous_bucket(
        item(BucketVersioningConfiguration=SUSPENDED, IsRequesterPaysEnabled=True),
        diff({f"{SECTION}.BucketVersioningConfiguration.Status": ("Enabled", "Suspended")}),
    )

    assert previous[REQUEST_PAYMENT] == {"Payer": "Requester"}


UNCLEAR = {
    "an element was added, so the others moved": (
        {"rules": [rules(AES)["rules"][0], rules(KMS)["rules"][0]]},
        {"Rules.1": (None, rules(KMS)["rules"][0])},
    ),
    "the change led to another item": (rules(AES), {"": (rules(KMS), rules(KMS))}),
    "a member is not there": (rules(AES), {"Rules.0.NewMember": (1, 2)}),
    "an element is not there": (rules(AES), {"Rules.7.BucketKeyEnabled": (False, True)}),
    "an index is none": (rules(AES), {"Rules.first": (1, 2)}),
    "a path leads through a value": (rules(AES), {"Rules.0.BucketKeyEnabled.x": (1, 2)}),
}


@pytest.mark.parametrize(("part", "changes"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_change_that_is_not_understood_leaves_only_its_aspect_unknown(part, changes):
    paths = {
        f"{SECTION}.ServerSideEncryptionConfiguration.{path}".rstrip("."): change
        for path, change in changes.items()
    }
    previous = previous_bucket(item(ServerSideEncryptionConfiguration=part), diff(paths))

    with pytest.raises(Unknown):
        previous[ENCRYPTION]
    assert previous[VERSIONING] is None


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        [],
        {},
        {"changedProperties": None},
        {"changedProperties": {}},
        diff({f"{SECTION}.BucketPolicy": (None, {"policyText": "x"})}, kind="CREATE"),
        diff({SECTION: ({}, {})}),
    ],
)
def test_a_diff_that_says_nothing_of_the_past_gives_no_bucket(nothing):
    assert previous_bucket(item(), nothing) is None


def test_changes_of_relationships_are_left_alone():
    previous = previous_bucket(item(), diff({"Relationships.0": (None, {"resourceId": "x"})}))

    assert previous[VERSIONING] is None


PATHS = st.builds("{}.{}{}".format, st.sampled_from([SECTION, "Configuration"]), KEYS, st.text())
CHANGES = JSON | st.fixed_dictionaries({"previousValue": JSON, "updatedValue": JSON})


@given(
    st.dictionaries(KEYS, JSON),
    JSON | st.fixed_dictionaries({"changedProperties": JSON | st.dictionaries(PATHS, CHANGES)}),
)
def test_any_diff_gives_a_bucket_or_none_and_never_another_error(parts, arbitrary):
    bucket = previous_bucket({**item(), "supplementaryConfiguration": parts}, arbitrary)

    for name in bucket.aspects if bucket else ():
        with suppress(BadInput):
            json.dumps(bucket.aspects[name])
