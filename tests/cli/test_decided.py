"""``bucketward authorise`` and ``bucketward exempt``: decided by command or by a reviewed file."""

import json

from cli.conftest import BUCKET, MALLORY, OPERATOR_SESSION, PIPELINE, refused, tag, tags, written

FILE = """\
authorisations:
  - id: lifecycles
    actor: arn:aws:iam::{account}:role/Lifecycles
    buckets: acme-*
    aspects: [lifecycle, DeleteBucketPolicy]
    reason: CHG-1
  - id: mallory
    actor: arn:aws:iam::111122223333:user/Mallory
    buckets: acme-data
    aspects: tagging
    end: 2026-03-03
    reason: CHG-2
exemptions:
  - id: EX-1
    bucket: acme-*
    control: bucket_drift
    reason: "[red]moving[/red]"
    approver: ana
    expires: 2026-12-01
"""


def decisions(account):
    items = account.internal("dynamodb").scan(TableName="bucketward-Decisions")["Items"]
    return {(each["kind"]["S"], each["id"]["S"]): json.loads(each["body"]["S"]) for each in items}


def put(account, kind, name, body):
    item = {"kind": {"S": kind}, "id": {"S": name}, "body": {"S": body}}
    account.internal("dynamodb").put_item(TableName="bucketward-Decisions", Item=item)


def test_a_file_is_applied_after_it_was_shown(account, bucketward, tmp_path):
    file = tmp_path / "decisions.yaml"
    file.write_text(FILE)
    apply = ("authorise", "apply", str(file))

    declined = bucketward(*apply, answer="n\n")
    assert (declined.code, decisions(account)) == (1, {})
    assert "+ lifecycles\n    actor: arn:aws:iam::{account}:role/Lifecycles\n" in declined.out
    silent = bucketward(*apply)
    assert (silent.code, "nobody answered; pass --yes" in silent.err) == (2, True)
    ran = bucketward(*apply, answer="y\n")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "Done: add 2.")
    assert set(decisions(account)) == {
        ("authorisation", "lifecycles"), ("authorisation", "mallory"),
    }  # fmt: skip
    assert "nothing was changed" in bucketward(*apply).out

    tag(account, "by mallory")
    account.settle()
    assert tags(account) == {"owner": "by mallory"}, "the authorisation counts"

    file.write_text(FILE.replace("CHG-1", "CHG-9").replace("id: mallory", "id: other"))
    ran = bucketward(*apply, "--yes")
    assert "~ lifecycles\n    reason: CHG-1 -> CHG-9\n" in ran.out
    assert "- mallory\n" in ran.out
    assert ran.out.splitlines()[-1] == "Done: add 1, change 1, remove 1."

    listed = bucketward("authorise", "list")
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == [
        "lifecycles", "other", "AuthorisedRoles-1",
    ]  # fmt: skip


def test_a_section_that_the_file_lacks_is_left_alone(account, bucketward, tmp_path):
    file = tmp_path / "decisions.yaml"
    file.write_text("exemptions: []\n")
    put(account, "authorisation", "kept", "{}")
    ran = bucketward("authorise", "apply", str(file), "--yes")
    assert (ran.code, "has no section authorisations" in ran.out) == (0, True)
    assert set(decisions(account)) == {("authorisation", "kept")}


def test_what_somebody_decided_meanwhile_is_not_overwritten(account, bucketward, tmp_path):
    file = tmp_path / "decisions.yaml"
    file.write_text(FILE)
    ran = bucketward(
        "authorise", "apply", str(file), answer="y\n",
        meanwhile=lambda: put(account, "authorisation", "mallory", '{"by": "ana"}'),
    )  # fmt: skip
    assert ran.code == 2
    assert "was written by another meanwhile" in ran.err
    assert "1 of 2 changes were made; apply the file again." in ran.err
    assert decisions(account)["authorisation", "mallory"] == {"by": "ana"}


def test_a_bad_file_changes_nothing(account, bucketward, tmp_path):
    file = tmp_path / "decisions.yaml"
    for text, sentence in (
        (FILE.replace("tagging", "tagg\x1bing"), "decisions.yaml"),
        (FILE.replace("role/Lifecycles", "role/*"), "would let in everybody"),
        ("nonsense: 1\n", "is no section of it"),
    ):
        file.write_text(text)
        for command in ("authorise", "exempt"):
            ran = bucketward(command, "apply", str(file), "--yes")
            assert refused(ran, sentence)
            assert "\x1b" not in ran.err
    assert refused(bucketward("exempt", "apply", str(tmp_path / "none"), "--yes"), "cannot be read")
    assert written(account) == []


