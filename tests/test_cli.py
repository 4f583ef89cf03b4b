"""The command line through its real entry point: what it prints, and where it fails."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.main import get_command

from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.cli.app import app as typer_app

app = get_command(typer_app)
BUCKETWARD = Path(sys.executable).with_name("bucketward")


KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


def run(
    *arguments: str, stdin: str | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command; an environment is given without what it inherits of AWS."""
    own = {name: each for name, each in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [BUCKETWARD, *arguments],
        input=stdin, capture_output=True, text=True, check=False,
        env=None if environment is None else {**own, **environment},
    )  # fmt: skip


def item(**supplementary) -> dict:
    return {
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "acme-data",
        "ARN": "arn:aws:s3:::acme-data",
        "awsAccountId": "111122223333",
        "awsRegion": "eu-central-1",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
        "supplementaryConfiguration": {
            "BucketVersioningConfiguration": {"status": "Off", "isMfaDeleteEnabled": None},
            "BucketLoggingConfiguration": {
                "destinationBucketName": "acme-logs",
                "logFilePrefix": None,
            },
            **supplementary,
        },
    }


def event(**envelope) -> dict:
    message = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": item()}
    return {"invokingEvent": json.dumps(message), "ruleParameters": "{}", **envelope}


def as_history(item: dict) -> dict:
    parts = {key: json.dumps(part) for key, part in item["supplementaryConfiguration"].items()}
    return {**item, "supplementaryConfiguration": parts, "configurationItemCaptureTime": 1.7e9}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(event(), id="the event of a rule"),
        pytest.param(json.loads(event()["invokingEvent"]), id="the invoking event"),
        pytest.param(item(), id="a bare item"),
        pytest.param(as_history(item()), id="an item of the history API"),
    ],
)
def test_evaluate_takes_every_form_of_an_event(given, tmp_path):
    file = tmp_path / "event.json"
    file.write_text(json.dumps(given))
    ran = run("evaluate", str(file), "--control", "bucket_versioning", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "control": "bucket_versioning",
        "resource_id": "acme-data",
        "compliance": "NON_COMPLIANT",
        "annotation": "Versioning was never enabled.",
    }


def test_evaluate_reads_standard_input_and_prints_a_line_for_people():
    ran = run("evaluate", "-", "--control", "bucket_logging", stdin=json.dumps(item()))
    assert ran.stdout == "COMPLIANT  acme-data  The access log goes to acme-logs.\n"


def test_evaluate_takes_parameters_of_the_event_and_of_the_command_line():
    given = event(ruleParameters=json.dumps({"targetBuckets": "acme-logs"}))
    arguments = ["evaluate", "-", "--control", "bucket_logging"]
    assert run(*arguments, stdin=json.dumps(given)).stdout.startswith("COMPLIANT")
    overridden = run(*arguments, "--parameter", "targetBuckets=other", stdin=json.dumps(given))
    assert overridden.stdout.startswith("NON_COMPLIANT")


def test_a_deleted_bucket_is_not_applicable():
    gone = {**item(), "configurationItemStatus": "ResourceDeleted"}
    ran = run("evaluate", "-", "--control", "bucket_logging", stdin=json.dumps(gone))
    assert ran.stdout.startswith("NOT_APPLICABLE")


BAD = [
    (["evaluate", "-"], "{", "- is not JSON"),
    (["evaluate", "-"], "[]", "The event is not a JSON object."),
    (["evaluate", "-"], "{}", "not an AWS Config event"),
    (["evaluate", "-"], json.dumps({"messageType": "Nonsense"}), "The message type is 'Nonsense'"),
    (["evaluate", "-"], json.dumps({"invokingEvent": "{"}), "invokingEvent is not JSON"),
    (["evaluate", "-"], json.dumps({"resourceType": "AWS::S3::Bucket"}), "has no resourceId"),
    (["evaluate", "/does/not/exist"], "", "Cannot read /does/not/exist"),
    (
        ["evaluate", "-", "--parameter", "nonsense"],
        json.dumps(item()),
        "not of the form NAME=VALUE",
    ),
    (["evaluate", "-", "--parameter", "a=b"], json.dumps(item()), "has no parameter 'a'"),
    (["evaluate", "-"], "\0" * 3, "is not JSON"),
    (["evaluate", "-"], "[" * 100_000, "is not JSON"),
]


