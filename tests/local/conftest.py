"""Accounts for tests; each starts from nothing and closes with the test."""

from contextlib import ExitStack

import pytest

from bucketward_tools.local import LocalAccount
from local.deployment import only
from local.story import CONTROLS, PARAMETERS, build


@pytest.fixture
def open_account():
    """Open an account with the shipped template's rules of the story and its parameters."""
    with ExitStack() as opened:

        def open_one(**options):
            options = {"parameters": PARAMETERS, **options}
            if "path" not in options:
                options["edit"] = only(CONTROLS, options.get("edit"))
            return opened.enter_context(LocalAccount(**options))

        yield open_one


@pytest.fixture
def account(open_account):
    """Return an account with an estate that every control is content with."""
    opened = open_account()
    build(opened)
    opened.events.clear()
    return opened
