"""What is sent is what each vendor takes, whatever whoever made the change wrote."""

import hmac
import json
import re
from functools import cache

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bucketward.aspects import ASPECTS
from bucketward.changes import ALERTS
from bucketward.changes.alerts.operations import NOTICES
from bucketward.channels import channels, grouped
from bucketward.channels.https import SIGNATURE
from bucketward.channels.markup import escaped
from bucketward.channels.received import received
from bucketward.errors import BadInput
from bucketward.event import alert_event
from channels import schemas
from channels.told import (
    ACCOUNT,
    AT,
    BUCKET,
    CHAT,
    KEY,
    account_revert,
    actor,
    alert,
    incident,
    revert,
    target,
)

HOSTILE = st.text(max_size=80) | st.sampled_from(
    ["<!channel> *x* `y`", "</b>[a](https://evil.example)", "\x1b[31m", "\ud800", "x" * 5000,
     "{{ticket.id}}"]
)  # fmt: skip


def arrived(event, kind="Bucketward Alert"):
    """Return an event as the notifier reads it from its queue."""
    return received(envelope(event, kind))


def envelope(event, kind="Bucketward Alert", account=ACCOUNT):
    """Write a message of the queue: an event as EventBridge delivers it."""
    head = {"source": "bucketward", "detail-type": kind, "account": account}
    return json.dumps({**head, "detail": event})


@st.composite
def incidents(draw):
    """Alerts of any kind, as hostile as can be."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        each = {**ALERTS, **NOTICES}[draw(st.sampled_from([*ALERTS, *NOTICES]))]
        bucket = draw(st.none() | HOSTILE)
        changes = {"policy": (draw(HOSTILE), {draw(HOSTILE): draw(HOSTILE)})}
        event = alert_event(
            each,
            account=ACCOUNT,
            region="eu-central-1",
            time=AT.replace(minute=number),
            reason=draw(HOSTILE),
            bucket=bucket,
            aspect=draw(st.none() | st.sampled_from(list(ASPECTS))),
            actor=draw(st.none() | st.builds(actor, session=HOSTILE, source_identity=HOSTILE)),
            event_name="PutBucketPolicy",
            changes=changes,
        )
        found.append((str(number), arrived(event)))
    ended = draw(st.booleans())
    over = arrived(revert(), "Bucketward Revert")
    return [each.ended_by(over) if ended else each for each in grouped(found)]


REVERTS = st.lists(
    st.sampled_from([arrived(each, "Bucketward Revert") for each in (revert(), account_revert())]),
    max_size=3,
)


def check(schema, body):
    Draft202012Validator(schema).validate(body)


def sent(name, found, reverts=()):
    return channels()[name].kind.write(found, list(reverts), target(name))


def own_links_only(body):
    """Whether nothing in it would be taken as a mention or as a link but what is ours."""
    return all(
        each.startswith("<https://console.aws.amazon.com/")
        for each in re.findall(r"<[^>]*>", json.dumps(body))
    )


@settings(max_examples=15)
@given(incidents(), REVERTS)
def test_slack(found, reverts):
    [post] = sent("slack", found, reverts)
    check(schemas.SLACK, post.body)
    assert own_links_only(post.body)
    assert len(json.dumps(post.body["blocks"], ensure_ascii=False)) <= schemas.SLACK_BLOCKS


@settings(max_examples=15)
@given(incidents(), REVERTS)
def test_teams(found, reverts):
    [post] = sent("teams", found, reverts)
    check(schemas.TEAMS, post.body)
    assert len(post.content) <= schemas.TEAMS_BYTES


@settings(max_examples=15)
@given(incidents(), REVERTS)
def test_chat(found, reverts):
    for call in sent("chat", found, reverts):
        valid_call(call)
        notification = json.loads(call.arguments["Message"])
        check(schemas.CHAT, notification)
        assert own_links_only(notification)


@settings(max_examples=15)
@given(incidents(), REVERTS)
def test_topic(found, reverts):
    [call] = sent("topic", found, reverts)
    valid_call(call)
    assert re.fullmatch(schemas.SUBJECT, call.arguments["Subject"])
    texts = json.loads(call.arguments["Message"])
    assert texts.keys() == {"default", "sms"}
    assert 0 < len(texts["sms"]) <= schemas.SMS
    assert len(call.arguments["Message"].encode()) < 256 * 1024


def test_a_burst_of_the_longest_texts_is_a_message_still():
    """Of a refused call an attacker writes all texts, the bucket's name too; 50 are a batch."""
    longest = "\N{GRINNING FACE}" * 2000
    told = []
    for number in range(50):
        event = alert_event(
            ALERTS["policy-public"],
            account=ACCOUNT,
            region="eu-central-1",
            time=AT,
            reason=longest,
            bucket=f"{number}{longest}",
            aspect="policy",
            actor=actor(session=longest, source_identity=longest),
            event_name=longest,
            event_id="5a1f0d0e",
            changes={"policy": (longest, {longest: longest})},
        )
        told.append((str(number), arrived(event)))
    found = grouped(told)
    assert len(found) == 50
    for some in (found, found[:1]):
        [card] = sent("teams", some)
        check(schemas.TEAMS, card.body)
        assert len(card.content) <= schemas.TEAMS_BYTES
        [post] = sent("slack", some)
        check(schemas.SLACK, post.body)
        assert len(some) > 1 or "CloudTrail event" in json.dumps(post.body)
        assert len(json.dumps(post.body["blocks"], ensure_ascii=False)) <= schemas.SLACK_BLOCKS
        for call in (*sent("topic", some), *sent("chat", some)):
            assert len(call.arguments["Message"].encode()) < 256 * 1024
        assert "CloudTrail event" in sent("chat", some)[0].arguments["Message"]


