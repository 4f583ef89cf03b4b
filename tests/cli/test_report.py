"""``bucketward scan --format html --stack``: what the stack put back, or why it is not told."""

import json
import re

from cli.conftest import BUCKET, MALLORY, tag

ARGUMENTS = ("scan", "--stack", "bucketward", "--control", "bucket_drift", "--format", "html")


def reverts(page):
    return json.loads(re.search(r'id="data">\n(.*)', page)[1])["reverts"]


def test_a_scan_with_the_stack_tells_what_was_put_back(account, bucketward):
    tag(account, "mallory")
    account.settle()
    ran = bucketward(*ARGUMENTS)
    assert ran.code == 0, ran.err
    [revert] = reverts(ran.out)
    assert (revert["bucket"], revert["who"], revert["what"]) == (
        BUCKET, [MALLORY], ["PutBucketTagging"],
    )  # fmt: skip


def test_a_journal_that_may_not_be_read_is_said_and_does_not_end_the_scan(account, bucketward):
    account.fail("Scan", "AccessDeniedException", times=1)
    ran = bucketward(*ARGUMENTS)
    assert ran.code == 2
    told = "The journal was not read: AWS refused Scan with AccessDeniedException"
    assert reverts(ran.out).startswith(told)
    assert f"bucketward: {told}" in ran.err
    assert BUCKET in ran.out
