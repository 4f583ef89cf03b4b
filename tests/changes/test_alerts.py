"""Every alert, both sides of its condition: the cases are in ``cases/*.yaml``."""

from collections.abc import Callable
from typing import Any

from bucketward.changes import ALERTS, WRITES, classify
from bucketward.changes.vocabulary import DATA_WRITES
from bucketward.verdict import Severity

BUCKET = "amzn-s3-demo-bucket"
Case = dict[str, Any]
Make = Callable[..., dict[str, Any]]


def test_a_change_raises_exactly_the_alerts_that_its_result_deserves(case: Case, classified):
    found = classified(case)
    assert {finding.id: str(finding.severity) for finding in found} == case["alerts"]
    for finding in found:
        assert finding.bucket == case.get("bucket", BUCKET)
        assert finding.event_name == case["event"]


def test_a_failed_call_raises_nothing_but_that_it_was_denied(case: Case, classified):
    failed = classified(case, errorCode="NoSuchBucket", errorMessage="no such bucket")
    assert failed == []
    denied = classified(case, errorCode="AccessDenied", errorMessage="Access Denied")
    assert {finding.id for finding in denied} <= {"denied-s3-write"}
    if case["event"] in WRITES and "eventSource" not in case.get("record", {}):
        assert [finding.severity for finding in denied] == [Severity.LOW]


def test_every_alert_has_a_case_that_raises_it_and_one_where_it_stays_silent(cases: list[Case]):
    raised = {alert for case in cases for alert in case["alerts"]}
    assert raised == set(ALERTS)
    for alert in ALERTS.values():
        if alert.when:
            on_its_events = [case for case in cases if case["event"] in alert.events]
            assert any(alert.id not in case["alerts"] for case in on_its_events), alert.id


def test_every_grade_of_severity_has_a_case(cases: list[Case]):
    """An alert's own severity is the one that it has where nothing is known of before."""
    seen: dict[str, set[str]] = {}
    unaided: dict[str, set[str]] = {}
    for case in cases:
        for alert, severity in case["alerts"].items():
            if "before" not in case:
                unaided.setdefault(alert, set()).add(severity)
            seen.setdefault(alert, set()).add(severity)
    for alert in ALERTS.values():
        if alert.grade is None:
            assert seen[alert.id] == {str(alert.severity)}
        else:
            assert len(seen[alert.id]) > 1, alert.id
            assert str(alert.severity) in unaided[alert.id], alert.id


def test_no_successful_write_goes_by_in_silence(record: Make):
    for event in WRITES:
        assert classify(record(event)), event


def test_an_alert_says_what_it_means_and_what_to_do_in_sentences():
    for alert in ALERTS.values():
        assert alert.id == alert.id.lower()
        assert not alert.title.endswith(".")
        for sentence in (alert.meaning, alert.response):
            assert sentence.endswith("."), alert.id
            assert "Ensure" not in sentence
        assert set(alert.events) <= {*WRITES, *DATA_WRITES}


def test_the_ids_asked_for_are_there():
    asked = """
        bucket-created bucket-deleted encryption-deleted encryption-changed
        public-access-block-deleted public-access-block-changed public-access-block-weakened
        logging-disabled policy-changed policy-deleted policy-public policy-external-account
        policy-allows-acl-modification acl-changed acl-public replication-changed
        replication-deleted replication-external cors-changed cors-deleted lifecycle-changed
        lifecycle-deleted lifecycle-short-expiration website-configured website-deleted
        versioning-suspended mfa-delete-disabled ownership-changed notification-changed
        tagging-changed object-lock-changed request-payment-changed accelerate-changed
        configuration-changed account-public-access-block-deleted
        account-public-access-block-changed account-public-access-block-weakened
        unclassified-s3-write denied-s3-write
    """
    assert set(asked.split()) <= set(ALERTS)


def test_an_alert_weakens_where_a_safeguard_is_off_and_not_where_a_setting_was_written():
    weakening = {alert.id for alert in ALERTS.values() if alert.weakens}
    assert weakening >= {
        "encryption-deleted", "logging-disabled", "policy-deleted", "replication-deleted",
        "notification-removed", "public-access-block-weakened", "versioning-suspended",
    }  # fmt: skip
    assert not weakening & {
        "policy-changed", "lifecycle-changed", "lifecycle-deleted", "website-configured",
        "unreadable-s3-write", "write-without-tls", "denied-s3-write",
    }  # fmt: skip


def test_techniques_carry_the_id_of_both_attack_versions():
    techniques = {technique for alert in ALERTS.values() for technique in alert.attack}
    assert techniques
    for technique in techniques:
        assert technique.v18.startswith("T1")
        assert not technique.v19.startswith("T1562"), "v19 has no Impair Defenses"
    logging = ALERTS["logging-disabled"].attack[0]
    assert logging.to_dict() == {"v18": "T1562.008", "v19": "T1685.002"}


def test_a_finding_as_a_dict_has_exactly_the_contracts_keys(record: Make):
    (finding,) = classify(record("DeleteBucket"))
    assert finding.to_dict() == {
        "id": "bucket-deleted",
        "title": "Bucket deleted",
        "severity": "high",
        "aspect": "bucket",
        "bucket": BUCKET,
        "actor": "arn:aws:iam::111122223333:role/teams/Storage (session ana)",
        "event_name": "DeleteBucket",
        "event_id": "5a1f0d0e-0000-4000-8000-000000000001",
    }