@settings(max_examples=15)
@given(incidents())
def test_pagerduty(found):
    kind = channels()["pagerduty"].kind
    for each in found:
        for post in (*kind.open(each, target("pagerduty")), *kind.close(each, target("pagerduty"))):
            check(schemas.PAGERDUTY, post.body)
            assert len(post.content) < 512 * 1024


@settings(max_examples=15)
@given(incidents())
def test_servicenow(found):
    kind = channels()["servicenow"].kind
    for each in found:
        [created] = kind.open(each, target("servicenow"))
        check(schemas.SERVICENOW, created.body)
        known = incident_with(each, kind.reference({"result": {"sys_id": "f" * 32}}))
        [resolved] = kind.close(known, target("servicenow"))
        check(schemas.SERVICENOW_RESOLVED, resolved.body)


@settings(max_examples=15)
@given(incidents())
def test_zendesk(found):
    kind = channels()["zendesk"].kind
    for each in found:
        [created] = kind.open(each, target("zendesk"))
        check(schemas.ZENDESK, created.body)
        assert not re.search(r"\{[{%]", json.dumps(created.body["ticket"]["comment"]["body"]))
        assert len(created.headers["Idempotency-Key"]) <= 255
        known = incident_with(each, kind.reference({"ticket": {"id": 7}}))
        [solved] = kind.close(known, target("zendesk"))
        check(schemas.ZENDESK_SOLVED, solved.body)


@settings(max_examples=15)
@given(incidents())
def test_security_hub(found):
    kind = channels()["security_hub"].kind
    for each in found:
        calls = [
            *kind.open(each, target("security_hub")),
            *kind.close(each, target("security_hub")),
        ]
        for call in calls:
            valid_call(call)
        for call in calls[:2]:
            [finding] = call.arguments["Findings"]
            check(schemas.ASFF, finding)
        assert len(calls[2].arguments["Note"]["Text"]) <= 512


@settings(max_examples=15)
@given(incidents(), REVERTS)
def test_an_endpoint(found, reverts):
    [post] = sent("https", found, reverts)
    time, code = post.headers[SIGNATURE].removeprefix("t=").split(",v1=")
    expected = hmac.new(KEY.encode(), f"{time}.".encode() + post.content, "sha256").hexdigest()
    assert code == expected
    assert len(post.body["incidents"]) == len(found)


