"""Every case that changes a bucket, from the drift to the verdict after it, as deployed."""

import json

import pytest

from bucketward import Bucket
from bucketward.aspects import operations
from bucketward_tools.catalogue import controls
from bucketward_tools.local import TemplateError
from bucketward_tools.local.events import Denied, Evaluated, RemediationEnded
from estate import case_calls, cases
from local.case_story import (
    NOT_TOLD,
    bucket_of,
    open_case,
    owned,
    owner,
    play,
    set_up,
    snapshots,
    stories,
    writes,
)
from local.deployment import deploy
from local.story import create, of_kind, verdicts

REMEDIATED = [  # on buckets; the others are in test_account_cases.py
    stem
    for stem, control in controls().items()
    if control.remediation and control.rule.subject is Bucket
]
ALL = [
    pytest.param(stem, case, id=f"{stem}: {case['name']}")
    for stem in REMEDIATED
    for case in stories(stem)
]


@pytest.mark.parametrize(("control", "case"), ALL)
def test_a_case_is_found_put_back_and_found_in_order(control, case):
    with open_case(control, case) as account:
        bucket = bucket_of(case)
        set_up(account, case)
        before = snapshots(account)
        play(account, control, bucket)
        found = verdicts(account, control, bucket)
        assert (found[0], found[-1]) == ("NON_COMPLIANT", "COMPLIANT")
        rule = account.rule_name(control)
        first = next(e for e in of_kind(account, Evaluated) if (e.rule, e.bucket) == (rule, bucket))
        if "given-by-s3" not in first.annotation:  # in the case the rule has no id
            assert first.annotation == case["annotation"]
        assert {each.status for each in of_kind(account, RemediationEnded)} == {"Success"}
        assert of_kind(account, Denied) == []
        written = writes(account, control)
        assert [
            {each.operation: readable(each.operation, document(each.params))} for each in written
        ] == expected(case, owner(account, bucket))
        changed = {operations()[each.operation].aspect for each in written}
        assert unowned(snapshots(account), bucket, changed) == unowned(before, bucket, changed)


def test_a_case_that_is_not_told_is_one_that_would_be():
    for stem, reasons in NOT_TOLD.items():
        changing = {case["name"] for case in cases(stem) if case_calls(case)}
        assert reasons.keys() <= changing, stem


def test_a_control_without_remediation_says_what_to_do_by_hand():
    given = {"BucketMfaDeleteRequiredBuckets": "acme-*"}
    with deploy(["bucket_mfa_delete"], given) as account:
        create(account, "acme-data")
        account.settle()
        evaluation = account.config.evaluations[account.rule_name("bucket_mfa_delete"), "acme-data"]
        assert evaluation.compliance == "NON_COMPLIANT"
        assert "aws s3api put-bucket-versioning" in evaluation.annotation
        with pytest.raises(TemplateError, match="no remediation"):
            account.start_remediation("bucket_mfa_delete", "acme-data")


def expected(case, owner):
    return [
        {
            name: readable(name, owned(given, owner) if name == "PutBucketAcl" else given)
            for name, given in call.items()
        }
        for call in case_calls(case)
    ]


def document(params):
    """Return what a request says, without what it says it to and how."""
    beside = {"Bucket", "ExpectedBucketOwner", "SkipDestinationValidation"}
    (argument, *others) = [params[each] for each in sorted(params.keys() - beside)] or [None]
    return {**argument, "TransitionDefaultMinimumObjectSize": others[0]} if others else argument


def readable(operation, given):
    """Parse a policy, leave out what is never sent, and add what S3 adds before it is read."""
    match operation:
        case "PutBucketPolicy":
            return json.loads(given)
        case "PutBucketVersioning":
            return {key: each for key, each in given.items() if key != "MFADelete"}
        case "PutBucketEncryption":
            return {"Rules": [{"BucketKeyEnabled": False, **rule} for rule in given["Rules"]]}
        case _:
            return given


def unowned(snapshots, bucket, changed):
    """Return all but the aspects that the control wrote."""
    kept = {name: value for name, value in snapshots[bucket].items() if name not in changed}
    return snapshots | {bucket: kept}
