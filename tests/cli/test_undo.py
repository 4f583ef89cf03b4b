"""``bucketward undo``: what a revert took away comes back, and nothing fights over it."""

import json

import pytest

from bucketward.baseline.journal import JournalEntry
from bucketward.baseline.records import Records
from cli.conftest import (
    BUCKET,
    MALLORY,
    OPERATOR_SESSION,
    PIPELINE,
    Operator,
    create,
    refused,
    tag,
    tags,
    written,
)
from cli.test_baseline import PUBLIC

EVIL = "\x1b[2J\u202e[red]x[/red]"


@pytest.fixture
def reverted(account, bucketward):
    """Return the id of a revert of drift."""
    tag(account, "mallory")
    account.settle()
    assert tags(account) == {}
    account.events.clear()
    return bucketward.json("journal")[0]["id"]


def test_an_undone_revert_of_drift_stays_undone(account, bucketward, reverted):
    ran = bucketward("undo", reverted, "--reason", "CHG-1", answer="y\n")

    assert ran.code == 0, ran.err
    assert f"bucket_drift reverted bucket {BUCKET}" in ran.out
    assert "--- tagging now\n+++ tagging before the revert\n" in ran.out
    assert '+      "Value": "mallory"' in ran.out
    assert "bucket_drift: Exempt until 2026-03-02 10:1" in ran.out
    assert "Approved in your name: tagging." in ran.out
    operations = written(account)
    assert operations.index("PutItem") < operations.index("PutBucketTagging"), "exempt first"
    account.settle()
    account.clock.sleep(3 * 3600)  # the exemption has ended
    account.schedule("bucket_drift")
    account.settle()
    assert tags(account) == {"owner": "mallory"}
    assert account.compliance("bucket_drift", BUCKET) == "COMPLIANT"
    [entry] = bucketward.json("journal")
    assert entry["undone_by"] == OPERATOR_SESSION
    again = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")
    assert refused(again, f"was undone already, by {OPERATOR_SESSION}")


def test_nothing_is_undone_without_a_yes_or_with_bad_input(account, bucketward, reverted):
    declined = bucketward("undo", reverted, "--reason", "CHG-1", answer="n\n")
    assert declined.code == 1
    for arguments, sentence in (
        ((reverted, "--reason", "\x1b"), "Your --reason"),
        ((reverted, "--reason", "a", "--expires", "2020-01-01"), "which has passed"),
        ((reverted, "--reason", "a", "--expires", "soon"), "write a span"),
        (("nonsense\x1b", "--reason", "a"), "is not the id of a journal entry"),
        (
            (f"20260102T030405.000000Z-1f2e3d4c-{BUCKET}", "--reason", "a"),
            "The journal has no entry",
        ),
    ):
        assert refused(bucketward("undo", *arguments, "--yes"), sentence)
    assert "--reason" in bucketward("undo", reverted, "--yes").err
    assert written(account) == []
    assert bucketward.json("exempt", "list") == []


def test_a_bucket_that_was_changed_since_is_left_as_it_is(account, bucketward, reverted):
    tag(account, "other")
    ran = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")
    assert refused(ran, f"The tagging of bucket {BUCKET} is no longer as the revert left it")
    assert tags(account) == {"owner": "other"}

    account.settle()
    account.clock.sleep(60)
    tag(account, "ana", PIPELINE)
    account.settle()
    ran = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")
    assert refused(ran, f"Last changed by {PIPELINE}")
    assert written(account) == []
    assert tags(account) == {"owner": "ana"}


def test_what_changes_while_one_looks_is_not_overwritten(account, bucketward, reverted):
    ran = bucketward(
        "undo", reverted, "--reason", "CHG-1", answer="y\n", meanwhile=lambda: tag(account, "other")
    )
    assert ran.code == 2
    assert "is no longer as the revert left it" in ran.err
    assert tags(account) == {"owner": "other"}
    assert bucketward.json("exempt", "list") == [], "what was not needed is gone again"


def test_a_revert_under_way_is_waited_for(account, bucketward, reverted):
    Records("bucketward-Records", lambda: account.clock.now).acquire(
        BUCKET, "bucket_drift", 240, "function"
    )
    ran = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")
    assert refused(ran, f"A revert of bucket {BUCKET} by bucket_drift is under way")
    assert bucketward.json("exempt", "list") == []
    account.clock.sleep(300)
    assert bucketward("undo", reverted, "--reason", "CHG-1", "--yes").code == 0


@pytest.mark.parametrize(
    ("operation", "at"),
    [("PutBucketTagging", "written"), ("GenerateMac", "approved"), ("UpdateItem", "marked")],
)
def test_an_undo_that_died_is_not_fought_over_and_is_finished_by_another(
    account, bucketward, reverted, operation, at
):
    account.fail(operation, "AccessDenied", times=1)
    ran = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")
    assert ran.code == 2, f"not {at}"
    before = tags(account)
    account.settle()
    assert tags(account) == before, "nobody reverted it"

    ran = bucketward("undo", reverted, "--reason", "CHG-1", "--yes")

    assert ran.code == 0, ran.err
    account.settle()
    assert tags(account) == {"owner": "mallory"}
    assert bucketward("baseline", "diff", BUCKET).code == 0


def test_what_other_controls_would_revert_is_exempt_from_them_as_well(open_account):
    account = open_account(("bucket_drift", "bucket_policy_public"))
    bucketward = Operator(account)
    create(account).delete_public_access_block(Bucket=BUCKET)
    account.settle()
    account.clock.sleep(60)
    account.client("s3", MALLORY).put_bucket_policy(Bucket=BUCKET, Policy=PUBLIC)
    account.settle()
    assert account.snapshot(BUCKET)["policy"] is None
    entries = bucketward.json("journal", "--since", "1h")
    entry = next(each for each in entries if each["before"].get("policy"))

    ran = bucketward("undo", entry["id"], "--reason", "CHG-2", "--expires", "2d", "--yes")

    assert ran.code == 0, ran.err
    exempt = {each["control"] for each in bucketward.json("exempt", "list")}
    assert exempt == {"bucket_policy_public", "bucket_drift"}
    account.settle()
    account.schedule("bucket_drift")
    account.settle()
    assert json.loads(account.snapshot(BUCKET)["policy"]) == json.loads(PUBLIC)


def test_what_others_wrote_is_shown_inert(account, bucketward):
    entry = JournalEntry(
        time=account.clock.now, account="111122223333", bucket=BUCKET, control="bucket_drift",
        before={"tagging": {"TagSet": [{"Key": "a", "Value": EVIL}]}}, after={"tagging": None},
        actor=EVIL, reason=EVIL,
    )  # fmt: skip
    Records("bucketward-Records").record(entry)
    ran = bucketward("undo", entry.id, "--reason", "[bold]CHG-1[/bold]", answer="n\n")
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err
    assert "after a change by \\x1b[2J\\u202e[red]x[/red]." in ran.out
    assert '+      "Value": "\\u001b[2J\\u202e[red]x[/red]"' in ran.out
    assert "[bold]CHG-1[/bold]" in ran.out


def test_a_journal_entry_about_no_aspect_is_refused(account, bucketward):
    entry = JournalEntry(
        time=account.clock.now, account="111122223333", bucket=BUCKET, control="bucket_drift",
        before={"nonsense": None}, after={"nonsense": None},
    )  # fmt: skip
    Records("bucketward-Records").record(entry)
    assert refused(bucketward("undo", entry.id, "--reason", "a", "--yes"), "which is no aspect")
