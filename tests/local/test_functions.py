"""The Lambda runtime and Systems Manager's steps, with functions of the test's own."""

import json
import shutil
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from bucketward_tools.local import NotEmulated
from bucketward_tools.local.events import DeadLettered, Denied, Invoked, LogLost, Lost
from local.story import of_kind

SMALL = Path(__file__).with_name("small.yaml")


@pytest.fixture
def deploy(open_account, tmp_path):
    """Deploy the small template with a handler, given as source text."""

    def deploy_one(source, **options):
        shutil.copy(SMALL, tmp_path / "template.yaml")
        (tmp_path / "code").mkdir()
        (tmp_path / "code" / "handler.py").write_text(source)
        return open_account(path=tmp_path / "template.yaml", parameters={}, **options)

    yield deploy_one
    sys.modules.pop("code.handler", None)


def function_of(account):
    (function,) = account.wiring.functions.values()
    return function


def invoke(account, event=None):
    return account.functions.invoke(function_of(account), event, "test")


def test_a_handler_gets_event_environment_and_context(deploy):
    account = deploy(
        "import os\n"
        "def run(event, context):\n"
        "    return [event, os.environ['GREETING'], os.environ['FIRST'],\n"
        "            os.environ['AWS_REGION'],\n"
        "            os.environ['AWS_LAMBDA_FUNCTION_NAME'], context.function_name,\n"
        "            context.invoked_function_arn, context.get_remaining_time_in_millis()]\n"
    )
    name = "bucketward-Function"
    arn = f"arn:aws:lambda:eu-central-1:111122223333:function:{name}"
    assert invoke(account, {"a": 1}).payload == [
        *({"a": 1}, "hello eu-central-1", "a", "eu-central-1", name, name, arn, 10_000)
    ]


def test_what_json_cannot_hold_is_an_error_after_the_handler_ran(deploy):
    account = deploy(
        "import datetime\ndef run(event, context):\n    return datetime.date.today()\n"
    )
    result = invoke(account)
    assert result.kind == "Runtime.MarshalError"


def test_a_handler_that_waits_too_long_is_killed_and_cannot_catch_it(deploy):
    account = deploy(
        "import time\n"
        "def run(event, context):\n"
        "    try:\n"
        "        time.sleep(11)\n"
        "    except Exception:\n"
        "        return 'caught'\n"
    )
    before = account.clock.now
    result = invoke(account)
    assert result.error == "Task timed out after 10.00 seconds"
    assert (account.clock.now - before).total_seconds() == 11


def test_waits_take_virtual_time_only(deploy):
    account = deploy("import time\ndef run(event, context):\n    time.sleep(9)\n")
    before = account.clock.now
    assert invoke(account).error is None
    assert (account.clock.now - before).total_seconds() == 9


def test_an_asynchronous_event_is_tried_three_times_then_dead_lettered(deploy):
    account = deploy("def run(event, context):\n    raise ValueError(event['why'])\n")
    start = account.clock.now
    account.functions.invoke_asynchronously(function_of(account), {"why": "no"}, "test")
    account.settle()
    tried = of_kind(account, Invoked)
    assert [(each.time - start).total_seconds() for each in tried] == [0, 60, 180]
    assert {each.error for each in tried} == {"no"}
    assert account.messages("Letters") == [{"why": "no"}]
    (letter,) = of_kind(account, DeadLettered)
    assert letter.error == "no"


