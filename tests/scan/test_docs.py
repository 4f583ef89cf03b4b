"""The commands of docs/scanning.md run as they stand there."""

import re
import shlex

import pytest

from bucketward_tools.catalogue import ROOT
from scan.conftest import READS

PAGE = (ROOT / "docs" / "scanning.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ \.venv/bin/bucketward (.*)$", PAGE, re.MULTILINE)
WRITES = {"remediate"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_does_what_the_page_says(
    run, make, aws, tmp_path, monkeypatch, command
):
    make("acme-data", "acme-logs", BlockPublicPolicy=False)
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(command)
    ran = run(*arguments)
    assert ran.code in {0, 1}, ran.err
    assert ran.out or list(tmp_path.iterdir())
    wrote = any(not name.startswith(READS) for name in aws.operations())
    assert wrote == (arguments[0] in WRITES)


def test_the_page_shows_every_command_and_format():
    assert {command.split()[0] for command in COMMANDS} == {"scan", "plan", "remediate"}
    for word in ("json", "csv", "html", "ocsf", "sarif", "ERROR"):
        assert f"`{word}`" in PAGE
