"""``bucketward scan``: what it says, what it asks AWS, and what it makes of failures."""

import json
from collections import Counter

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.retries.bucket import TokenBucket

from bucketward import Bucket
from bucketward_tools.catalogue import controls
from scan.conftest import ACCOUNT, ALL_ON, READS, REGION

KEYS = {"bucket", "control", "compliance", "severity", "annotation"}
BLOCK = ("--control", "bucket_public_access_block")
OF_BUCKETS = {stem for stem, each in controls().items() if each.rule.subject is Bucket} - {
    "bucket_drift"
}


def test_every_bucket_gets_a_row_of_every_control(rows, make):
    make("acme-data", "acme-logs")
    found = rows()
    assert found.code == 1
    assert all(set(row) == KEYS for row in found.rows)
    by_bucket = Counter(row["bucket"] for row in found.rows)
    assert by_bucket["acme-data"] == by_bucket["acme-logs"] == len(OF_BUCKETS)
    assert {row["control"] for row in found.rows if row["bucket"] == "acme-data"} == OF_BUCKETS
    assert [row["control"] for row in found.rows if row["bucket"] == ACCOUNT] == [
        "account_public_access_block"
    ]


def test_compliant_is_exit_code_0_and_anything_else_1(rows, make):
    make("acme-data")
    assert rows(*BLOCK).code == 0
    make("acme-open", BlockPublicPolicy=False)
    found = rows(*BLOCK)
    assert found.code == 1
    assert [(row["bucket"], row["compliance"], row["severity"]) for row in found.rows] == [
        ("acme-data", "COMPLIANT", "high"),
        ("acme-open", "NON_COMPLIANT", "high"),
    ]
    assert "BlockPublicPolicy" in found.rows[1]["annotation"]


def test_not_applicable_is_fine(rows, make):
    make("acme-data")
    found = rows("--control", "bucket_tagging")
    assert ([row["compliance"] for row in found.rows], found.code) == (["NOT_APPLICABLE"], 0)


def test_nothing_is_written(run, make, aws):
    make("acme-data")
    for form in ("table", "json", "csv", "html", "ocsf", "sarif"):
        run("scan", "--format", form)
    assert all(name.startswith(READS) for name in aws.operations())


def test_a_pattern_chooses_buckets_and_asks_for_no_others(rows, make, aws):
    make("acme-data", "acme-logs", "other")
    found = rows("--bucket", "acme-*", *BLOCK)
    assert {row["bucket"] for row in found.rows} == {"acme-data", "acme-logs"}
    assert ("ListBuckets", {"MaxBuckets": 1000, "Prefix": "acme-"}) in [
        call[:2] for call in aws.calls
    ]
    assert aws.of("other") == []


def test_a_named_bucket_is_found_without_listing_the_account(rows, make, aws):
    make("acme-data")
    aws.answers["ListBuckets"] = "AccessDenied"
    found = rows("--bucket", "acme-data", *BLOCK)
    assert (len(found.rows), found.code) == (1, 0)
    assert aws.of("acme-data") == ["HeadBucket", "GetPublicAccessBlock"]


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("acme-lost", "bucketward: Bucket acme-lost does not exist.\n"),
        ("lost-*", f"bucketward: No bucket of account {ACCOUNT} matches 'lost-*'.\n"),
    ],
)
def test_what_does_not_exist_is_a_sentence_and_exit_code_2(rows, make, pattern, sentence):
    make("acme-data")
    found = rows("--bucket", pattern, "--bucket", "acme-data", *BLOCK)
    assert found.err.startswith(sentence)
    assert ([row["bucket"] for row in found.rows], found.code) == (["acme-data"], 2)


def test_an_unreadable_bucket_is_one_row_per_control(rows, make, aws):
    make("acme-data", "acme-shut")
    for name in ("PublicAccessBlock", "BucketVersioning"):
        aws.answers[f"Get{name}", "acme-shut"] = "AccessDenied"
    found = rows("--control", "bucket_public_access_block", "--control", "bucket_versioning")
    shut = [row for row in found.rows if row["bucket"] == "acme-shut"]
    assert [(row["control"], row["compliance"]) for row in shut] == [
        ("bucket_public_access_block", "ERROR"),
        ("bucket_versioning", "ERROR"),
    ]
    assert shut[0]["annotation"] == "Not judged: GetPublicAccessBlock said AccessDenied: told so."
    assert found.code == 2
    assert len(found.rows) == 4


