"""The report at the end of the demo: the estate as it is now, and what was put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bucketward_tools.cli.deployment import Deployment
from bucketward_tools.cli.objecting import deployed
from bucketward_tools.cli.options import STACK
from bucketward_tools.cli.stored import as_deployed, use
from bucketward_tools.report import page, reverts
from bucketward_tools.report.about import About
from bucketward_tools.scan.account import Scan
from bucketward_tools.scan.choice import choose

if TYPE_CHECKING:
    from typing import TextIO

    from bucketward_tools.local import LocalAccount


def write(account: LocalAccount, out: TextIO) -> None:
    """Judge with the stack's rules of buckets and their parameters, as an auditor who reads."""
    place = account.place
    with account.acting_as(account.role_arn("Auditor")):
        deployment = Deployment.find(STACK, region=place.region)
        use(deployment)
        stems = [control.stem for control, _ in deployed(deployment)]
        chosen = choose(stems, stored=True, planning=True)
        chosen = as_deployed(deployment, [each for each in chosen if each.of_buckets])
        journal = reverts.read(deployment.store.records)
        about = About(chosen, account.clock.now, accounts=[place.account], journal=journal)
        scan = Scan(chosen, (), (), place.region, planning=True)
        page.write(about.counted(scan.account(place.account, lambda _: None)), out, about)
