"""Lambda polls a queue: batches, partial failures, visibility in virtual time, the DLQ."""

import json
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from bucketward_tools.local import TemplateError
from bucketward_tools.local.events import DeadLettered, Denied, Invoked
from local.monitored import bucket, monitored
from local.story import of_kind

PICKY = """
import json
seen = []
def monitor(event, context):
    seen.append([json.loads(each["body"])["n"] for each in event["Records"]])
    bad = [r for r in event["Records"] if json.loads(r["body"])["n"] in BAD]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in bad]}
"""


def picky(*bad):
    return f"BAD = {list(bad)}\n{PICKY}"


def send(account, *numbers, **options):
    queue = next(each for each in account.wiring.queues.values() if each.logical_id == "Changes")
    for number in numbers:
        account.client("sqs").send_message(
            QueueUrl=queue.url, MessageBody=json.dumps({"n": number}), **options
        )


def invoked(account):
    return [each for each in of_kind(account, Invoked) if each.trigger == "sqs.amazonaws.com"]


def module(account):
    from bucketward_tools.catalogue import load

    return load(account.wiring.function_of("Monitor").module)


def test_messages_come_in_batches_and_are_gone_when_handled(tmp_path):
    with monitored(tmp_path, picky()) as account:
        send(account, *range(7))
        account.settle()
        assert [len(batch) for batch in module(account).seen] == [5, 2]
        assert account.messages("Changes") == []
        assert of_kind(account, DeadLettered) == []


def test_a_record_is_as_lambda_writes_it(tmp_path):
    source = "def monitor(event, context): return event\n"
    with monitored(tmp_path, source) as account:
        send(account, 1, MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}})
        account.settle()
        (record,) = invoked(account)[0].result["Records"]
        assert record["eventSource"] == "aws:sqs"
        assert record["eventSourceARN"].endswith(":bucketward-Changes")
        assert record["attributes"]["ApproximateReceiveCount"] == "1"
        sent = int(record["attributes"]["SentTimestamp"]) / 1000
        assert sent == pytest.approx(account.clock.now.timestamp(), abs=5), "virtual time"
        assert record["messageAttributes"]["k"]["stringValue"] == "v"
        assert set(record) == {
            "messageId",
            "receiptHandle",
            "body",
            "attributes",
            "messageAttributes",
            "md5OfBody",
            "eventSource",
            "eventSourceARN",
            "awsRegion",
        }


def test_only_what_failed_comes_again_and_ends_in_the_dead_letter_queue(tmp_path):
    with monitored(tmp_path, picky(2)) as account:
        send(account, 1, 2, 3)
        account.settle()
        assert [sorted(batch) for batch in module(account).seen] == [[1, 2, 3], [2], [2]]
        times = [each.time for each in invoked(account)]
        gaps = {(later - earlier).total_seconds() for earlier, later in pairwise(times)}
        assert gaps == {361}, "the queue's visibility timeout, and the next poll"
        assert account.messages("Changes") == []
        assert account.messages("Letters") == [{"n": 2}]
        (letter,) = of_kind(account, DeadLettered)
        assert (letter.queue, letter.source) == ("bucketward-Letters", "bucketward-Changes")
        assert letter.body == {"n": 2}


def test_a_function_that_raises_fails_the_batch(tmp_path):
    source = "def monitor(event, context): raise ValueError('no')\n"
    with monitored(tmp_path, source) as account:
        send(account, 1, 2)
        account.settle()
        assert [each.error for each in invoked(account)] == ["no"] * 3
        assert [each["n"] for each in account.messages("Letters")] == [1, 2]
        assert {each.error for each in of_kind(account, DeadLettered)} == {"no"}


@pytest.mark.parametrize(
    ("reply", "tries"),
    [
        ("None", 1),
        ("{}", 1),
        ("{'batchItemFailures': []}", 1),
        ("{'batchItemFailures': None}", 1),
        ("{'batchItemFailures': [{'itemIdentifier': 'unknown'}]}", 3),
        ("{'batchItemFailures': [{'itemIdentifier': ''}]}", 3),
        ("{'batchItemFailures': [{'id': 'x'}]}", 3),
        ("{'batchItemFailures': 'all'}", 3),
    ],
)
def test_what_a_reply_means(tmp_path, reply, tries):
    with monitored(tmp_path, f"def monitor(event, context): return {reply}\n") as account:
        send(account, 1)
        account.settle()
        assert len(invoked(account)) == tries