@pytest.mark.parametrize(("arguments", "stdin", "sentence"), BAD)
def test_bad_input_is_one_sentence_on_stderr_and_exit_status_2(arguments, stdin, sentence):
    ran = run(*arguments, "--control", "bucket_logging", stdin=stdin)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert "Traceback" not in ran.stderr


def test_an_unknown_control_is_answered_with_the_known_ones():
    ran = run("evaluate", "-", "--control", "../x", stdin="{}")
    assert ran.returncode == 2
    assert "choose one of: " + ", ".join(controls()) in ran.stderr


def test_an_unread_aspect_is_no_verdict():
    bare = {**item(), "supplementaryConfiguration": {}}
    ran = run("evaluate", "-", "--control", "bucket_versioning", stdin=json.dumps(bare))
    assert ran.returncode == 2
    assert "versioning of bucket acme-data was not read" in ran.stderr


def test_an_account_is_not_read_offline_and_the_sentence_says_so():
    ran = run("evaluate", "-", "--control", "account_config_recording", stdin=json.dumps(event()))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "judges the account as it is" in ran.stderr
    assert "not read offline" in ran.stderr


def test_an_access_point_is_judged_by_its_item():
    flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"]
    configuration = {"PublicAccessBlockConfiguration": dict.fromkeys(flags, True)}
    point = {**item(), "resourceType": "AWS::S3::AccessPoint", "configuration": configuration}
    name = "access_point_public_access_block"
    ran = run("evaluate", "-", "--control", name, "--format", "json", stdin=json.dumps(point))
    assert json.loads(ran.stdout)["compliance"] == "NON_COMPLIANT"
    assert "RestrictPublicBuckets off" in ran.stdout
    unread = {**point, "configuration": {}}
    ran = run("evaluate", "-", "--control", name, stdin=json.dumps(unread))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "was not read" in ran.stderr


def test_an_oversized_event_says_where_to_get_the_item():
    summary = {key: value for key, value in item().items() if key != "supplementaryConfiguration"}
    oversized = {
        "messageType": "OversizedConfigurationItemChangeNotification",
        "configurationItemSummary": summary,
    }
    ran = run("evaluate", "-", "--control", "bucket_logging", stdin=json.dumps(oversized))
    assert ran.returncode == 2
    assert "get-resource-config-history" in ran.stderr


PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*",
        }
    ],
}


def test_policy_judges_a_document():
    arguments = ["policy", "-", "--account", "111122223333", "--bucket", "b", "--format", "json"]
    judged = json.loads(run(*arguments, stdin=json.dumps(PUBLIC)).stdout)
    assert judged["valid"]
    assert judged["public"]
    assert judged["public_read"]
    assert not judged["public_write"]
    assert not judged["tls_enforced"]
    assert judged["reasons"]


def test_policy_refuses_an_account_that_is_none():
    ran = run("policy", "-", "--account", "1111-2222-3333", stdin="{}")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "'1111-2222-3333' is not an account id of twelve digits" in ran.stderr


def test_policy_says_why_a_document_is_invalid():
    arguments = ["policy", "-", "--account", "111122223333", "--format", "json"]
    judged = json.loads(run(*arguments, stdin='{"Statement": 1}').stdout)
    assert judged["valid"] is False
    assert "public" not in judged
    assert judged["reasons"]


def test_classify_lists_alerts():
    record = {
        "eventVersion": "1.10",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketVersioning",
        "eventTime": "2026-01-01T00:00:00Z",
        "eventID": "1",
        "awsRegion": "eu-central-1",
        "readOnly": False,
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/dana"},
        "requestParameters": {
            "bucketName": "acme-data",
            "VersioningConfiguration": {"Status": "Suspended"},
        },
    }
    log = json.dumps({"Records": [record]})
    alerts = json.loads(run("classify", "-", "--format", "json", stdin=log).stdout)
    assert alerts == json.loads(
        run("classify", "-", "--format", "json", stdin=json.dumps(record)).stdout
    )
    assert "versioning-suspended" in [alert["id"] for alert in alerts]
    assert set(alerts[0]) == {
        "id", "title", "severity", "aspect", "bucket", "actor", "event_name", "event_id",
    }  # fmt: skip


