"""``bucketward approve``: what was seen becomes what is approved, in one's own name."""

from cli.conftest import BUCKET, OPERATOR_SESSION, refused, tag, tags, written


def test_what_is_approved_is_not_drift_any_more(account, bucketward):
    tag(account, "mallory")

    ran = bucketward("approve", BUCKET, "--reason", "CHG-1: as agreed", answer="y\n")

    assert ran.code == 0, ran.err
    assert '+      "Value": "mallory"' in ran.out
    assert f"Approve the tagging of bucket {BUCKET} as {OPERATOR_SESSION}? [y/N]" in ran.err
    assert ran.out.endswith(f"Approved by {OPERATOR_SESSION}: tagging.\n")
    account.settle()
    assert tags(account) == {"owner": "mallory"}, "nothing reverted it"
    assert account.compliance("bucket_drift", BUCKET) == "COMPLIANT"
    [first, *_] = bucketward.json("baseline", "history", BUCKET, "--aspect", "tagging")
    assert (first["approved by"], first["why"]) == (OPERATOR_SESSION, "CHG-1: as agreed")


def test_approved_is_what_was_shown_even_if_it_is_changed_meanwhile(account, bucketward):
    tag(account, "agreed")

    ran = bucketward(
        "approve", BUCKET, "--reason", "CHG-1", answer="y\n",
        meanwhile=lambda: tag(account, "smuggled"),
    )  # fmt: skip

    assert ran.code == 0, ran.err
    assert bucketward("baseline", "diff", BUCKET).code == 1
    account.settle()
    assert tags(account) == {"owner": "agreed"}


def test_nothing_is_approved_without_a_yes(account, bucketward):
    tag(account, "mallory")
    account.events.clear()

    declined = bucketward("approve", BUCKET, "--reason", "CHG-1", answer="n\n")
    assert (declined.code, declined.err.endswith("Nothing was changed.\n")) == (1, True)
    silent = bucketward("approve", BUCKET, "--reason", "CHG-1")
    assert silent.code == 2
    assert "as nobody answered; pass --yes" in silent.err

    assert written(account) == []
    assert bucketward("baseline", "diff", BUCKET).code == 1


def test_only_the_aspects_that_are_named_are_approved(account, bucketward):
    tag(account, "mallory")
    ran = bucketward("approve", BUCKET, "--aspect", "CORS", "--reason", "CHG-1", "--yes")
    assert ran.out.endswith(": cors.\n")
    assert "cors: now as before" in ran.out
    assert bucketward("baseline", "diff", BUCKET).code == 1


def test_there_may_be_nothing_to_approve(account, bucketward):
    account.events.clear()
    ran = bucketward("approve", BUCKET, "--reason", "CHG-1")
    assert (
        ran.out == f"Bucket {BUCKET} is as approved in every aspect; there is nothing to approve.\n"
    )
    assert written(account) == []


def test_a_reason_must_be_given_and_be_printable(account, bucketward):
    tag(account, "mallory")
    account.events.clear()
    missing = bucketward("approve", BUCKET, "--yes")
    assert (missing.code, "--reason" in missing.err) == (2, True)
    for reason in ("", " \n", "\x1b[2J", "a\u202eb", "x" * 501):
        ran = bucketward("approve", BUCKET, "--yes", "--reason", reason)
        assert refused(ran, "Your --reason")
        assert "\x1b" not in ran.err
    assert written(account) == []


def test_an_approval_that_another_overtook_is_told_of(account, bucketward):
    tag(account, "mallory")

    def overtake():
        account.clock.sleep(60)
        assert other("approve", BUCKET, "--reason", "CHG-2", "--yes").code == 0
        account.clock.sleep(60)

    from cli.conftest import Operator

    other = Operator(account)
    ran = bucketward("approve", BUCKET, "--reason", "CHG-1", answer="y\n", meanwhile=overtake)
    assert ran.code == 2
    assert "was changed and approved by another meanwhile" in ran.err
