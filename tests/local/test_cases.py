"""Every case that changes a bucket, from the drift to the verdict after it, as deployed."""

import json

import pytest

from bucketward.aspects import ASPECTS, operations
from bucketward_tools.catalogue import controls
from bucketward_tools.local.events import Denied, RemediationEnded
from estate import case_calls, cases
from local.case_story import NOT_TOLD, open_case, owned, settle_live, stories, tell, write
from local.deployment import deploy
from local.story import of_kind, verdicts, visible

REMEDIATED = [stem for stem, control in controls().items() if control.remediation]
ALL = [
    pytest.param(stem, case, id=f"{stem}: {case['name']}")
    for stem in REMEDIATED
    for case in stories(stem)
]


@pytest.mark.parametrize(("control", "case"), ALL)
def test_a_case_is_found_put_back_and_found_in_order(control, case):
    with open_case(control, case) as account:
        told = tell(account, control, case)
        found = verdicts(account, control, told.bucket)
        assert (found[0], found[-1]) == ("NON_COMPLIANT", "COMPLIANT")
        assert {each.status for each in of_kind(account, RemediationEnded)} == {"Success"}
        assert of_kind(account, Denied) == []
        assert written(told) == expected(told, case)
        changed = {operations()[each.operation].aspect for each in told.writes}
        assert unowned(told.after, told.bucket, changed) == unowned(
            told.before, told.bucket, changed
        )


def written(told):
    return [
        {each.operation: readable(each.operation, document(each.params))} for each in told.writes
    ]


def expected(told, case):
    owner = told.before[told.bucket]["acl"]["Owner"]
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