def test_one_unreadable_aspect_spoils_only_the_controls_that_look_at_it(rows, make, aws):
    make("acme-data")
    aws.answers["GetBucketPolicy"] = "AccessDenied"
    found = rows()
    failed = {row["control"] for row in found.rows if row["compliance"] == "ERROR"}
    assert failed
    assert all("policy" in [a.name for a in controls()[stem].rule.reads] for stem in failed)
    assert aws.of("acme-data").count("GetBucketPolicy") == 1, "a refusal is not asked for again"


def test_a_bucket_deleted_meanwhile_is_not_applicable(rows, make, aws):
    make("acme-data", "acme-gone")
    aws.answers["GetPublicAccessBlock", "acme-gone"] = "NoSuchBucket"
    found = rows(*BLOCK)
    gone = [row for row in found.rows if row["bucket"] == "acme-gone"]
    assert [row["compliance"] for row in gone] == ["NOT_APPLICABLE"]
    assert "deleted since the scan began" in gone[0]["annotation"]
    assert found.code == 0


def test_throttling_is_waited_out(rows, make, aws, monkeypatch):
    make("acme-data")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(TokenBucket, "acquire", lambda *_, **__: True)
    aws.throttled["publicAccessBlock"] = 3
    assert rows(*BLOCK).code == 0
    assert aws.throttled["publicAccessBlock"] == 0


def test_throttling_without_end_is_an_error_row(rows, make, aws, monkeypatch):
    make("acme-data")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(TokenBucket, "acquire", lambda *_, **__: True)
    aws.throttled["publicAccessBlock"] = 1000
    found = rows(*BLOCK)
    assert (found.rows[0]["compliance"], found.code) == ("ERROR", 2)
    assert "SlowDown" in found.rows[0]["annotation"]


def listing(**regions):
    def listed(given):
        wanted = given.get("BucketRegion")
        found = [
            {"Name": name.replace("_", "-"), "BucketRegion": region}
            for name, region in regions.items()
            if wanted in {None, region}
        ]
        return {"Buckets": found}

    return listed


def test_a_bucket_is_read_at_its_own_regions_endpoint(rows, make, aws):
    make("acme-here")
    make("acme-there", region="us-west-2")
    aws.answers["ListBuckets"] = listing(acme_here=REGION, acme_there="us-west-2")
    assert rows(*BLOCK).code == 0
    reads = {(given["Bucket"], region) for name, given, region in aws.calls if "Block" in name}
    assert reads == {("acme-here", REGION), ("acme-there", "us-west-2")}


def test_only_buckets_of_the_regions_asked_for_are_judged(rows, make, aws):
    make("acme-here")
    make("acme-there", region="us-west-2")
    aws.answers["ListBuckets"] = listing(acme_here=REGION, acme_there="us-west-2")
    found = rows("--region", "us-west-2", *BLOCK)
    assert [row["bucket"] for row in found.rows] == ["acme-there"]
    aws.calls.clear()
    found = rows("--region", "us-west-2", "--region", REGION, *BLOCK)
    assert len(found.rows) == 2
    listings = [
        (given["BucketRegion"], region)
        for name, given, region in aws.calls
        if name == "ListBuckets"
    ]
    # S3 refuses to list the buckets of another Region than the endpoint's.
    assert listings == [("us-west-2", "us-west-2"), (REGION, REGION)]


def test_a_region_that_the_endpoint_does_not_tell_costs_no_call(rows, make, aws):
    make("acme-data")
    rows(*BLOCK)
    assert aws.of("acme-data") == ["GetPublicAccessBlock"]


ASKED_FOR = [
    "GetBucketAcl", "GetBucketOwnershipControls", "GetBucketCors", "GetBucketEncryption",
    "GetBucketLifecycleConfiguration", "GetBucketLogging", "GetBucketNotificationConfiguration",
    "GetBucketPolicy", "GetBucketReplication", "GetBucketRequestPayment", "GetBucketVersioning",
    "GetBucketTagging", "GetBucketWebsite", "GetObjectLockConfiguration", "GetPublicAccessBlock",
]  # fmt: skip


def test_300_buckets_cost_each_the_same_few_calls(rows, make, aws):
    """Answered here and not by moto, which takes ten times as long."""
    names = [f"acme-{number:03}" for number in range(300)]
    regions = dict.fromkeys((name.replace("-", "_") for name in names), REGION)
    aws.answers["ListBuckets"] = listing(**regions)
    for operation in ASKED_FOR:
        aws.answers[operation] = {}
    aws.answers["GetBucketAcl"] = {"Owner": {"ID": "a"}, "Grants": []}
    found = rows("--control", "bucket_*", "--severity", "low", "--failing")
    assert len({row["bucket"] for row in found.rows}) == 300
    first = sorted(aws.of(names[0]))
    assert len(first) == len(set(first)), "each aspect once"
    assert set(first) <= set(ASKED_FOR)
    assert all(sorted(aws.of(name)) == first for name in names)
    others = [name for name, given, _ in aws.calls if "Bucket" not in given]
    assert sorted(others) == ["GetCallerIdentity", "ListBuckets"]
    assert [row["bucket"] for row in found.rows] == sorted(row["bucket"] for row in found.rows)


