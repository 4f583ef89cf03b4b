"""The dashboard shows what there is: each name on it is a resource of the stack or a metric."""

import json
import re

import pytest

from bucketward.metrics import METRICS, SERVICE
from bucketward_tools.generate.alarms import alarms
from bucketward_tools.generate.dashboard import widgets

SEARCH = re.compile(r"""SEARCH\('\{"([^"]+)",(\w+)\} MetricName="(\w+)"', '(\w+)', (\d+)\)""")
VENDED = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ("QueueName", "AWS::SQS::Queue"),
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    ("AWS/Lambda", "Errors"): ("FunctionName", "AWS::Lambda::Function"),
}
EVERYTHING = {
    "CentralBusArn": "arn:aws:events:eu-central-1:999999999999:event-bus/central",
    "CloudTrailLogGroup": "trail",
    "AlertEmail": "ops@example.com",
    "ChatTopicArn": "arn:aws:sns:eu-central-1:111122223333:chat",
    "SecurityHub": "true",
    **{
        f"{each}SecretArn": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a"
        for each in ("Https", "PagerDuty", "ServiceNow", "Slack", "Teams", "Zendesk")
    },
}


@pytest.fixture(scope="module", params=[{}, EVERYTHING], ids=["default", "everything on"])
def stack(request, shipped):
    return shipped.stack(**request.param)


@pytest.fixture(scope="module")
def shown(stack):
    (dashboard,) = [each for _, each in stack.of_type("AWS::CloudWatch::Dashboard")]
    return json.loads(dashboard["DashboardBody"])["widgets"]


def physical(stack, kind):
    return {stack.reference(n).rpartition("/")[2] for n, _ in stack.of_type(kind)}


def test_every_metric_queue_and_function_on_it_exists(stack, shown):
    namespace = "Bucketward/bucketward"
    for widget in shown[1:]:
        assert widget["properties"]["region"] == "eu-central-1"
        for first, *rest in widget["properties"]["metrics"]:
            if isinstance(first, dict):
                found = SEARCH.fullmatch(first["expression"])
                assert found[1] == namespace
                assert METRICS[found[3]].by == found[2]
                continue
            name, dimension, value, _ = rest
            if first == namespace:
                assert name in METRICS
                assert (dimension, value) == SERVICE
            else:
                assert dimension == VENDED[first, name][0]
                assert value in physical(stack, VENDED[first, name][1])


def test_every_alarm_of_the_stack_is_on_it_and_no_other(stack, shown):
    there = {stack.attribute(n, "Arn") for n, _ in stack.of_type("AWS::CloudWatch::Alarm")}
    assert len(shown[0]["properties"]["alarms"]) == len(there) <= 100
    assert set(shown[0]["properties"]["alarms"]) == there


def test_every_metric_is_on_it(shown):
    text = json.dumps(shown)
    assert [name for name in METRICS if name not in text] == []


def test_widgets_fill_the_grid_and_do_not_overlap(shown):
    cells = [
        (x, y)
        for each in shown
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23


def test_its_name_fits_two_regions_and_two_stacks_into_one_account(app):
    name = {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}
    assert app.properties("Dashboard")["DashboardName"] == name


def test_ids_on_a_graph_are_unique_and_as_cloudwatch_wants_them():
    for widget in widgets()[1:]:
        ids = [each[0]["id"] for each in widget["properties"]["metrics"] if len(each) == 1]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[a-z]\w*", each) for each in ids)


def test_an_alarm_that_is_there_under_a_condition_has_the_resource_s(app):
    for each in alarms():
        resource = app.resources[each.name]
        assert resource.get("Condition", "") == each.condition
        if each.queue:
            assert app.resources[each.queue].get("Condition", "") == each.condition