def test_a_change_can_be_tried_out(account, bucketward):
    def tested(*arguments):
        ran = bucketward("authorise", "test", *arguments)
        return ran.code, ran.out.partition(":")[0]

    role = "arn:aws:iam::111122223333:role"
    assert tested(PIPELINE, BUCKET, "policy") == (0, "authorised")
    assert tested(PIPELINE, BUCKET, "public access block") == (0, "authorised")
    assert tested(PIPELINE, BUCKET, "DeleteBucketPolicy") == (0, "authorised")
    assert tested(PIPELINE, "-", "account_public_access_block") == (1, "unauthorised")
    assert tested(MALLORY, BUCKET, "policy") == (1, "unauthorised")
    assert tested("arn:aws:iam::111122223333:root", BUCKET, "policy") == (1, "unauthorised")
    assert tested(f"{role}/pipeline/Deploy".replace("1111", "9999"), BUCKET, "cors")[0] == 1
    linked = f"{role}/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    assert tested(linked, BUCKET, "policy") == (0, "aws-service")
    [own] = [
        each.arn for each in account.wiring.roles.values() if each.logical_id == "ChangeMonitorRole"
    ]
    assert tested(own, BUCKET, "policy") == (0, "self")

    body = {
        "id": "night",
        "actor": MALLORY,
        "buckets": [BUCKET],
        "aspects": ["cors"],
        "reason": "x",
    }
    times = {"start": "2026-03-05T18:00:00Z", "end": "2026-03-05T20:00:00Z"}
    put(account, "authorisation", "night", json.dumps({**body, **times}))
    assert tested(MALLORY, BUCKET, "cors")[0] == 1
    assert tested(MALLORY, BUCKET, "cors", "--at", "2026-03-05T19:00:00Z") == (0, "authorised")
    row = bucketward.json("authorise", "test", PIPELINE, BUCKET, "cors")
    assert row["authorisation"] == "AuthorisedRoles-1"

    for arguments, sentence in (
        (("Deploy", BUCKET, "policy"), "is no role or user; write the whole ARN"),
        ((PIPELINE, BUCKET, "polcy"), "did you mean policy?"),
        ((PIPELINE, "-", "policy"), "name the bucket instead of -"),
        ((PIPELINE, BUCKET, "PutAccountPublicAccessBlock"), "write - for the bucket"),
        ((PIPELINE, "\x1b", "policy"), "is no name of a bucket"),
        ((PIPELINE, BUCKET, "cors", "--at", "now"), "--at is 'now'; write a date"),
    ):
        assert refused(bucketward("authorise", "test", *arguments), sentence)


def test_an_exemption_is_added_listed_heeded_and_removed(account, bucketward):
    add = (
        "exempt",
        "add",
        BUCKET,
        "bucket-drift",
        "--reason",
        "[red]CHG-1[/red]",
        "--expires",
        "30d",
    )
    declined = bucketward(*add, answer="n\n")
    assert (declined.code, decisions(account)) == (1, {})
    ran = bucketward(*add, "--id", "EX-9", answer="y\n")
    assert ran.out.endswith("Exempt, as EX-9.\n")
    assert "[red]CHG-1[/red]" in ran.out
    [row] = bucketward.json("exempt", "list")
    assert (row["approver"], row["control"], row["active"]) == (
        OPERATOR_SESSION, "bucket_drift", True,
    )  # fmt: skip

    tag(account, "mallory")
    account.settle()
    assert tags(account) == {"owner": "mallory"}
    assert account.compliance("bucket_drift", BUCKET) == "NOT_APPLICABLE"

    again = bucketward(*add, "--id", "EX-9", "--yes")
    assert refused(again, "There is an exemption 'EX-9' already")
    account.clock.sleep(31 * 86400)
    assert "(ended)" in bucketward("exempt", "list").out
    assert bucketward("exempt", "remove", "EX-9", answer="n\n").code == 1
    removed = bucketward("exempt", "remove", "EX-9", answer="y\n")
    assert removed.out.endswith("Removed exemption EX-9.\n")
    assert decisions(account) == {}
    assert refused(bucketward("exempt", "remove", "EX-9"), "There is no exemption 'EX-9'")


def test_an_exemption_that_makes_no_sense_is_refused(account, bucketward):
    end = ("--expires", "30d")
    for arguments, sentence in (
        (("acme data", "bucket_drift", "--reason", "a", *end), "holds 'acme data'"),
        ((BUCKET, "bucket_drif", "--reason", "a", *end), "choose one of: "),
        ((BUCKET, "bucket_drift", "--reason", "\x1b", *end), "Your --reason"),
        ((BUCKET, "bucket_drift", "--reason", "a", "--expires", "2020-01-01"), "has passed"),
        ((BUCKET, "bucket_drift", "--reason", "a", *end, "--id", "\x1b"), "id must be text"),
    ):
        ran = bucketward("exempt", "add", *arguments, "--yes")
        assert refused(ran, sentence)
        assert "\x1b" not in ran.err
    assert written(account) == []


def test_a_file_of_exemptions_leaves_those_of_undo_alone(account, bucketward, tmp_path):
    file = tmp_path / "decisions.yaml"
    file.write_text(FILE)
    ran = bucketward("exempt", "apply", str(file), "--yes")
    assert "    reason: [red]moving[/red]\n" in ran.out
    first = decisions(account)["exemption", "EX-1"]
    undone = {**first, "id": "undo-1"}
    put(account, "exemption", "undo-1", json.dumps(undone))
    account.clock.sleep(86400)
    assert "nothing was changed" in bucketward("exempt", "apply", str(file), "--yes").out

    file.write_text("exemptions: []\n")
    ran = bucketward("exempt", "apply", str(file), "--yes")
    assert "undo-1 stays" in ran.out
    assert set(decisions(account)) == {("exemption", "undo-1")}


def test_an_exemption_that_cannot_be_read_can_be_removed(account, bucketward):
    put(account, "exemption", "broken", "{")
    assert refused(bucketward("exempt", "list"), "The exemption broken is not a JSON object")
    put(account, "exemption", "odd", '{"id": "\\u001b"}')
    for name in ("broken", "odd"):
        ran = bucketward("exempt", "remove", name, "--yes")
        assert (ran.code, ran.out.splitlines()[-1]) == (0, f"Removed exemption {name}.")
        assert "\x1b" not in ran.out
    assert decisions(account) == {}