def drop(action):
    def edit(translated):
        (policy,) = translated["Resources"]["Role"]["Properties"]["Policies"]
        document = policy["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if s["Action"] != action]

    return edit


def test_without_permission_a_dead_letter_is_lost_and_said_to_be(deploy):
    account = deploy(
        "def run(event, context):\n    raise ValueError\n", edit=drop("sqs:SendMessage")
    )
    account.functions.invoke_asynchronously(function_of(account), {}, "test")
    account.settle()
    assert of_kind(account, DeadLettered) == []
    assert len(of_kind(account, Lost)) == 1


def test_output_is_the_log_and_its_metrics_count(deploy):
    line = (
        '{"_aws": {"CloudWatchMetrics": [{"Namespace": "N", "Dimensions": [["d"]],'
        ' "Metrics": [{"Name": "M"}]}]}, "d": "x", "M": [2.0]}'
    )
    account = deploy(f"def run(event, context):\n    print('hello')\n    print('''{line}''')\n")
    invoke(account)
    assert account.logs.lines == {"/aws/lambda/bucketward-Function": ["hello", line]}
    (metric,) = account.logs.metrics
    assert (metric.namespace, metric.name, metric.dimensions, metric.value) == (
        *("N", "M", {"d": "x"}, 2.0),
    )


def test_the_frameworks_log_is_the_functions_where_it_began_in_a_stream_that_is_closed(
    deploy, monkeypatch
):
    from bucketward._log import logger

    began = TextIOWrapper(BytesIO())
    began.close()
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", began)
    account = deploy(
        "from bucketward._log import logger\n"
        "def run(event, context):\n    logger.warning('hello')\n"
    )
    invoke(account)
    (line,) = account.logs.lines["/aws/lambda/bucketward-Function"]
    assert json.loads(line)["message"] == "hello"


def test_without_permission_the_log_is_lost_and_its_metrics_with_it(deploy):
    account = deploy("def run(event, context):\n    print('hello')\n", edit=drop("logs:*"))
    invoke(account)
    assert account.logs.lines == {}
    # The template has no log group of that name, so Lambda would have to create it.
    assert [each.action for each in of_kind(account, Denied)] == ["logs:CreateLogGroup"]
    assert len(of_kind(account, LogLost)) == 1


def test_a_call_whose_permission_is_not_known_is_never_let_through(deploy):
    account = deploy(
        "import boto3\n"
        "def run(event, context):\n"
        "    try:\n"
        "        boto3.client('ec2').describe_instances()\n"
        "    except Exception:\n"
        "        return 'swallowed'\n"
    )
    with pytest.raises(NotEmulated, match="ec2"):
        invoke(account)


def test_a_call_in_a_thread_of_the_function_is_checked_as_its_role(deploy):
    account = deploy(
        "import boto3\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def read(_):\n"
        "    try:\n"
        "        boto3.client('s3').get_bucket_acl(Bucket='acme')\n"
        "    except Exception as error:\n"
        "        return error.response['Error']['Code']\n"
        "def run(event, context):\n"
        "    with ThreadPoolExecutor(2) as pool:\n"
        "        return list(pool.map(read, range(2)))\n"
    )
    assert invoke(account).payload == ["AccessDenied"] * 2


# ---- Systems Manager -----------------------------------------------------------------------------

ECHO = "def run(event, context):\n    return event\n"


def run_document(account, **given):
    (name, content), *_ = account.wiring.documents.items()
    (role,) = account.wiring.roles
    parameters = {"AutomationAssumeRole": role, **given}
    return account.automation.run("execution-1", name, content, parameters)


def test_a_document_passes_parameters_and_outputs_on(deploy):
    account = deploy(ECHO)
    execution = run_document(account, Word="hello")
    assert execution.status == "Success"
    assert execution.outputs["Check.Payload"] == '{"word": "hello", "sentence": "say hello!"}'
    assert "Never.Payload" not in execution.outputs


def test_a_parameter_outside_its_pattern_starts_nothing(deploy):
    account = deploy(ECHO)
    execution = run_document(account, Word="no; spaces")
    assert (execution.status, of_kind(account, Invoked)) == ("Failed", [])
    assert "Word" in str(execution.failure)


def test_a_function_that_raises_fails_the_execution_through_the_script(deploy):
    account = deploy("def run(event, context):\n    raise ValueError('not today')\n")
    execution = run_document(account)
    assert execution.status == "Failed"
    assert "Step Check failed: ValueError: not today" in str(execution.failure)


def test_a_role_that_may_not_invoke_fails_the_execution(deploy):
    account = deploy(ECHO, edit=drop("lambda:InvokeFunction"))
    execution = run_document(account)
    assert "is not authorized to perform: lambda:InvokeFunction" in str(execution.failure)


@pytest.mark.parametrize(
    "step",
    [{"action": "aws:approve"}, {"onFailure": "Continue"}, {"nextStep": "Never"}],
    ids=str,
)
def test_a_step_that_is_not_emulated_says_so(deploy, step):
    def edit(translated):
        content = translated["Resources"]["Document"]["Properties"]["Content"]
        content["mainSteps"][0].update(step)

    account = deploy(ECHO, edit=edit)
    with pytest.raises(NotEmulated):
        run_document(account)
