"""The names that CloudTrail emits, frozen: one that is misspelt would never fire and never err."""

from collections.abc import Callable
from typing import Any

import pytest

from bucketward.changes import ALERTS, ALIASES, WRITES, classify, event_name, event_names

LISTED_BY_AWS = """
    CreateBucket CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration
    DeleteAccountPublicAccessBlock DeleteBucket DeleteBucketAnalyticsConfiguration
    DeleteBucketCors DeleteBucketEncryption DeleteBucketIntelligentTieringConfiguration
    DeleteBucketInventoryConfiguration DeleteBucketLifecycle DeleteBucketMetadataConfiguration
    DeleteBucketMetadataTableConfiguration DeleteBucketMetricsConfiguration
    DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketPublicAccessBlock
    DeleteBucketReplication DeleteBucketTagging PutAccelerateConfiguration
    PutAccountPublicAccessBlock PutBucketAcl PutBucketAnalyticsConfiguration PutBucketCors
    PutBucketEncryption PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration
    PutBucketLifecycle PutBucketLogging PutBucketMetricsConfiguration PutBucketNotification
    PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
    PutBucketPublicAccessBlock PutBucketReplication PutBucketRequestPayment PutBucketTagging
    PutBucketVersioning PutBucketWebsite UpdateBucketMetadataAnnotationTableConfiguration
    UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration
"""

INFERRED = """
    AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance
    CreateAccessGrantsLocation CreateAccessPoint CreateAccessPointForObjectLambda CreateJob
    CreateMultiRegionAccessPoint CreateStorageLensGroup DeleteAccessGrant DeleteAccessGrantsInstance
    DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DeleteAccessPoint
    DeleteAccessPointForObjectLambda DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda
    DeleteAccessPointScope DeleteBucketWebsite DeleteJobTagging DeleteMultiRegionAccessPoint
    DeleteStorageLensConfiguration DeleteStorageLensConfigurationTagging DeleteStorageLensGroup
    DissociateAccessGrantsIdentityCenter JobCreated PutAccessGrantsInstanceResourcePolicy
    PutAccessPointConfigurationForObjectLambda PutAccessPointPolicy
    PutAccessPointPolicyForObjectLambda PutAccessPointScope PutBucketAbac PutJobTagging
    PutMultiRegionAccessPointPolicy PutStorageLensConfiguration PutStorageLensConfigurationTagging
    SubmitMultiRegionAccessPointRoutes TagResource UntagResource UpdateAccessGrantsLocation
    UpdateJobPriority UpdateJobStatus UpdateStorageLensGroup
"""

NEVER_EMITTED = {
    "DeleteBucketCORS": "DeleteBucketCors",
    "PutAnalyticsConfiguration": "PutBucketAnalyticsConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCORS": "PutBucketCors",
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutEncryptionConfiguration": "PutBucketEncryption",
    "PutInventoryConfiguration": "PutBucketInventoryConfiguration",
    "PutLifecycleConfiguration": "PutBucketLifecycle",
    "PutMetricsConfiguration": "PutBucketMetricsConfiguration",
    "PutReplicationConfiguration": "PutBucketReplication",
    # Beyond the eleven of the list that people paste:
    "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    "PutBucketACL": "PutBucketAcl",
    "PutIntelligentTieringConfiguration": "PutBucketIntelligentTieringConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}


def test_the_vocabulary_is_what_aws_lists_and_what_its_api_implies():
    assert len(LISTED_BY_AWS.split()) == 43
    assert set(WRITES) == {*LISTED_BY_AWS.split(), *INFERRED.split()}


def test_aliases_stand_for_events_that_exist():
    assert {name: events[0] for name, events in ALIASES.items()} == NEVER_EMITTED
    assert not set(ALIASES) & set(WRITES)
    assert {event for events in ALIASES.values() for event in events} <= set(WRITES)


def test_an_iam_action_stands_for_the_put_and_the_delete_that_it_allows():
    assert event_names("PutEncryptionConfiguration") == (
        "PutBucketEncryption",
        "DeleteBucketEncryption",
    )
    assert event_name("PutEncryptionConfiguration") == "PutBucketEncryption"


@pytest.mark.parametrize("name", ["GetBucketAcl", "putbucketacl", "", "PutBucketNovelty"])
def test_other_names_stand_for_nothing(name: str):
    assert event_names(name) == ()
    assert event_name(name) == name


@pytest.mark.parametrize(("alias", "event"), NEVER_EMITTED.items())
def test_a_record_under_an_alias_is_classified_as_the_event_meant(
    alias: str, event: str, record: Callable[..., dict[str, Any]]
):
    assert classify(record(alias)) == classify(record(event))
    assert {finding.event_name for finding in classify(record(alias))} == {event}


def test_each_write_has_an_alert_of_its_own_that_needs_no_condition():
    for event in WRITES:
        assert any(event in alert.events and not alert.when for alert in ALERTS.values()), event
