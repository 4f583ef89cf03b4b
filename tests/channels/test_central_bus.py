"""An alert of a member account reaches the central bus of the organization, and its channels."""

import json

import pytest

from bucketward_tools.catalogue import ROOT
from bucketward_tools.local import LocalAccount, iam, sam
from bucketward_tools.local.bus import matches
from bucketward_tools.local.events import DeadLettered, Denied, Emitted, Forwarded
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack
from channels.conftest import opened, receiving
from channels.told import ACCOUNT, REGION
from local.deployment import only

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

MEMBER, ORGANIZATION = "444455556666", "o-a1b2c3d4e5"
ALARM = "CloudWatch Alarm State Change"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/bucketward-alerts"


def member(central, then=None):
    """Open a member account with the rule on drift alone; ``then`` edits its template."""
    return LocalAccount(
        parameters={"CentralBusArn": central},
        edit=only(["bucket_drift"], then),
        account=MEMBER,
    )


def create_bucket(account):
    mallory = f"arn:aws:iam::{MEMBER}:role/Mallory"
    account.client("s3", mallory).create_bucket(
        Bucket="acme-member", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    account.settle()


def of_kind(account, kind):
    return [each for each in account.events if isinstance(each, kind)]


def central(organization):
    """Return the central account's template, resolved."""
    template = sam.translated(ROOT / "infra/organization/central-bus.yaml", REGION)
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:bucketward-AlarmTopic-EXAMPLE"
    given = {"OrganizationId": organization, "AlarmTopicArn": topic}
    return Stack(template, Place(ACCOUNT, REGION, "aws"), given)


def policy(organization):
    """Return the statements that it puts on its bus."""
    [(_, given)] = central(organization).of_type("AWS::Events::EventBusPolicy")
    assert given["EventBusName"] == BUS.rpartition("/")[2]
    return iam.statements({"Statement": given["Statement"]})


def alarm(account, name, state):
    """Put the event of an alarm that changed its state on the default bus.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    arn = f"arn:aws:cloudwatch:{REGION}:{MEMBER}:alarm:{name}"
    detail = {"alarmName": name, "state": {"value": state, "reason": "Threshold Crossed"}}
    account.bus.put("aws.cloudwatch", ALARM, detail, [arn])


@pytest.fixture(scope="module")
def forwarded():
    with member(BUS) as account:
        create_bucket(account)
        sent = of_kind(account, Forwarded)
        for name, state in [
            ("bucketward-ChangeDeadLettersAlarm-1A2B", "ALARM"),
            ("bucketward-ChangeDeadLettersAlarm-1A2B", "OK"),
            ("somebody-elses", "ALARM"),
        ]:
            alarm(account, name, state)
    return account, sent


def test_every_alert_of_a_member_goes_to_the_central_bus(forwarded):
    account, sent = forwarded
    alerts = [e for e in of_kind(account, Emitted) if e.source == "bucketward"]
    assert [each.event["detail"] for each in sent] == [each.detail for each in alerts]
    assert "bucket-created" in {each.event["detail"]["id"] for each in sent}
    assert {each.bus for each in sent} == {BUS}
    assert of_kind(account, Denied) == of_kind(account, DeadLettered) == []


def test_its_alarms_go_there_too_and_the_central_topic_hears_of_them(forwarded):
    account, alerts = forwarded
    [sent] = [each.event for each in of_kind(account, Forwarded) if each not in alerts]
    assert sent["detail"]["alarmName"] == "bucketward-ChangeDeadLettersAlarm-1A2B"
    [(_, rule)] = central(ORGANIZATION).of_type("AWS::Events::Rule")
    assert matches(rule["EventPattern"], sent)
    assert not matches(rule["EventPattern"], alerts[0].event)
    [target] = rule["Targets"]
    text = target["InputTransformer"]["InputTemplate"]
    for name, path in target["InputTransformer"]["InputPathsMap"].items():
        value = sent
        for part in path.split(".")[1:]:
            value = value[part]
        text = text.replace(f"<{name}>", value)
    assert json.loads(text) == (
        "Alarm bucketward-ChangeDeadLettersAlarm-1A2B in account 444455556666, eu-central-1: "
        "Threshold Crossed"
    )


def test_the_central_bus_lets_in_the_organization_and_nobody_else(forwarded):
    role = forwarded[1][0].role

    def let_in(organization, action="events:PutEvents", bus=BUS):
        request = iam.Request(action, bus, {"aws:PrincipalOrgID": organization}, role)
        return iam.allows(policy(ORGANIZATION), request)

    assert let_in(ORGANIZATION)
    assert not let_in("o-zzzzzzzzzz")
    assert not let_in(ORGANIZATION, action="events:PutRule")
    assert not let_in(ORGANIZATION, bus=f"{BUS}-2")


def test_the_channels_of_the_central_account_tell_of_the_member(forwarded, tmp_path):
    sent = [each.event for each in forwarded[1]]
    with (
        receiving(tmp_path) as receivers,
        opened(receivers, "https", CentralBusArn=BUS) as account,
    ):
        for event in sent:
            account.bus.take(event, "bucketward-alerts")
        account.settle()
        # The central account's stack does not send to its own bus, nor on what it was sent.
        assert of_kind(account, Forwarded) == []
        [body] = receivers.bodies()
        told = json.dumps(body)
    assert MEMBER in told
    assert "acme-member" in told


def test_what_came_from_elsewhere_is_not_passed_on():
    elsewhere = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/bucketward-alerts"
    with member(elsewhere) as account:
        account.bus.take(
            {
                "source": "bucketward",
                "detail-type": "Bucketward Alert",
                "account": ACCOUNT,
                "region": REGION,
                "detail": {"severity": "high"},
            },
            "bucketward-alerts",
        )
        account.settle()
        assert of_kind(account, Forwarded) == []


def test_an_alert_that_may_not_be_passed_on_is_kept_in_a_queue():
    def forbidden(translated):
        translated["Resources"]["CentralAlertsRole"]["Properties"]["Policies"] = []

    with member(BUS, forbidden) as account:
        create_bucket(account)
        [letter, *_] = of_kind(account, DeadLettered)
        assert letter.queue == "bucketward-CentralDeadLetters"
        assert of_kind(account, Forwarded) == []