def test_an_aspect_that_no_rule_looks_at_is_not_read(rows, make, aws):
    make("acme-data")
    rows("--control", "bucket_mfa_delete")
    assert aws.of("acme-data") == ["GetBucketVersioning"], "nor tags nor lifecycle matter"
    aws.calls.clear()
    rows("--control", "bucket_mfa_delete", "--parameter", "requiredBuckets=*")
    assert aws.of("acme-data") == ["GetBucketVersioning", "GetBucketLifecycleConfiguration"]


def test_parameters_are_those_of_the_framework_and_of_the_command_line(rows, make):
    make("acme-data")
    only = ("--control", "bucket_mfa_delete")
    assert rows(*only).rows[0]["compliance"] == "NOT_APPLICABLE"
    assert rows(*only, "--framework", "cis").rows[0]["compliance"] == "NON_COMPLIANT"
    given = ("--parameter", "bucket_mfa_delete.requiredBuckets=other-*")
    assert rows(*only, "--framework", "cis", *given).rows[0]["compliance"] == "NOT_APPLICABLE"


def test_a_framework_asks_only_for_its_own(rows, make):
    make("acme-data")
    found = rows("--framework", "cis-5.0", "--bucket", "acme-data")
    assert {row["control"] for row in found.rows} == {
        "bucket_logging", "bucket_mfa_delete", "bucket_public_access_block",
        "bucket_secure_transport",
    }  # fmt: skip


def test_severity_is_the_least(rows, make):
    make("acme-data")
    assert {row["severity"] for row in rows("--severity", "critical").rows} == {"critical"}
    assert {row["severity"] for row in rows("--severity", "high").rows} == {"critical", "high"}


def test_what_is_beyond_s3_is_judged_where_it_is_asked_for(rows, make, aws):
    make("acme-data")
    found = rows("--control", "account_config_recording", "--control", "account_cloudtrail*")
    assert {(row["bucket"], row["control"]) for row in found.rows} == {
        (ACCOUNT, "account_config_recording"),
        (ACCOUNT, "account_cloudtrail_data_events"),
    }
    assert "ListBuckets" not in aws.operations()


def test_a_missing_permission_for_the_account_is_a_row(rows, make, aws):
    make("acme-data")
    aws.answers["DescribeConfigurationRecorders"] = "AccessDeniedException"
    found = rows("--control", "account_config_recording")
    assert [(row["bucket"], row["compliance"]) for row in found.rows] == [(ACCOUNT, "ERROR")]
    assert found.code == 2


def test_access_points_are_judged_by_name(rows, make, aws):
    make("acme-data")
    control = boto3.client("s3control", region_name=REGION)
    for name, block in (("open", {**ALL_ON, "BlockPublicAcls": False}), ("shut", ALL_ON)):
        control.create_access_point(
            AccountId=ACCOUNT, Name=name, Bucket="acme-data", PublicAccessBlockConfiguration=block
        )
    found = rows("--control", "access_point_public_access_block")
    assert {row["bucket"]: row["compliance"] for row in found.rows} == {
        "open": "NON_COMPLIANT",
        "shut": "COMPLIANT",
    }
    aws.answers["ListAccessPoints"] = "AccessDenied"
    found = rows("--control", "access_point_public_access_block")
    assert [(row["bucket"], row["compliance"]) for row in found.rows] == [(ACCOUNT, "ERROR")]


def test_a_named_bucket_leaves_the_account_out(rows, make):
    make("acme-data")
    assert {row["bucket"] for row in rows("--bucket", "acme-data").rows} == {"acme-data"}


def test_the_accounts_id_may_be_given_where_sts_is_out_of_reach(rows, make, aws):
    make("acme-data")
    aws.answers["GetCallerIdentity"] = EndpointConnectionError(endpoint_url="https://sts")
    found = rows(*BLOCK)
    assert (found.code, found.rows) == (2, [])
    assert "--account" in found.err
    assert rows("--account", ACCOUNT, *BLOCK).code == 0
    assert aws.calls[-1][1]["ExpectedBucketOwner"] == ACCOUNT


