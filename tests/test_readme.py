"""What the README and the docs show is what happens."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bucketward_tools.catalogue import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BIN = Path(sys.executable).parent
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

# Commands that other tests run: the tests themselves, the demo (test_demo.py), sam (packaging/),
# the scaffold in a copy of the clone (test_cli.py). `sam deploy` takes an AWS account.
ELSEWHERE = {
    *("make test", "make check", "make bench", "make demo", "sam build", "sam deploy"),
    # against an account: scan/test_docs.py
    *(f".venv/bin/bucketward {each}" for each in ("scan", "plan", "remediate")),
}
FILES = {
    "event.json": {
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "acme-data",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
        "supplementaryConfiguration": {},
    },
    "policy.json": {"Version": "2012-10-17", "Statement": []},
    "record.json": {"eventSource": "s3.amazonaws.com", "eventName": "GetBucketAcl"},
}


def blocks() -> list[tuple[str, str]]:
    """Every ``console`` block as (page, text)."""
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL)
    ]


def commands() -> list[str]:
    return sorted(
        {line[2:] for _, block in blocks() for line in block.splitlines() if line.startswith("$ ")}
    )


def is_exercised_elsewhere(command: str) -> bool:
    return any(command == each or command.startswith(each + " ") for each in ELSEWHERE) or (
        command.startswith(".venv/bin/bucketward new ")
    )


@pytest.mark.parametrize(
    "command", [each for each in commands() if not is_exercised_elsewhere(each)]
)
def test_every_documented_command_runs(command, tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(json.dumps(content))
    if command.startswith("make "):
        assert command.split()[1] in TARGETS
        return
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/bucketward", f"nothing exercises: {command}"
    ran = subprocess.run(
        [BIN / "bucketward", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_every_make_command_is_a_target():
    for command in commands():
        if command.startswith("make "):
            assert command.split()[1] in TARGETS


def test_the_readmes_transcript_is_what_the_demo_prints():
    block = next(text for _, text in blocks() if "make demo SCENARIO=" in text)
    command, _, transcript = block.partition("\n")
    scenario = command.rpartition("=")[2]
    ran = subprocess.run(
        [BIN / "bucketward", "demo", scenario], capture_output=True, text=True, check=True
    )
    strip = [line.rstrip() for line in ran.stdout.strip().splitlines()]
    assert [line.rstrip() for line in transcript.strip().splitlines()] == strip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_decision_and_page_is_reachable_from_the_readme():
    linked = "".join(page.read_text() for page in PAGES)
    for page in PAGES[1:]:
        assert page.name in linked or page.parent.name == "decisions", page


def test_changelog_begins_with_the_version():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version
    assert first
    assert first[1] == version[1]


def test_layer_and_package_pin_the_same_versions():
    project = (ROOT / "pyproject.toml").read_text()
    pins = [
        line for line in (ROOT / "src/requirements.in").read_text().splitlines() if "==" in line
    ]
    locked = (ROOT / "src/requirements.txt").read_text()
    assert pins
    for pin in pins:
        assert f'"{pin}"' in project
        assert pin in locked