def test_names_in_a_record_stay_names_on_a_terminal():
    record = {
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteBucket",
        "requestParameters": {"bucketName": "a\rb\u202e\u0007"},
    }
    shown = run("classify", "-", stdin=json.dumps(record)).stdout
    assert "bucket-deleted" in shown
    assert not {"\r", "\u202e", "\u0007"} & set(shown)


def test_controls_lists_every_control():
    listed = json.loads(run("controls", "--format", "json").stdout)
    assert [row["control"] for row in listed] == list(controls())


def test_controls_of_a_framework_come_with_its_requirements():
    listed = json.loads(run("controls", "--framework", "cis-5.0", "--format", "json").stdout)
    asked = {row["control"]: row["requirements"] for row in listed}
    assert asked["bucket_secure_transport"] == ["2.1.1"]
    assert "bucket_cors" not in asked
    shown = run("controls", "--framework", "fsbp").stdout
    assert re.search(r"^bucket_acl_public .*\(S3\.2, S3\.3\)\.$", shown, re.MULTILINE)
    assert shown.splitlines()[-1].startswith("No control checks ")


def test_controls_of_a_preset_are_those_that_it_deploys():
    def listed(name):
        return json.loads(run("controls", "--framework", name, "--format", "json").stdout)

    assert {row["control"] for row in listed("strict")} == set(controls())
    opt_in = {stem for stem, each in controls().items() if each.rule.opt_in}
    assert {row["control"] for row in listed("all")} == set(controls()) - opt_in
    [encrypted] = [row for row in listed("cis") if row["control"] == "bucket_secure_transport"]
    assert encrypted["requirements"] == ["CIS 2.1.1"], "once, although two versions have it"


def test_an_unknown_framework_is_answered_with_the_known_ones():
    ran = run("controls", "--framework", "iso")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "choose one of: all, cis, fsbp, strict, cis-3.0" in ran.stderr
    assert ran.stderr.count("\n") == 1


COMMANDS = [
    "evaluate", "policy", "classify", "controls", "new", "demo", "scan", "plan", "remediate",
    "approve", "journal", "undo", "status", "explain", "doctor",
    "baseline capture", "baseline show", "baseline diff", "baseline history", "authorise list",
    "authorise apply", "authorise test", "exempt list", "exempt add", "exempt remove",
    "exempt apply", "breaker list", "breaker close",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command):
    ran = run(*command.split(), "--help")
    assert ran.returncode == 0
    assert f"Example:  bucketward {command}" in " ".join(ran.stdout.split("\n"))


@pytest.mark.parametrize("group", ["", "baseline", "authorise", "exempt", "breaker"])
def test_the_lists_of_commands_hold_whole_sentences(group):
    commands = run(*group.split(), "--help").stdout.partition("\nCommands:\n")[2]
    assert commands
    assert "..." not in commands


OF_AWS = [each for each in COMMANDS if each.split()[0] not in {
    "evaluate", "policy", "classify", "controls", "new", "demo",
}]  # fmt: skip


