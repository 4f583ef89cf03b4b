"""docs/local-account.md shows code that runs, and names that exist."""

import re
from pathlib import Path

import pytest

from bucketward_tools.local import LocalAccount, NotEmulated

PAGE = (Path(__file__).parents[2] / "docs" / "local-account.md").read_text()


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(example, "docs/local-account.md", "exec"), {})
    assert "bucketward-bucket-versioning COMPLIANT" in capsys.readouterr().out


def test_the_names_in_the_table_exist(open_account):
    account = open_account()
    names = re.findall(r"^\| `account\.([\w.]+)", PAGE, re.MULTILINE)
    assert len(names) >= 10
    for name in names:
        found = account
        for part in name.split("."):
            found = getattr(found, part)


def test_two_accounts_cannot_be_open_at_once(open_account):
    open_account()
    with pytest.raises(NotEmulated), LocalAccount():
        pass
