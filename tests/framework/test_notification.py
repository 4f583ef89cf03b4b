"""What AWS Config sends, and what only looks like it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward import BadInput
from bucketward.notification import Notification
from framework.samples import (
    CAPTURED,
    NAME,
    change,
    deleted,
    envelop,
    history,
    item,
    oversized,
    without,
)
from framework.test_configuration_item import FIELDS, JSON

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890_000, UTC)


def test_a_change_event_holds_item_diff_and_parameters():
    diff = {"changeType": "UPDATE", "changedProperties": {}}
    notification = Notification.parse(change(item(), diff, ruleParameters='{"days": "3"}'))

    assert notification.item == item()
    assert notification.complete
    assert notification.diff == diff
    assert notification.parameters == {"days": "3"}
    assert notification.resource_id == NAME
    assert not notification.gone


@pytest.mark.parametrize(
    "event",
    [item(), history(item()), json.loads(change(item())["invokingEvent"])],
    ids=["notification's item", "history's item", "invoking event"],
)
def test_an_item_or_an_invoking_event_alone_is_enough(event):
    notification = Notification.parse(event)

    assert notification.resource_id == NAME
    assert notification.complete
    assert notification.parameters == {}


def test_an_invoking_event_that_is_decoded_already_is_read():
    event = change(item())

    assert Notification.parse({**event, "invokingEvent": json.loads(event["invokingEvent"])})


def test_an_oversized_event_holds_the_summary_and_is_not_complete():
    notification = Notification.parse(oversized(item()))

    assert not notification.complete
    assert notification.resource_id == NAME


@pytest.mark.parametrize(
    "captured",
    [
        CAPTURED,
        "2026-03-04T05:06:07.890+00:00",
        "2026-03-04T00:06:07.890000-05:00",
        "2026-03-04T05:06:07.890",
        MOMENT.timestamp(),
        MOMENT,
        MOMENT.replace(tzinfo=None),
    ],
)
def test_the_capture_time_is_read_in_every_form(captured):
    event = {**item(), "configurationItemCaptureTime": captured}

    assert Notification.parse(event).captured == MOMENT


def test_an_event_without_the_scope_flag_has_not_left_it():
    assert not Notification.parse(without(change(item()), "eventLeftScope")).gone


def test_a_bucket_that_left_the_scope_is_gone():
    assert Notification.parse(change(item(), eventLeftScope=True)).gone


@pytest.mark.parametrize(
    "status", ["ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"]
)
def test_a_deleted_bucket_is_gone(status):
    assert Notification.parse(change(deleted(status))).gone


SCHEDULED = {"messageType": "ScheduledNotification", "awsAccountId": "1", "recordVersion": "1.0"}


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (None, "not a JSON object"),
        ([], "not a JSON object"),
        ({}, "neither an invokingEvent nor"),
        ({"invokingEvent": "{"}, "invokingEvent is not JSON"),
        ({"invokingEvent": "[" * 100_000}, "invokingEvent is not JSON"),
        ({"invokingEvent": "[]"}, "invokingEvent is missing or not"),
        ({"invokingEvent": None}, "invokingEvent is missing or not"),
        (envelop(SCHEDULED), "type is 'ScheduledNotification'; this rule runs on Conf"),
        (envelop({"messageType": {"a": "x" * 300_000}}), "The message type is"),
        (envelop({"messageType": "ConfigurationItemChangeNotification"}), "configurationItem is"),
        (
            envelop({"messageType": "OversizedConfigurationItemChangeNotification"}),
            "configurationItemSummary is missing",
        ),
        (change(item(), ruleParameters="nonsense"), "ruleParameters is not JSON"),
        (change(item(), ruleParameters="[1]"), "ruleParameters is missing or not"),
        (change(without(item(), "resourceId")), "no resourceId"),
        (change({**item(), "resourceId": {"a": 1}}), "no resourceId"),
        (change(without(item(), "resourceType", "x")), "no resourceType"),
        (change({**item(), "configurationItemStatus": "Fine"}), "Status is 'Fine'"),
        (change({**item(), "configurationItemStatus": []}), "no configurationItemStatus"),
        (change(without(item(), "configurationItemCaptureTime")), "no valid configurationItemCap"),
        (change({**item(), "configurationItemCaptureTime": "soon"}), "no valid configurationItem"),
        (change({**item(), "configurationItemCaptureTime": 1e300}), "no valid configurationItem"),
        (change({**item(), "configurationItemCaptureTime": True}), "no valid configurationItem"),
    ],
)
def test_another_event_is_bad_input_in_one_short_sentence(event, message):
    with pytest.raises(BadInput, match=message) as error:
        Notification.parse(event)
    assert len(str(error.value)) < 400


ENVELOPE = st.sampled_from(["invokingEvent", "ruleParameters", "messageType", "resourceType"])
INVOKING = st.sampled_from(["messageType", "configurationItem", "configurationItemDiff"])


@given(
    JSON
    | st.dictionaries(ENVELOPE, JSON)
    | st.builds(
        lambda parts, kind: envelop({**parts, "messageType": kind}),
        st.dictionaries(INVOKING, JSON),
        st.sampled_from(["ConfigurationItemChangeNotification", "ScheduledNotification"]),
    )
    | st.builds(lambda fields: {**item(), **fields}, st.dictionaries(FIELDS, JSON))
)
def test_any_event_is_read_or_bad_input_and_never_another_error(event):
    try:
        notification = Notification.parse(event)
    except BadInput:
        return
    assert notification.resource_id
    assert notification.captured.tzinfo