def incident_with(found, reference):
    from dataclasses import replace

    return replace(found, reference=reference)


@cache
def model(service):
    return get_session().get_service_model(service)


def valid_call(call):
    """Check against botocore's model, which AWS writes."""
    operation = "".join(each.capitalize() for each in call.method.split("_"))
    shape = model(call.service).operation_model(operation).input_shape
    report = ParamValidator().validate(call.arguments, shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_arns_are_of_the_partition(partition):
    where = target("security_hub", partition=partition)
    [call] = channels()["security_hub"].kind.open(incident(), where)
    [finding] = call.arguments["Findings"]
    assert finding["ProductArn"].startswith(f"arn:{partition}:securityhub:")
    assert finding["Resources"][0]["Id"] == f"arn:{partition}:s3:::{BUCKET}"


def test_alerts_of_one_cause_are_one_incident_headed_by_the_worst():
    found = grouped(
        [
            ("1", alert("policy-changed")),
            ("2", alert("policy-public")),
            ("3", alert("policy-public")),
        ]
    )
    [one] = found
    assert one.head["id"] == "policy-public"
    assert [each["id"] for each in one.alerts] == ["policy-public", "policy-changed"]
    assert one.messages == ("1", "2", "3")


def test_alerts_of_other_causes_are_other_incidents():
    others = [alert(), alert(bucket="acme-2"), alert(aspect="acl"), alert(actor=actor(issuer="a"))]
    assert len(grouped([(str(at), each) for at, each in enumerate(others)])) == 4


@pytest.mark.parametrize(
    "message",
    ["", "[]", "{}", '{"detail": 1, "detail-type": "x"}', envelope(1), envelope({}),
     envelope({**alert(), "version": "2"}), envelope({**alert(), "severity": "worst"}),
     envelope(alert(), "Bucketward Revert"),
     # One account speaks for another.
     envelope(alert(), account="444455556666"),
     envelope(revert(), "Bucketward Revert", account="444455556666")],
)  # fmt: skip
def test_what_is_no_event_is_refused(message):
    with pytest.raises(BadInput):
        received(message)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!here> & <@U1>", "&lt;!here&gt; &amp; &lt;@U1&gt;"),
        ("*bold*", "\u200b*bold\u200b*"),
        ("arn:aws:iam::1:role/a_b", "arn:aws:iam::1:role/a_b"),
        ("[a](https://x)", "[a]\u200b(https://x)"),
    ],
)
def test_markup_of_others_stays_text(text, shown):
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "secret",
    ["", "http://example.com", "file:///etc/passwd", '{"key": "x"}', "https://a\r\nHost: b",
     '{"url": 1}', "ftp://x"],
)  # fmt: skip
def test_a_secret_without_an_https_address_is_refused_and_not_shown(secret):
    from bucketward.channels import Target

    where = Target(ACCOUNT, "eu-central-1", "aws", "arn:of:secret", secret)
    with pytest.raises(BadInput) as error:
        channels()["slack"].kind.write([incident()], [], where)
    assert not secret or secret not in str(error.value)
    assert not secret or secret not in repr(where)


def test_a_short_key_is_refused():
    from bucketward.channels import Target

    secret = json.dumps({"url": "https://example.com", "key": "short"})
    with pytest.raises(BadInput, match="shorter than 16"):
        channels()["https"].kind.write([incident()], [], Target(ACCOUNT, "x", "aws", CHAT, secret))


@pytest.mark.parametrize(
    "answer", [None, {}, {"result": {"sys_id": "../x"}}, {"result": {"sys_id": 1}}]
)
def test_a_reference_that_could_lead_elsewhere_is_refused(answer):
    with pytest.raises((BadInput, AttributeError)):
        channels()["servicenow"].kind.reference(answer)
    with pytest.raises((BadInput, AttributeError)):
        channels()["zendesk"].kind.reference({"ticket": {"id": "1/../2"}})
