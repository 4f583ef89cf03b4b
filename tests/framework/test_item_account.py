"""The one setting of an account that AWS Config records: its public access block."""

import json

import pytest

from bucketward import BadInput
from bucketward.notification import Notification
from bucketward_tools.catalogue import control
from framework.samples import ACCOUNT, history, item

FLAGS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"]
ON = dict.fromkeys(FLAGS, True)


def judged(source, stem="account_public_access_block"):
    return control(stem).rule.judge_notification(Notification.parse(source))


def block(configuration, **changes):
    own = {"resourceType": "AWS::S3::AccountPublicAccessBlock", "resourceId": ACCOUNT}
    return item() | own | {"configuration": configuration} | changes


@pytest.mark.parametrize("flag", [None, *FLAGS])
def test_each_flag_must_be_on_in_the_item(flag):
    source = block(ON | ({flag: False} if flag else {}))
    compliance = "NON_COMPLIANT" if flag else "COMPLIANT"
    for form in (source, history(source), block(json.dumps(source["configuration"]))):
        assert judged(form).compliance == compliance


def test_a_deleted_block_blocks_nothing():
    verdict = judged(block(ON, configurationItemStatus="ResourceDeleted"))
    assert verdict.compliance == "NON_COMPLIANT"
    assert verdict.annotation == "The account has no public access block."


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (block(None), f"item of account {ACCOUNT} has no configuration"),
        (block([]), "has an unknown form"),
        (block("{"), "is not JSON"),
        (block(ON | {"blockPublicAcls": 1}), "has an unknown form"),
        (item(), "expected AWS::S3::AccountPublicAccessBlock"),
    ],
)
def test_an_item_that_does_not_tell_gets_no_verdict(source, sentence):
    with pytest.raises(BadInput, match=sentence):
        judged(source)