def test_several_accounts_are_scanned_by_role(rows, make, aws):
    make("acme-data")
    roles = [f"arn:aws:iam::{number * 12}:role/audit" for number in "12"]
    found = rows("--role-arn", roles[0], "--role-arn", roles[1], *BLOCK)
    assumed = [given["RoleArn"] for name, given, _ in aws.calls if name == "AssumeRole"]
    assert assumed == roles
    aws.answers["AssumeRole"] = lambda given: (
        "AccessDenied" if given["RoleArn"] == roles[0] else None
    )
    found = rows("--role-arn", roles[0], "--role-arn", roles[1], *BLOCK)
    assert found.code == 2
    assert found.err.startswith(f"bucketward: {roles[0]} was not scanned: ")


def test_an_account_without_buckets_is_fine(rows):
    found = rows("--control", "bucket_versioning")
    assert (found.rows, found.code) == ([], 0)


def test_a_refused_listing_is_one_sentence(run, aws):
    aws.answers["ListBuckets"] = "AccessDenied"
    ran = run("scan", "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("bucketward: AWS refused ListBuckets with AccessDenied")
    assert ran.err.count("\n") == 1


def test_an_expired_token_is_one_sentence(run, aws):
    aws.answers["GetCallerIdentity"] = "ExpiredToken"
    ran = run("scan")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "bucketward: AWS does not accept your credentials (ExpiredToken); log in again.\n"
    )


def test_a_profile_comes_before_the_keys_of_the_environment(rows, aws, tmp_path, monkeypatch):
    keys = "aws_access_key_id = OF-THE-PROFILE\naws_secret_access_key = b\n"
    (tmp_path / "config").write_text(f"[profile audit]\nregion = {REGION}\n{keys}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OF-THE-ENVIRONMENT")
    used = []

    def asked(given):
        session = boto3.DEFAULT_SESSION
        used.append((session.get_credentials().access_key, session.region_name))

    aws.answers["GetCallerIdentity"] = asked
    assert rows("--profile", "audit", *BLOCK).code == 0
    assert rows(*BLOCK, "--profile", "audit", "--region", "us-west-2").code == 0
    assert used == [("OF-THE-PROFILE", REGION), ("OF-THE-PROFILE", "us-west-2")]


def test_a_shell_completes_the_names_of_buckets(make, run, monkeypatch):
    make("acme-data", "acme-logs", "other")
    monkeypatch.setenv("_BUCKETWARD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "bucketward plan acme-")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run().out.split() == ["acme-data", "acme-logs"]


BAD = [
    (("--control", "bucket_nonsense"), "There is no control 'bucket_nonsense'"),
    (("--framework", "iso"), "There is no framework 'iso'"),
    (("--severity", "bad"), "choose one of: low, medium, high, critical"),
    (("--parameter", "nonsense"), "not of the form CONTROL.NAME=VALUE"),
    (("--parameter", "bucket_logging.colour=red"), "bucket_logging has no parameter 'colour'"),
    (("--parameter", "bucket_x.y=z"), "there is none"),
    (("--bucket", "acme/data"), "neither a bucket's name nor a pattern"),
    (("--account", "12"), "12 digits"),
    (("--endpoint-url", "localhost:5000"), "--endpoint-url is 'localhost:5000'"),
    (("--output-file", "/does/not/exist/x"), "Cannot write /does/not/exist/x"),
    (("--stack", "b", "--role-arn", "r"), "--stack is of one account"),
    (("--control", "account_config_recording", "--framework", "cis-3.0"), "No control is left"),
    (("--profile", "nobody"), "nobody"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD, ids=lambda each: str(each)[:40])
def test_bad_usage_is_one_sentence_and_exit_code_2(run, arguments, sentence):
    ran = run("scan", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_an_unknown_format_is_bad_usage(run):
    ran = run("scan", "--format", "xml")
    assert ran.code == 2
    assert "xml" in ran.err


def test_a_failed_scan_leaves_the_file_as_it_was(run, aws, tmp_path):
    file = tmp_path / "report.json"
    file.write_text("before")
    aws.answers["ListBuckets"] = "AccessDenied"
    assert run("scan", "--format", "json", "--output-file", str(file)).code == 2
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_report_goes_to_a_file(run, make, tmp_path):
    make("acme-data")
    file = tmp_path / "report.json"
    ran = run("scan", "--format", "json", "--output-file", str(file), *BLOCK)
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(file.read_text())[0]["bucket"] == "acme-data"


def test_plain_lines_tell_of_progress_where_there_is_no_terminal(run, make, monkeypatch):
    make("acme-data", "acme-logs")
    monkeypatch.setattr("bucketward_tools.cli.progress._PAUSE", 0.0)
    ran = run("scan", *BLOCK)
    first, *_, last = ran.err.splitlines()
    assert first.startswith("bucketward: 1 of 2 buckets, ")
    assert first.endswith(" s left")
    assert last.startswith("bucketward: 2 buckets: 2 COMPLIANT. ")
    assert "\x1b" not in ran.err
