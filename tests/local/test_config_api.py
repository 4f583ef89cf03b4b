"""What the stand-in for AWS Config's API takes, refuses and answers."""

import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from bucketward_tools.local import NotEmulated
from bucketward_tools.local.events import Evaluated
from local.story import LAKE, LOGS, of_kind

RULE = "bucketward-bucket-versioning"


def evaluation(**changes):
    return {
        "ComplianceResourceType": "AWS::S3::Bucket",
        "ComplianceResourceId": LAKE,
        "ComplianceType": "COMPLIANT",
        "Annotation": "ok",
        "OrderingTimestamp": "2026-03-02T10:00:00Z",
        **changes,
    }


@pytest.fixture
def token(account):
    """Return a token that a function was given, with nothing reported for it yet."""
    invoked = []
    account.functions.invoke_asynchronously = lambda function, event, trigger: invoked.append(event)
    item = account.recorder.items[LAKE][-1]
    message = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": item}
    account.config.invoke(account.wiring.rules[RULE], json.dumps(message))
    account.settle()
    (event,) = invoked
    return event["resultToken"]


def put(account, token, *evaluations, **more):
    config = account.client("config")
    answer = config.put_evaluations(Evaluations=list(evaluations), ResultToken=token, **more)
    account.settle()
    return answer


def refused(call):
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"]


def test_an_evaluation_with_a_known_token_counts(account, token):
    assert put(account, token, evaluation())["FailedEvaluations"] == []
    assert account.compliance(RULE, LAKE) == "COMPLIANT"
    assert account.config.evaluations[RULE, LAKE].annotation == "ok"


@pytest.mark.parametrize(
    "changes",
    [
        {"Annotation": "x" * 257},
        {"ComplianceType": "INSUFFICIENT_DATA"},
        {"ComplianceResourceType": "AWS::EC2::Instance"},
    ],
    ids=str,
)
def test_an_evaluation_outside_the_documented_limits_is_refused(account, token, changes):
    code = refused(lambda: put(account, token, evaluation(**changes)))
    assert code == "InvalidParameterValueException"
    assert of_kind(account, Evaluated) == []


def test_256_characters_and_100_evaluations_are_the_most(account, token):
    many = [evaluation(Annotation="x" * 256)] * 100
    put(account, token, *many)
    assert refused(lambda: put(account, token, *many, many[0])) == "InvalidParameterValueException"


def test_an_unknown_token_is_refused_but_for_a_test(account):
    assert refused(lambda: put(account, "TESTMODE", evaluation())) == "InvalidResultTokenException"
    put(account, "TESTMODE", evaluation(), TestMode=True)
    assert of_kind(account, Evaluated) == []


def test_the_newer_ordering_timestamp_wins(account, token):
    put(account, token, evaluation(OrderingTimestamp="2026-03-03T00:00:00Z"))
    put(account, token, evaluation(ComplianceType="NON_COMPLIANT"))
    assert account.compliance(RULE, LAKE) == "COMPLIANT"
    put(account, token, evaluation(ComplianceType="NOT_APPLICABLE", OrderingTimestamp="2026-03-04"))
    assert account.compliance(RULE, LAKE) == "NOT_APPLICABLE"


def items(account, **request):
    answer = account.client("config").get_resource_config_history(
        resourceType="AWS::S3::Bucket", resourceId=LAKE, **request
    )
    return answer["configurationItems"], answer.get("nextToken")


def toggle(account, times, gap):
    for number in range(times):
        status = "Suspended" if number % 2 == 0 else "Enabled"
        account.wiring.remediations.clear()
        account.client("s3").put_bucket_versioning(
            Bucket=LAKE, VersioningConfiguration={"Status": status}
        )
        account.settle()
        account.clock.sleep(gap.total_seconds())


def states(found):
    return [int(item["configurationStateId"]) for item in found]


def test_history_comes_newest_first_in_pages(account):
    toggle(account, 6, timedelta(minutes=5))
    first, token = items(account, limit=4)
    second, end = items(account, limit=4, nextToken=token)
    assert (len(first), len(second), end) == (4, 3, None)
    assert states(first + second) == sorted(states(first + second), reverse=True)
    forward, _ = items(account, chronologicalOrder="Forward")
    assert states(forward) == states(first + second)[::-1]


def test_one_page_of_history_spans_seven_days_at_most(account):
    toggle(account, 3, timedelta(days=5))
    first, token = items(account)
    assert len(first) == 2
    assert token


def test_history_within_a_window(account):
    toggle(account, 3, timedelta(hours=1))
    (_, middle, *_), _ = items(account)
    at = middle["configurationItemCaptureTime"]
    found, _ = items(account, earlierTime=at, laterTime=at)
    assert states(found) == [int(middle["configurationStateId"])]


def test_history_of_an_unknown_bucket_is_not_discovered(account):
    config = account.client("config")
    code = refused(
        lambda: config.get_resource_config_history(
            resourceType="AWS::S3::Bucket", resourceId="nobody"
        )
    )
    assert code == "ResourceNotDiscoveredException"


def test_re_evaluation_is_limited_to_once_a_minute(account):
    config = account.client("config")

    def start():
        config.start_config_rules_evaluation(ConfigRuleNames=[RULE])

    start()
    assert refused(start) == "LimitExceededException"
    account.clock.sleep(61)
    start()
    account.settle()
    reported = [each.bucket for each in of_kind(account, Evaluated)]
    assert sorted(reported) == sorted([LAKE, LOGS] * 2)
    unknown = refused(lambda: config.start_config_rules_evaluation(ConfigRuleNames=["nobody"]))
    assert unknown == "NoSuchConfigRuleException"


def test_an_operation_that_is_not_emulated_says_so(account):
    with pytest.raises(NotEmulated):
        account.client("config").describe_aggregation_authorizations()
