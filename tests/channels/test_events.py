"""The events on the bus are as docs/events.md says, whatever whoever made the change wrote."""

import json
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bucketward.aspects import ASPECTS
from bucketward.changes import ALERTS
from bucketward.changes.alerts.objects import OBJECTS
from bucketward.changes.alerts.operations import NOTICES
from bucketward.changes.decision import Standing
from bucketward.difference import MOST, differences
from bucketward.event import LARGEST, alert_event, inert
from bucketward_tools.catalogue import ROOT
from channels.told import AT, BUCKET, account_revert, actor, alert, incident, revert

SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
HOSTILE = st.text(st.characters(), max_size=60) | st.just("\x1b]0;x\x07\u202e\ud800\u2028<b>'\"")
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | HOSTILE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4),
    max_leaves=12,
)


def valid(event):
    VALIDATOR.validate(event)
    json.dumps(event).encode()
    return event


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", [*ALERTS, *NOTICES, *OBJECTS])
def test_every_alert_is_an_event_of_the_schema(name):
    entry = {**ALERTS, **NOTICES, **OBJECTS}[name]
    valid(alert_event(entry, account="111122223333", region="eu-central-1", time=AT, reason="r"))


def test_a_revert_is_an_event_of_the_schema():
    event = valid(revert())
    assert event["commands"]["undo"] == f"bucketward undo {event['id']}"
    assert valid(account_revert())["bucket"] is None
    assert (
        event["changes"] == [{"aspect": "policy", "path": "Policy", "before": "{}", "after": None}]
        or event["changes"][0]["before"] == '{"Policy": "{}"}'
    )


@given(HOSTILE, HOSTILE, HOSTILE, DOCUMENTS, DOCUMENTS)
def test_hostile_texts_are_inert_and_commands_only_name_buckets(bucket, session, reason, one, two):
    event = valid(
        alert(
            bucket=bucket,
            reason=reason,
            actor=actor(session=session, source_identity=reason),
            changes={"policy": (one, two)},
            event_id=session,
        )
    )
    command = event["commands"]["approve"]
    assert command is None or re.fullmatch(r"bucketward approve [\w.-]+ --aspect policy", command)


@given(st.text(), st.integers(2, 50))
def test_a_text_is_cut_and_printable(text, limit):
    found = inert(text, limit)
    assert len(found) <= limit
    assert found.isprintable() or " " in found or not found.isascii()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", found)


def test_the_largest_difference_fits_into_an_event():
    many = {f"{'k' * 500}{number}": "\N{GRINNING FACE}" * 5000 for number in range(500)}
    changes = dict.fromkeys(ASPECTS, (None, many)) | {"policy": ({}, many)}
    event = valid(alert(changes=changes))
    assert len(json.dumps(event).encode()) <= LARGEST
    assert len(differences({}, many)) == MOST


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "console.aws.amazon.com"),
        ("cn-north-1", "console.amazonaws.cn"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_links_lead_to_the_console_of_the_partition(region, host):
    links = alert(region=region)["links"]
    assert links["config"].startswith(f"https://{host}/config/home?region={region}#/resources/")
    assert links["cloudtrail"].startswith(f"https://{host}/cloudtrailv2/home?region={region}#/")
    assert alert(region="us-iso-east-1")["links"] == {"config": None, "cloudtrail": None}


def test_the_key_is_the_same_for_the_same_and_no_other():
    same = {alert()["dedupKey"], alert(time=AT + timedelta(1), event_id="x")["dedupKey"]}
    others = [
        alert("policy-changed"),
        alert(bucket="acme-other"),
        alert(aspect="acl"),
        alert(account="999999999999"),
        alert(actor=actor(issuer="arn:aws:iam::111122223333:role/Other")),
    ]
    assert len(same) == 1
    assert len(same | {each["dedupKey"] for each in others}) == 6


def test_who_acted_is_told_in_full():
    told = alert(actor=actor(source_identity="ada", via="ssm.amazonaws.com"))["actor"]
    assert told["principal"].endswith("role/Mallory")
    assert (told["session"], told["sourceIdentity"]) == ("mallory", "ada")
    assert (told["via"], told["address"]) == ("ssm.amazonaws.com", "203.0.113.7")


@pytest.mark.parametrize(
    ("standing", "authorised"),
    [("authorised", True), ("authorised-but-dangerous", True), ("unauthorised", False),
     ("unknown", None), ("aws-service", None), ("failed-attempt", False)],
)  # fmt: skip
def test_the_standing_says_whether_it_was_authorised(standing, authorised):
    assert valid(alert(standing=standing))["authorised"] is authorised


def test_a_revert_ends_what_it_put_back_and_came_before_it():
    found = incident()
    assert found.ends_with(revert())
    assert not found.ends_with(revert(after={"acl": {}}))
    assert not found.ends_with(revert(time=AT - timedelta(seconds=1), id=""))
    assert not found.ends_with(revert(bucket=f"{BUCKET}-2", id=""))


def test_a_difference_names_what_changed_and_nothing_else():
    before = {"Rules": [{"ID": "a", "Days": 1}, {"ID": "b"}], "Other": 1}
    after = {"Rules": [{"ID": "b"}, {"ID": "a", "Days": 9}], "Other": 1}
    assert differences(before, after) == [{"path": "Rules[0].Days", "before": "1", "after": "9"}]
    policy = {"Policy": '{"Statement": [{"Sid": "A"}]}'}, {"Policy": '{"Statement": []}'}
    assert differences(*policy) == [
        {"path": "Policy.Statement[0]", "before": '{"Sid": "A"}', "after": None}
    ]
    assert differences(None, None) == []


def test_every_standing_is_known_to_the_schema():
    standings = SCHEMA["$defs"]["alert"]["properties"]["standing"]["enum"]
    assert sorted(standings) == sorted(each.value for each in Standing)