@pytest.mark.parametrize("command", [*OF_AWS, "evaluate", "policy", "classify", "controls"])
def test_options_are_those_of_the_aws_cli(command):
    """In this process: thirty starts of an interpreter would say no more."""
    found = app
    for word in command.split():
        found = found.commands[word]
    options = {name: each for each in found.params for name in each.opts}
    if command in OF_AWS:
        assert options.keys() >= {"--profile", "--region", "--endpoint-url"}
    assert ("--format" in options) == ("--output" in options)
    if "--output" in options:
        assert options["--output"] is options["--format"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("scan", "--format", "xml"), "'xml' is not one of 'table', 'json'"),
        (("scan", "--output", "report.html"), "'report.html' is not one of 'table', 'json'"),
        (
            ("exempt", "add", "acme"),
            "Missing argument 'CONTROL'; see: bucketward exempt add --help",
        ),
        (("undo",), "Missing argument"),
        (("nonsense",), "No such command 'nonsense'; see: bucketward --help"),
        (("scan", "--nonsense"), "No such option: --nonsense"),
    ],
)
def test_bad_usage_is_one_sentence_that_says_where_to_look(arguments, sentence):
    ran = run(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("bucketward: ")
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_version_is_that_of_the_package():
    assert run("--version").stdout == f"bucketward {version('bucketward')}\n"


def test_a_shell_completes_commands_and_controls():
    def completed(words):
        environment = {
            "_BUCKETWARD_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        }
        return run(environment=environment).stdout.split()

    assert completed("bucketward st") == ["status"]
    assert completed("bucketward evaluate e.json --control bucket_replication") == [
        "bucket_replication", "bucket_replication_trusted",
    ]  # fmt: skip


def test_ctrl_c_is_no_traceback(tmp_path):
    file = tmp_path / "event.json"
    os.mkfifo(file)
    command = [BUCKETWARD, "evaluate", file, "--control", "bucket_logging"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as ran,
        file.open("w"),  # which waits until the command reads
    ):
        ran.send_signal(signal.SIGINT)
        said = ran.communicate()
    assert (ran.returncode, said) == (130, ("", "bucketward: Interrupted.\n"))


def test_a_reader_that_has_seen_enough_is_no_error():
    ran = subprocess.run(
        ["bash", "-c", f"{BUCKETWARD} controls | true; exit ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (1, "")


@pytest.mark.parametrize(("command", "module"), [("demo", "moto")])
def test_what_only_an_extra_installs_is_one_sentence(command, module):
    code = (
        f"import sys; sys.modules[{module!r}] = None; sys.argv[1:] = [{command!r}]; "
        "from bucketward_tools.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"bucketward: This takes {module}, which is not installed; ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "There are no AWS credentials; log in, or name a profile with --profile."),
        ({"AWS_PROFILE": "nobody"}, "nobody"),
        (KEYS, "AWS could not be asked: Could not connect to the endpoint URL"),
        ({**KEYS, "AWS_REGION": "no such region"}, "AWS could not be asked: Provided region_name"),
    ],
    ids=["no credentials", "unknown profile", "unreachable", "no such Region"],
)
def test_an_account_out_of_reach_is_one_sentence(environment, sentence, tmp_path):
    ran = run("status", "--endpoint-url", "http://127.0.0.1:9", environment={
        "AWS_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "HOME": str(tmp_path),
        **environment,
    })  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, "")
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_help_starts_without_aws_and_tables():
    code = "import sys; from bucketward_tools.cli import app; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert {"boto3", "rich", "yaml"}.isdisjoint(loaded.stdout.split())


@pytest.fixture
def clone(tmp_path):
    """Copy the clone, so that a scaffolded control stays out of it."""
    for folder in ("src", "tooling", "rules", "remediations", "tests"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_new_writes_a_control_whose_tests_run_and_fail_until_it_is_filled_in(clone):
    made = run("new", "bucket_owner_tag", "--folder", str(clone))
    assert made.returncode == 0, made.stderr
    assert "frameworks/" in made.stdout
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-k", "bucket_owner_tag",
         "tests/test_controls.py", "tests/test_registry.py"],
        cwd=clone, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{clone}/src{os.pathsep}{clone}/tooling"},
    )  # fmt: skip
    assert tested.returncode == 1, tested.stdout
    assert "passed" in tested.stdout
    assert "failed" in tested.stdout
    assert "error" not in tested.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["Bucket", "bucket", "a__b", "../x_y", "x_" + "y" * 60, "1_a"])
def test_new_refuses_a_name_that_is_none(clone, name):
    before = sorted(clone.rglob("*"))
    ran = run("new", name, "--folder", str(clone))
    assert ran.returncode == 2
    assert "is no name for a control" in ran.stderr
    assert sorted(clone.rglob("*")) == before


def test_new_overwrites_nothing(clone):
    ran = run("new", "bucket_logging", "--folder", str(clone))
    assert ran.returncode == 2
    assert "exists already" in ran.stderr
