"""EventBridge's event patterns match what EventBridge's own examples say they match."""

import json

import pytest

from bucketward_tools.local import NotEmulated
from bucketward_tools.local.patterns import matches
from bucketward_tools.local.transformer import body
from bucketward_tools.local.wiring_sources import EventRule

EVENT = {
    "source": "aws.s3",
    "detail": {
        "name": "PutBucketPolicy",
        "count": 5,
        "on": True,
        "none": None,
        "list": ["a", "b"],
        "empty": [],
        "address": "10.1.2.3",
        "path": "dir/lib/file.PNG",
        "user": {"name": "Mallory"},
        "many": [{"k": 1, "v": "x"}, {"k": 2, "v": "y"}],
    },
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"name": [{"prefix": "Put"}]}, True),
        ({"name": [{"prefix": "put"}]}, False),
        ({"name": [{"prefix": {"equals-ignore-case": "put"}}]}, True),
        ({"path": [{"suffix": ".png"}]}, False),
        ({"path": [{"suffix": {"equals-ignore-case": ".png"}}]}, True),
        ({"name": [{"equals-ignore-case": "putbucketpolicy"}]}, True),
        ({"path": [{"wildcard": "dir/*/file.*"}]}, True),
        ({"path": [{"wildcard": "dir/?ib/*"}]}, False),
        ({"name": [{"anything-but": "x"}]}, True),
        ({"name": [{"anything-but": ["x", "PutBucketPolicy"]}]}, False),
        ({"name": [{"anything-but": {"prefix": "Put"}}]}, False),
        ({"name": [{"anything-but": {"prefix": ["Get", "List"]}}]}, True),
        ({"path": [{"anything-but": {"wildcard": "*/lib/*"}}]}, False),
        ({"absent": [{"anything-but": "x"}]}, False),
        ({"count": [{"numeric": [">", 0, "<=", 5]}]}, True),
        ({"count": [{"numeric": ["=", 6]}]}, False),
        ({"on": [{"numeric": ["=", 1]}]}, False),
        ({"address": [{"cidr": "10.0.0.0/8"}]}, True),
        ({"name": [{"cidr": "10.0.0.0/8"}]}, False),
        ({"name": [{"exists": True}]}, True),
        ({"absent": [{"exists": False}]}, True),
        ({"absent": {"inner": [{"exists": False}]}}, True),
        ({"absent": {"inner": [{"exists": True}]}}, False),
        ({"none": [{"exists": True}]}, True),
        ({"none": [None]}, True),
        ({"user": [{"exists": True}]}, False),
        ({"on": [True]}, True),
        ({"on": ["true"]}, False),
        ({"on": [1]}, False),
        ({"list": ["b"]}, True),
        ({"list": [{"prefix": "c"}]}, False),
        ({"empty": [{"exists": False}]}, True),
        ({"user": {"name": ["Mallory"]}}, True),
        ({"many": {"k": [2], "v": ["y"]}}, True),
        ({"many": {"k": [1], "v": ["y"]}}, False),
        ({"$or": [{"name": ["x"]}, {"count": [5]}]}, True),
        ({"$or": [{"name": ["x"]}, {"count": [6]}]}, False),
        ({"name": ["x", {"prefix": "Put"}]}, True),
    ],
    ids=str,
)
def test_filters(pattern, expected):
    assert matches({"detail": pattern}, EVENT) is expected


@pytest.mark.parametrize(
    "value", [{"contains": "x"}, {"prefix": "a", "suffix": "b"}, {"anything-but": {"numeric": []}}]
)
def test_a_filter_that_is_not_known_is_not_passed_over(value):
    with pytest.raises(NotEmulated):
        matches({"source": [value]}, EVENT)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"<name> by <user>"', '"PutBucketPolicy by Mallory"'),
        ('{"who": <user>, "n": <count>}', '{"who": "Mallory", "n": 5}'),
        ('{"text": "<count> <many>"}', '{"text": "5 1"}'),
        ('{"of": <aws.events.rule-name>, "nil": "<absent>"}', '{"of": "rule", "nil": ""}'),
        ("plain <count>", "plain 5"),
    ],
)
def test_input_templates(template, expected):
    paths = {
        "name": "$.detail.name",
        "user": "$.detail.user.name",
        "count": "$.detail.count",
        "many": "$.detail.many[0].k",
        "absent": "$.detail.nothing",
    }
    rule = EventRule("Rule", "rule", "arn", {}, ())
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    assert body(rule, {"InputTransformer": transformer}, EVENT, "now") == expected


def test_other_inputs():
    rule = EventRule("Rule", "rule", "arn", {}, ())
    assert body(rule, {"Input": '{"a": 1}'}, EVENT, "now") == '{"a": 1}'
    assert json.loads(body(rule, {"InputPath": "$.detail.list"}, EVENT, "now")) == ["a", "b"]
    with pytest.raises(NotEmulated):
        body(rule, {"InputPath": "$.detail..list"}, EVENT, "now")
