"""The demo as a newcomer sees it, and what it says when the template is broken."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bucketward_tools.catalogue import ROOT

BUCKETWARD = Path(sys.executable).with_name("bucketward")


def demo(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BUCKETWARD, "demo", *arguments],
        capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def whole(folder) -> subprocess.CompletedProcess[str]:
    return demo("--report", str(folder / "report.html"))


def test_the_tour_ends_well_and_says_so(whole):
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "6 changes were made and put back, 1 was authorised and stays." in whole.stdout
    assert "All 12 buckets are as approved" in " ".join(whole.stdout.split())
    for text in ("NON_COMPLIANT", "RUNBOOK", "DIFF", "VERIFY", "assumed-role/Support/dana"):
        assert text in whole.stdout


def test_the_tour_fits_eighty_columns_and_has_no_colour_codes_in_a_pipe(whole):
    assert max(map(len, whole.stdout.splitlines())) <= 80
    assert "\x1b" not in whole.stdout


def test_the_tour_is_the_same_every_time(whole):
    assert demo(PYTHONHASHSEED="7").stdout == whole.stdout


def test_the_report_of_the_tour_has_every_revert_with_who_when_and_its_diff(whole, folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    [data] = re.findall(r'id="data">\n(.*)', page)
    reverts = json.loads(data)["reverts"]
    told = {(each["bucket"], each["who"][0].rpartition("role/")[2]) for each in reverts}
    assert ("acme-payments", "Backup (session root-cause)") in told
    assert ("acme-customer-exports", "Support (session dana)") in told
    for each in reverts:
        assert each["diffs"]
        assert each["began"] is None or each["began"] < each["ended"]
    assert len([each for each in reverts if each["began"]]) >= 6
    assert f"The report is {folder / 'report.html'}" in whole.stderr


def test_an_unknown_story_is_answered_with_the_known_ones():
    ran = demo("nope")
    assert ran.returncode == 2
    assert "choose all or one of: public-access-block, encryption" in ran.stderr
    assert ran.stdout == ""


def test_a_permission_missing_in_the_template_breaks_the_demo(tmp_path):
    for folder in ("src", "tooling", "rules", "remediations", "monitors"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    template = (ROOT / "template.yaml").read_text()
    assert "s3:PutBucketVersioning" in template
    (tmp_path / "template.yaml").write_text(
        template.replace("s3:PutBucketVersioning", "s3:PutBucketTagging")
    )
    ran = demo("versioning", PYTHONPATH=f"{tmp_path}/src{os.pathsep}{tmp_path}/tooling")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Not as approved: versioning of acme-terraform-state." in ran.stdout
    assert "ended: Failed" in ran.stdout
    assert "AccessDenied" in ran.stdout
