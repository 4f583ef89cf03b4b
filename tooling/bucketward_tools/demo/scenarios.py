"""Eighteen scenarios: what must be noticed of each, and how it must end.

Played by the demo and by tests/local/test_scenarios.py, E9 and E16 to E18 to show what is *not*
done. What no scenario can hide is in docs/limits.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward_tools.local.actors import Actor

from . import attacks
from .scenario import Ending, Scenario, critical, high, low, medium

if TYPE_CHECKING:
    from bucketward_tools.local import LocalAccount

PIPELINE = "Pipeline"
"""The one role that is authorised, see AuthorisedRoles."""

_CHAIN = critical("controls-disabled-chain")


def _pipeline(account: LocalAccount) -> Actor:
    return Actor(account.role_arn(PIPELINE), "stack-update", via="cloudformation.amazonaws.com")


def _remediator(account: LocalAccount) -> Actor:
    function = account.wiring.function_of("BucketPublicAccessBlockRemediationFunction")
    assert function is not None  # noqa: S101 - the template has it
    return Actor(function.role_arn, function.name)


SCENARIOS = (
    Scenario(
        id="E1",
        title="A bucket policy lets an outside account in",
        actor="user/mallory",
        bucket="acme-customer-exports",
        attack=attacks.backdoor,
        alerts=(high("policy-external-account"),),
        reverted=("policy",),
        lost="Objects that were read before the revert have been read.",
    ),
    Scenario(
        id="E2",
        title="CloudTrail's log bucket is set to expire after a day",
        actor="assumed-role/Contractor/oscar",
        bucket="acme-cloudtrail",
        attack=attacks.expire_the_trail,
        alerts=(critical("lifecycle-short-expiration"),),
        reverted=("lifecycle",),
    ),
    Scenario(
        id="E3",
        title="A bucket is made public the long way",
        actor="assumed-role/DataEngineer/eve",
        bucket="acme-data-lake",
        attack=attacks.publish,
        alerts=(
            critical("account-public-access-block-deleted"),
            high("public-access-block-deleted"),
            critical("policy-public"),
            _CHAIN,
        ),
        reverted=("account", "public_access_block", "policy"),
        lost="Objects that were read meanwhile have been read.",
    ),
    Scenario(
        id="E4",
        title="A bucket is made public by its ACL",
        actor="assumed-role/Support/dana",
        bucket="acme-ml-models",
        attack=attacks.publish_by_acl,
        alerts=(
            high("ownership-acls-enabled"),
            high("public-access-block-weakened"),
            critical("acl-public"),
            _CHAIN,
        ),
        reverted=("acl", "public_access_block", "ownership"),
    ),
    Scenario(
        id="E5",
        title="Every way back is cut before a ransom",
        actor="assumed-role/Backup/root-cause",
        bucket="acme-payments",
        attack=attacks.prevent_recovery,
        alerts=(
            medium("replication-deleted"),
            high("versioning-suspended"),
            high("logging-disabled"),
            medium("encryption-deleted"),
            _CHAIN,
        ),
        reverted=("versioning", "logging", "replication", "encryption"),
        lost="Objects that were overwritten while versioning was suspended.",
        suspends=True,
    ),
    Scenario(
        id="E6",
        title="New and old objects are copied out by replication",
        actor="assumed-role/DataEngineer/eve",
        bucket="acme-data-lake-raw",
        attack=attacks.replicate_out,
        alerts=(
            critical("replication-external"),
            low("versioning-changed"),
            high("batch-job-created"),
        ),
        reverted=("replication",),
        lost="Objects that were replicated; a person must cancel the batch job.",
    ),
    Scenario(
        id="E7",
        title="Ransom by keys that only the attacker holds",
        actor="user/codefinger",
        bucket="acme-db-backups",
        attack=attacks.ransom_by_key,
        alerts=(high("sse-c-unblocked"), high("lifecycle-short-expiration"), _CHAIN),
        reverted=("encryption", "lifecycle"),
        lost="Objects that were re-encrypted, but for their older versions.",
    ),
    Scenario(
        id="E8",
        title="New objects go under a key of another account",
        actor="assumed-role/DataEngineer/eve",
        bucket="acme-payments",
        attack=attacks.foreign_key,
        alerts=(critical("encryption-key-foreign"),),
        reverted=("encryption",),
        lost="Objects that were written meanwhile are under the foreign key.",
    ),
    Scenario(
        id="E9",
        title="Every object is deleted",
        actor="user/mallory",
        bucket="acme-customer-exports",
        attack=attacks.delete_all,
        ending=Ending.UNSEEN,
        lost="All objects: calls for objects are data events, which Bucketward does not hear.",
        suspends=True,
    ),
    Scenario(
        id="E10",
        title="A bucket is deleted, so that its name can be taken",
        actor="assumed-role/Contractor/oscar",
        bucket="acme-website",
        attack=attacks.delete_bucket,
        alerts=(high("bucket-deleted"),),
        reverted=("bucket",),
        lost="All objects: the bucket comes back empty.",
        fast_only=True,
    ),
    Scenario(
        id="E11",
        title="A website sends its visitors elsewhere",
        actor="assumed-role/Marketing/sam",
        bucket="acme-website",
        attack=attacks.deface,
        alerts=(high("website-configured"), medium("cors-any-origin-write")),
        reverted=("website", "cors"),
    ),
    Scenario(
        id="E12",
        title="An outside function is told of every new object",
        actor="assumed-role/DataEngineer/eve",
        bucket="acme-partner-drop",
        attack=attacks.hijack_notifications,
        alerts=(high("notification-external"),),
        reverted=("notification",),
    ),
    Scenario(
        id="E13",
        title="A tag says exempt, and then the policy is changed",
        actor="user/mallory",
        bucket="acme-ml-models",
        attack=attacks.launder_by_tag,
        alerts=(high("control-tag-changed"), high("policy-external-account"), _CHAIN),
        reverted=("tagging", "policy"),
        lost="Objects that were read before the revert have been read.",
    ),
    Scenario(
        id="E14",
        title="The account's block is switched off from a Region that nobody uses",
        actor="user/mallory",
        bucket="acme-data-lake",
        attack=attacks.open_from_elsewhere,
        reverted=("account",),
        by_schedule=True,
        lost="Up to a day: the event is on the bus of that Region, where nobody listens.",
    ),
    Scenario(
        id="E15",
        title="The access log is sent where others read it",
        actor="assumed-role/Contractor/oscar",
        bucket="acme-data-lake",
        attack=attacks.redirect_logs,
        alerts=(high("logging-redirected"),),
        reverted=("logging",),
        lost="Log lines that were delivered meanwhile.",
    ),
    Scenario(
        id="E16",
        title="Somebody tries what they may change",
        actor="assumed-role/Support/dana",
        bucket="acme-payments",
        attack=attacks.probe,
        alerts=(low("denied-s3-write"), medium("denied-burst")),
        ending=Ending.UNCHANGED,
    ),
    Scenario(
        id="E17",
        title="The pipeline changes a policy, as it may",
        actor=_pipeline,
        bucket="acme-data-lake",
        attack=attacks.grant_to_own_role,
        ending=Ending.ACCEPTED,
    ),
    Scenario(
        id="E18",
        title="A remediation of our own is not taken for an attack",
        actor=_remediator,
        bucket="acme-payments",
        attack=attacks.block_again,
        ending=Ending.UNCHANGED,
    ),
)

TAKEOVER = Scenario(
    id="E10-takeover",
    title="A bucket is deleted, and another account takes its name",
    actor="assumed-role/Contractor/oscar",
    bucket="acme-website",
    attack=attacks.take_over,
    alerts=(high("bucket-deleted"), critical("bucket-name-taken")),
    ending=Ending.UNCHANGED,
    lost="The name: what still uses it talks to a stranger.",
)
SILENCED = Scenario(
    id="E12-silenced",
    title="Nobody is told of new objects any more",
    actor="assumed-role/DataEngineer/eve",
    bucket="acme-partner-drop",
    attack=attacks.silence_notifications,
    alerts=(medium("notification-removed"),),
    reverted=("notification",),
)
VARIANTS = (TAKEOVER, SILENCED)
