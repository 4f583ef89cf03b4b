"""The HTML report of 2,000 buckets, in a browser.

Buckets are made here and judged with every rule that looks at one. Times are the browser's own,
from the opening of the file, or from an event, until the page has drawn itself.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bucketward import Bucket
from bucketward.aspects import ASPECTS
from bucketward.clock import now
from bucketward_tools.report import page
from bucketward_tools.report.about import About
from bucketward_tools.scan.choice import choose
from bucketward_tools.scan.judging import judged
from bucketward_tools.scan.planning import plan
from bucketward_tools.scan.row import Judged

from .figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKETS = 2_000
_ACCOUNT, _REGION = "111122223333", "eu-central-1"
_ROUNDS = 5
_SEARCH = """() => new Promise((done) => {
  const search = document.getElementById("search");
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  }).observe(document.getElementById("matrix"), { childList: true });
  search.value = search.value ? "" : "7";
  search.dispatchEvent(new Event("input", { bubbles: true }));
})"""
_OPEN = """(at) => new Promise((done) => {
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  }).observe(document.getElementById("detail"), { childList: true });
  location.hash = `#bucket-${at}`;
})"""


def figures() -> Iterator[Figure]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.html")
        started = time.process_time()
        with file.open("w", encoding="utf-8") as out:
            chosen = choose(["bucket_*"], planning=True)
            about = About(chosen, now(), accounts=[_ACCOUNT])
            page.write(about.counted(_bucket(chosen, each) for each in range(BUCKETS)), out, about)
        yield Figure("judging, planning and writing, CPU time", time.process_time() - started, "s")
        yield Figure("size of the file", file.stat().st_size / 2**20, "MiB", most=40)
        if chromium is None:
            print("  not opened in a browser, as there is no Chromium")
            return
        yield from _in(chromium, file)


def _in(chromium: str, file: Path) -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        opened = browser.new_page()
        times = []
        for _ in range(_ROUNDS):
            opened.goto(file.as_uri())
            times.append(float(opened.evaluate("Number(document.documentElement.dataset.ready)")))
        yield Figure("from opening to drawn", statistics.median(times), "ms", most=1_500)
        times = [float(opened.evaluate(_SEARCH)) for _ in range(2 * _ROUNDS)]
        # The page waits 80 ms for the next key.
        yield Figure("from a key in the search to drawn", statistics.median(times), "ms", most=250)
        times = [float(opened.evaluate(_OPEN, 7 * at)) for at in range(1, 2 * _ROUNDS)]
        yield Figure(
            "from a click on a bucket to its page", statistics.median(times), "ms", most=250
        )
        browser.close()


def _bucket(chosen: Any, number: int) -> Judged:  # noqa: ANN401 - as `choose` returns it
    bucket = Bucket(f"acme-team-{number:04}", _ACCOUNT, _REGION, "aws", _documents(number))
    rows = tuple(row for each in chosen for row in judged(each, bucket))
    plans = {}
    for each, row in zip(chosen, rows, strict=True):
        if not row.fine and each.control.remediation:
            found = plan(each, bucket, row)
            plans[each.stem] = found.refusal or found.steps()
    return Judged(bucket.name, _REGION, rows, documents=bucket.aspects, plans=plans)


def _documents(number: int) -> dict[str, Any]:
    arn = f"arn:aws:s3:::acme-team-{number:04}"
    statements = [
        {"Sid": f"Team{each}", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
         "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:role/team-{each}"},
         "Resource": f"{arn}/team-{each}/*"}
        for each in range(number % 9)
    ]  # fmt: skip
    owner = {"ID": "a" * 64}
    grant = {"Grantee": {**owner, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    default = {"SSEAlgorithm": "AES256"}
    documents: dict[str, Any] = dict.fromkeys(ASPECTS)
    documents |= {
        "acl": {"Owner": owner, "Grants": [grant]},
        "encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
        "public_access_block": {each: bool(number % 3) for each in flags},
    }
    if statements:
        documents["policy"] = json.dumps({"Version": "2012-10-17", "Statement": statements})
    if number % 2:
        documents["versioning"] = {"Status": "Enabled"}
    return documents