def test_without_response_types_a_reply_means_nothing(tmp_path):
    def plain(translated):
        mapping = translated["Resources"]["MonitorChanges"]["Properties"]
        del mapping["FunctionResponseTypes"]

    with monitored(tmp_path, picky(1), edit=plain) as account:
        send(account, 1)
        account.settle()
        assert len(invoked(account)) == 1


def test_a_failure_that_passes_is_made_good(tmp_path):
    with monitored(tmp_path, picky(1)) as account:
        send(account, 1)
        account.clock.later(100, module(account).BAD.clear)
        account.settle()
        assert len(invoked(account)) == 2
        assert account.messages("Letters") == []


@pytest.mark.parametrize(
    "action", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
)
def test_the_functions_role_must_be_allowed_to_poll(tmp_path, action):
    def edit(translated):
        statements = translated["Resources"]["Role"]["Properties"]["Policies"][0]
        for statement in statements["PolicyDocument"]["Statement"]:
            if action in statement["Action"]:
                statement["Action"] = [a for a in statement["Action"] if a != action]

    with monitored(tmp_path, edit=edit) as account:
        send(account, 1)
        account.settle()
        assert invoked(account) == []
        assert {each.action for each in of_kind(account, Denied)} == {action}
        assert account.messages("Changes") == [{"n": 1}]


def test_polling_needs_a_visibility_timeout_that_outlasts_the_function(tmp_path):
    def edit(translated):
        translated["Resources"]["Changes"]["Properties"]["VisibilityTimeout"] = 30

    with pytest.raises(TemplateError, match="VisibilityTimeout"), monitored(tmp_path, edit=edit):
        pass


def test_an_event_source_that_is_switched_off_leaves_messages_where_they_are(tmp_path):
    with monitored(tmp_path, picky()) as account:
        functions = account.client("lambda")
        name = "bucketward-Monitor"
        (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        assert (mapping["State"], mapping["BatchSize"]) == ("Enabled", 5)
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        send(account, 1)
        account.settle()
        assert account.messages("Changes") == [{"n": 1}]
        state = functions.get_event_source_mapping(UUID=mapping["UUID"])["State"]
        assert state == "Disabled"
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
        account.settle()
        assert module(account).seen == [[1]]
        functions.delete_event_source_mapping(UUID=mapping["UUID"])
        assert functions.list_event_source_mappings()["EventSourceMappings"] == []
        with pytest.raises(ClientError, match="ResourceNotFound"):
            functions.get_event_source_mapping(UUID=mapping["UUID"])


def test_a_delayed_message_waits_its_time(tmp_path):
    with monitored(tmp_path, picky()) as account:
        started = account.clock.now
        send(account, 1, DelaySeconds=300)
        account.settle()
        assert module(account).seen == [[1]]
        assert (invoked(account)[0].time - started).total_seconds() >= 300


def test_a_window_gathers_a_larger_batch(tmp_path):
    def wide(translated):
        mapping = translated["Resources"]["MonitorChanges"]["Properties"]
        mapping |= {"BatchSize": 20, "MaximumBatchingWindowInSeconds": 30}

    with monitored(tmp_path, picky(), edit=wide) as account:
        started = account.clock.now
        send(account, *range(12))
        account.clock.later(20, lambda: send(account, 12))
        account.settle()
        assert [sorted(batch) for batch in module(account).seen] == [list(range(13))]
        assert (invoked(account)[0].time - started).total_seconds() == 30


def test_looking_into_a_queue_leaves_it_as_it_is(tmp_path):
    with monitored(tmp_path, picky(1)) as account:
        send(account, 1)
        for _ in range(5):
            assert account.messages("Changes") == [{"n": 1}]
        account.settle()
        assert len(invoked(account)) == 3


def test_from_a_write_to_the_function(tmp_path):
    source = (
        "import json\n"
        "def monitor(event, context):\n"
        "    bodies = [json.loads(each['body']) for each in event['Records']]\n"
        "    return {'names': [each['detail']['eventName'] for each in bodies]}\n"
    )
    with monitored(tmp_path, source) as account:
        bucket(account)
        account.settle()
        assert invoked(account)[0].result == {"names": ["CreateBucket"]}
