"""The report at the end of the demo: the estate as it is now, and what was put back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bucketward.baseline.records import Records
from bucketward.baseline.store import RECORDS
from bucketward_tools.cli.options import STACK
from bucketward_tools.cli.stored import use
from bucketward_tools.report import page, reverts
from bucketward_tools.report.about import About
from bucketward_tools.scan.account import Scan
from bucketward_tools.scan.choice import choose

if TYPE_CHECKING:
    from typing import TextIO

    from bucketward_tools.local import LocalAccount


def write(account: LocalAccount, out: TextIO) -> None:
    """Judge with the rules of the stack and their parameters, as an auditor who only reads."""
    deployed = {}
    for rule in account.wiring.rules.values():
        function = account.wiring.function(rule.function_arn)
        if function and function.module.stem.startswith("bucket_"):
            deployed[function.module.stem] = rule.parameters
    chosen = choose(
        list(deployed),
        parameters=[
            f"{stem}.{name}={value}"
            for stem, given in deployed.items()
            for name, value in given.items()
        ],
        stored=True,
        planning=True,
    )
    with account.acting_as(account.role_arn("Auditor")):
        use(STACK, account.place.region)
        journal = reverts.read(Records(os.environ[RECORDS]))
        about = About(chosen, account.clock.now, journal=journal)
        about.accounts.append(account.place.account)
        scan = Scan(chosen, (), (), account.place.region, planning=True)
        found = scan.account(account.place.account, lambda _: None)
        page.write(about.counted(found), out, about)
