"""Decisions are never overwritten unseen."""

import pytest

from bucketward.baseline.decisions import EXEMPTION
from bucketward.errors import BadInput, Conflict

BODY = {
    "reason": "",
    "days": 1.5,
    "none": None,
    "patterns": ["a*", "é"],
    "nested": {"b": 2, "a": []},
}


def test_what_was_decided_is_listed_by_id(decisions):
    for name in ("b", "a"):
        decisions.put(EXEMPTION, name, BODY | {"name": name})
    decisions.put("authorisation", "c", {})

    assert [(each.id, each.body) for each in decisions.list(EXEMPTION)] == [
        ("a", BODY | {"name": "a"}),
        ("b", BODY | {"name": "b"}),
    ]
    assert decisions.get("authorisation", "c").body == {}
    assert decisions.get("authorisation", "a") is None
    assert decisions.list("breaker") == []


def test_a_new_decision_does_not_replace_another(decisions):
    decisions.put(EXEMPTION, "a", BODY)
    with pytest.raises(Conflict, match="exemption a was written by another"):
        decisions.put(EXEMPTION, "a", {})
    assert decisions.get(EXEMPTION, "a").body == BODY


def test_only_what_was_read_is_replaced(decisions):
    decisions.put(EXEMPTION, "a", BODY)
    read = decisions.get(EXEMPTION, "a")
    decisions.put(EXEMPTION, "a", {"second": 2}, replacing=read)

    with pytest.raises(Conflict):
        decisions.put(EXEMPTION, "a", {"third": 3}, replacing=read)
    with pytest.raises(Conflict):
        decisions.delete(EXEMPTION, "a", replacing=read)
    assert decisions.get(EXEMPTION, "a").body == {"second": 2}

    assert decisions.delete(EXEMPTION, "a", replacing=decisions.get(EXEMPTION, "a")) is True
    with pytest.raises(Conflict):
        decisions.put(EXEMPTION, "a", {"third": 3}, replacing=read)
    assert decisions.list(EXEMPTION) == []


def test_deleting_says_whether_there_was_one(decisions):
    decisions.put(EXEMPTION, "a", BODY)
    assert decisions.delete(EXEMPTION, "a") is True
    assert decisions.delete(EXEMPTION, "a") is False


@pytest.mark.parametrize("body", [{"S": "{"}, {"S": "[]"}, {"S": "[" * 100_000}, {"N": "1"}, None])
def test_an_unreadable_decision_is_never_taken_for_none(aws, decisions, body):
    item = {"kind": {"S": EXEMPTION}, "id": {"S": "a"}, **({"body": body} if body else {})}
    aws.dynamodb.put_item(TableName="Decisions", Item=item)

    with pytest.raises(BadInput):
        decisions.list(EXEMPTION)
    with pytest.raises(BadInput):
        decisions.get(EXEMPTION, "a")
    assert decisions.delete(EXEMPTION, "a") is True


def test_one_written_by_hand_can_be_replaced(aws, decisions):
    item = {"kind": EXEMPTION, "id": "a", "body": '{ "b": 1, "a": 2 }'}
    aws.dynamodb.put_item(
        TableName="Decisions", Item={name: {"S": each} for name, each in item.items()}
    )

    decisions.put(EXEMPTION, "a", {"c": 3}, replacing=decisions.get(EXEMPTION, "a"))

    assert decisions.get(EXEMPTION, "a").body == {"c": 3}


def test_decisions_over_several_pages(decisions, calls):
    for number in range(9):
        decisions.put(EXEMPTION, f"{number}", {"reason": "x" * 250_000})
    calls.clear()

    assert [each.id for each in decisions.list(EXEMPTION)] == [f"{number}" for number in range(9)]
    assert calls == ["Query"] * 3


def test_what_is_not_json_is_refused(decisions):
    with pytest.raises(BadInput, match="not JSON"):
        decisions.put(EXEMPTION, "a", {"a": {1, 2}})
