"""``bucketward journal`` and ``bucketward breaker``: what was reverted, and what stopped."""

from datetime import timedelta

from bucketward.baseline.journal import JournalEntry
from bucketward.baseline.records import Records
from cli.conftest import BUCKET, MALLORY, OPERATOR_SESSION, refused, tag, tags

EVIL = "\x1b[2J\u202e[red]mallory[/red]"


def revert(account, control="bucket_drift", bucket=BUCKET, actor=MALLORY, ago=0):
    entry = JournalEntry(
        time=account.clock.now - timedelta(minutes=ago), account="111122223333", bucket=bucket,
        control=control, before={"tagging": None}, after={"tagging": {"TagSet": []}},
        calls=("PutBucketTagging",), actor=actor, reason="PutBucketTagging was unauthorised",
    )  # fmt: skip
    Records("bucketward-Records").record(entry)
    return entry


def test_the_journal_is_listed_newest_first_and_narrowed(account, bucketward):
    old, new = revert(account, ago=90), revert(account, "bucket_cors", actor=EVIL)
    revert(account, bucket="acme-other", ago=30)

    ran = bucketward("journal", BUCKET)
    assert [line.split()[-1] for line in ran.out.splitlines()[1:]] == [new.id, old.id]
    assert "\\x1b[2J\\u202e[red]mallory[/red]" in ran.out
    assert "\x1b" not in ran.out
    assert len(bucketward.json("journal")) == 3
    recent = bucketward.json("journal", "--since", "1h")
    assert (len(recent), recent[0]["id"]) == (2, new.id)
    [row] = bucketward.json("journal", BUCKET, "--control", "bucket-drift")
    assert (row["id"], row["before"], row["undone_by"]) == (old.id, {"tagging": None}, None)
    assert bucketward("journal", "acme-none").out == "Nothing was reverted.\n"


def test_the_journal_refuses_what_it_does_not_know(account, bucketward):
    assert refused(bucketward("journal", "--control", "nonsense"), "choose one of: ")
    assert refused(bucketward("journal", "--since", "yesterday"), "write a span such as 12h")
    assert refused(bucketward("journal", "\x1b"), "is no name of a bucket")


def test_an_open_breaker_is_listed_until_it_is_closed(account, bucketward):
    assert bucketward("breaker", "list").out == "No breaker is open.\n"
    for ago in (50, 40, 30, 20):
        revert(account, ago=ago)
    close = ("breaker", "close", BUCKET, "bucket_drift", "--reason", "Agreed with Mallory")
    assert refused(
        bucketward(*close), f"The breaker of bucket {BUCKET} and bucket_drift is not open"
    )
    revert(account, actor=EVIL, ago=1)
    revert(account, "bucket_cors")

    [row] = bucketward.json("breaker", "list")
    assert (row["bucket"], row["control"], row["reverts"]) == (BUCKET, "bucket_drift", 5)
    listed = bucketward("breaker", "list")
    assert MALLORY in listed.out
    assert "\x1b" not in listed.out

    tag(account, "mallory")
    account.settle()
    assert tags(account) == {"owner": "mallory"}, "the breaker is open"
    ran = bucketward(*close)
    assert (ran.code, ran.out) == (0, f"Closed: bucket_drift reverts bucket {BUCKET} again.\n")
    assert bucketward.json("breaker", "list") == []
    decided = account.internal("dynamodb").scan(TableName="bucketward-Decisions")["Items"]
    assert OPERATOR_SESSION in decided[0]["body"]["S"]
    assert "Agreed with Mallory" in decided[0]["body"]["S"]
    account.start_remediation("bucket_drift", BUCKET)
    account.settle()
    assert tags(account) == {}


def test_a_breaker_of_nonsense_is_refused(account, bucketward):
    for arguments in (("x", "bucket_drift"), (BUCKET, "../bucket_drift")):
        assert refused(bucketward("breaker", "close", *arguments, "--reason", "a"), "no ")
