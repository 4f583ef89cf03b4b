"""Each channel is off by default, has a queue and an alarm of its own, and reads its own secret."""

import json

import pytest

from bucketward.channels import channels
from bucketward_tools.local.patterns import matches

CHANNELS = list(channels().values())
PARTS = {
    "Alerts": "AWS::Events::Rule",
    "Deliveries": "AWS::SQS::Queue",
    "DeadLetters": "AWS::SQS::Queue",
    "DeliverySource": "AWS::Lambda::EventSourceMapping",
    "DeadLettersAlarm": "AWS::CloudWatch::Alarm",
}
ON = {
    "AlertEmail": "ops@example.com",
    "ChatTopicArn": "arn:aws:sns:eu-central-1:111122223333:chat",
    "SecurityHub": "true",
}


def switch(channel):
    name = channel.name.replace("_", "")
    arn = f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:{name}-AbCdEf"
    return {channel.parameter: ON.get(channel.parameter, arn)}


def existing(app, **parameters):
    return dict(app.stack(**parameters).resources())


def role(stack):
    found = dict(stack.of_type("AWS::IAM::Role"))["NotifierRole"]
    return found["Policies"][0]["PolicyDocument"]["Statement"]


def test_no_channel_is_on_by_default(shipped):
    resources = existing(shipped)
    for each in CHANNELS:
        assert not {f"{each.prefix}{part}" for part in PARTS} & resources.keys()
    assert (
        not {"NotifierFunction", "NotifierRole", "AlertTopic", "DeliveriesPolicy"}
        & resources.keys()
    )


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda each: each.name)
def test_a_channel_that_is_on_has_its_parts_and_no_other_channel_any(shipped, channel):
    resources = existing(shipped, **switch(channel))
    for each in CHANNELS:
        parts = {f"{each.prefix}{part}": kind for part, kind in PARTS.items()}
        there = {name: kind for name, kind in resources.items() if name in parts}
        assert there == (parts if each is channel else {})


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda each: each.name)
def test_the_notifier_may_only_what_its_channels_need(shipped, channel):
    stack = shipped.stack(**switch(channel))
    by_sid = {each["Sid"]: each for each in role(stack)}
    expected = {"TakeAlerts", "RememberIncidents", "Log"}
    more = {
        "topic": "PublishAlerts",
        "chat": "PublishToChat",
        "security_hub": "ReportFindings",
    }.get(channel.name, f"Read{channel.prefix}Secret")
    assert by_sid.keys() == expected | {more}
    assert by_sid["TakeAlerts"]["Resource"] == [
        stack.attribute(f"{channel.prefix}Deliveries", "Arn")
    ]
    if channel.secret:
        assert by_sid[more]["Resource"] == switch(channel)[channel.parameter]
    assert "*" not in json.dumps([each["Resource"] for each in by_sid.values()]).replace(":*", "")
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "incident#*"}}
    assert by_sid["RememberIncidents"]["Condition"] == condition


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda each: each.name)
def test_what_a_channel_loses_is_kept_and_raises_an_alarm(shipped, channel):
    stack = shipped.stack(**switch(channel))
    queues = dict(stack.of_type("AWS::SQS::Queue"))
    letters = stack.attribute(f"{channel.prefix}DeadLetters", "Arn")
    deliveries = queues[f"{channel.prefix}Deliveries"]
    assert deliveries["RedrivePolicy"] == {"deadLetterTargetArn": letters, "maxReceiveCount": 5}
    assert deliveries["VisibilityTimeout"] >= 6 * 60 + 20
    kept = queues[f"{channel.prefix}DeadLetters"]["MessageRetentionPeriod"]
    assert kept == 14 * 24 * 3600 > deliveries["MessageRetentionPeriod"]
    assert all(
        queues[f"{channel.prefix}{part}"]["SqsManagedSseEnabled"]
        for part in ("Deliveries", "DeadLetters")
    )
    rule = dict(stack.of_type("AWS::Events::Rule"))[f"{channel.prefix}Alerts"]
    assert rule["Targets"][0]["DeadLetterConfig"]["Arn"] == letters
    alarm = dict(stack.of_type("AWS::CloudWatch::Alarm"))[f"{channel.prefix}DeadLettersAlarm"]
    name = stack.attribute(f"{channel.prefix}DeadLetters", "QueueName")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": name}]


@pytest.mark.parametrize("least", ["low", "medium", "high", "critical"])
def test_the_least_severity_holds_back_alerts_and_no_revert(shipped, least):
    severities = ["low", "medium", "high", "critical"]
    slack = next(each for each in CHANNELS if each.name == "slack")
    stack = shipped.stack(**switch(slack), SlackSeverity=least)
    pattern = dict(stack.of_type("AWS::Events::Rule"))["SlackAlerts"]["EventPattern"]

    def taken(kind, severity):
        detail = {"severity": severity}
        return matches(pattern, {"source": "bucketward", "detail-type": kind, "detail": detail})

    told = [each for each in severities if taken("Bucketward Alert", each)]
    assert told == severities[severities.index(least) :]
    assert all(taken("Bucketward Revert", each) for each in severities)
    assert not taken("Something else", "critical")


def test_no_environment_variable_holds_more_than_where_a_secret_is(shipped):
    stack = shipped.stack(**{k: v for each in CHANNELS for k, v in switch(each).items()})
    function = dict(stack.of_type("AWS::Lambda::Function"))["NotifierFunction"]
    variables = function["Environment"]["Variables"]
    for each in CHANNELS:
        queue, minimum, *address = variables[f"BUCKETWARD_CHANNEL_{each.name.upper()}"].split(" ")
        assert queue == stack.attribute(f"{each.prefix}Deliveries", "Arn")
        assert minimum == each.minimum
        assert all(part.startswith("arn:aws:") for part in address)
    # Lambda's limit, with room for the longer names of a real stack.
    assert sum(len(k) + len(str(v)) for k, v in variables.items()) < 3400


@pytest.mark.parametrize(
    ("parameter", "wrong"),
    [("SlackSecretArn", "https://hooks.slack.com/services/T/B/x"), ("SlackSecretArn", "my-secret"),
     ("ChatTopicArn", "chat"), ("AlertPhone", "0151 123"), ("AlertEmail", "ops")],
)  # fmt: skip
def test_a_parameter_takes_no_secret_itself(shipped, parameter, wrong):
    from bucketward_tools.local.errors import TemplateError

    with pytest.raises(TemplateError):
        shipped.stack(**{parameter: wrong}).reference(parameter)
