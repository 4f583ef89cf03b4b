"""docs/operations.md: its commands run, with the permissions that it lists and no other."""

import json
import re
import shlex

from bucketward_tools.catalogue import ROOT
from bucketward_tools.local import iam
from bucketward_tools.local.actors import Actor
from bucketward_tools.local.events import Denied
from bucketward_tools.local.gateway import Principal
from cli.conftest import OPERATOR, tag
from cli.test_breaker import revert

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("bucketward ")  # test_commands.py has the others
]
GROUPS = {"baseline", "authorise", "exempt", "breaker"}


def test_every_command_of_the_page_runs_with_its_permissions(account, bucketward):
    [policy] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    role = iam.Role("Operator", "Operator", OPERATOR, (), iam.statements(json.loads(policy)))
    bucketward.actor = Principal(OPERATOR, role, actor=Actor(OPERATOR))
    tag(account, "mallory")
    account.settle()
    for _ in range(5):
        revert(account, "bucket_cors")
    [entry] = bucketward.json("journal", "--control", "bucket_drift")

    for command in COMMANDS:
        program, *arguments = shlex.split(command.replace(" ID ", f" {entry['id']} "))
        assert program == "bucketward"
        ran = bucketward(*arguments, answer="y\n")
        assert ran.code in {0, 1}, f"{command}: {ran.err}"
        assert "bucketward: " not in ran.err

    assert [event for event in account.events if isinstance(event, Denied)] == []
    allowed = set(re.findall(r'"Sid": "(\w+)"', policy))
    assert len(allowed) == 10


def test_the_page_shows_every_command():
    shown = {
        " ".join(command.split()[1 : 3 if command.split()[1] in GROUPS else 2])
        for command in COMMANDS
    }
    assert shown >= {
        "baseline capture", "baseline show", "baseline diff", "baseline history", "approve",
        "authorise list", "authorise test", "exempt add", "exempt list", "exempt remove",
        "journal", "undo", "breaker list", "breaker close",
    }  # fmt: skip
