"""Every channel end to end: a real drift in the local account, and what its receiver gets."""

import hmac
import json
from types import SimpleNamespace

import pytest

from bucketward_tools.local.events import DeadLettered, Denied, Invoked, Published
from channels.conftest import opened, receiving
from channels.told import BUCKET, CHAT, DEPLOY, KEY, MALLORY, SECRETS, account_revert, alert

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
HERE = {"LocationConstraint": "eu-central-1"}
FAST = {"Remediation": "recommended", "FastRevert": "true"}


def make(account, name=BUCKET):
    s3 = account.client("s3", DEPLOY)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
    account.settle()
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    account.settle()
    account.events.clear()


def drift(account, name=BUCKET):
    account.client("s3", MALLORY).put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Suspended"}
    )


def published(account, topic):
    return [e for e in account.events if isinstance(e, Published) and e.topic == topic]


def faults(account):
    failed = [
        each
        for each in account.events
        # A rule that cannot tell yet who it was raises, and is invoked again.
        if isinstance(each, Invoked) and each.error and "not known yet" not in each.error
    ]
    return failed + [e for e in account.events if isinstance(e, Denied | DeadLettered)]


@pytest.fixture(scope="module")
def reverted(tmp_path_factory):
    """Every channel is on; somebody suspends versioning, and it is put back at once."""
    with receiving(tmp_path_factory.mktemp("reverted")) as receivers:
        with opened(receivers, *SECRETS, AlertPhone="+15550100", **FAST) as account:
            account.client("securityhub").enable_security_hub()
            make(account)
            drift(account)
            account.settle()
            findings = account.client("securityhub").get_findings()["Findings"]
        yield SimpleNamespace(receivers=receivers, account=account, findings=findings)


def test_nothing_is_refused_lost_or_failed_on_the_way(reverted):
    assert faults(reverted.account) == []


def test_the_notifier_needs_every_permission_that_it_has(reverted):
    [role] = [r for r in reverted.account.wiring.roles.values() if r.logical_id == "NotifierRole"]
    granted = [statement["Action"] for statement in role.statements]
    allowed = {a for each in granted for a in ([each] if isinstance(each, str) else each)}
    used = {action for name, action, _ in reverted.account.used if name == "NotifierRole"}
    # Lambda itself hides a message for longer where it must; a claim is given up after a failure.
    assert allowed - used == {"sqs:ChangeMessageVisibility", "dynamodb:DeleteItem"}


@pytest.mark.parametrize("name", ["slack", "teams"])
def test_a_webhook_gets_one_message_of_the_drift_and_its_end(reverted, name):
    [body] = reverted.receivers.bodies(f"/{name}")
    text = json.dumps(body)
    assert "[RESOLVED] Bucket versioning suspended" in text
    assert f"bucketward approve {BUCKET} --aspect versioning" in text
    for part in (BUCKET, MALLORY, '\\"Suspended\\"', "bucketward undo 20"):
        assert part in text


def test_pagerduty_is_triggered_and_resolved_by_the_same_key(reverted):
    trigger, resolve = reverted.receivers.bodies("/v2/enqueue")
    assert [trigger["event_action"], resolve["event_action"]] == ["trigger", "resolve"]
    assert trigger["dedup_key"] == resolve["dedup_key"]
    assert trigger["routing_key"] == KEY


def test_servicenow_has_an_incident_that_is_resolved(reverted):
    created, resolved = reverted.receivers.requests("/api/now/table/incident")
    assert (created["method"], resolved["method"]) == ("POST", "PATCH")
    assert resolved["path"].endswith("/" + "a" * 32)
    assert created["headers"]["Authorization"] == "Basic YnVja2V0d2FyZDpw"
    assert json.loads(resolved["body"])["state"] == "6"


def test_zendesk_has_a_ticket_that_is_solved(reverted):
    created, solved = reverted.receivers.requests("/api/v2/tickets")
    assert created["headers"]["Idempotency-Key"]
    assert (solved["method"], solved["path"]) == ("PUT", "/api/v2/tickets/35436.json")
    assert json.loads(solved["body"])["ticket"]["status"] == "solved"


def test_security_hub_has_a_finding_that_is_resolved(reverted):
    [finding] = reverted.findings
    assert finding["GeneratorId"] == "bucketward/versioning-suspended"
    assert finding["Resources"][0]["Id"] == f"arn:aws:s3:::{BUCKET}"
    assert finding["Workflow"] == {"Status": "RESOLVED"}
    assert finding["RecordState"] == "ARCHIVED"
    assert "bucketward undo" in finding["ProductFields"]["bucketward/undo-the-revert"]


def test_an_endpoint_gets_the_events_signed(reverted):
    [request] = reverted.receivers.requests("/hook")
    time, _, code = request["headers"]["Bucketward-Signature"].partition(",")
    signed = f"{time.removeprefix('t=')}.{request['body']}".encode()
    assert code == "v1=" + hmac.new(KEY.encode(), signed, "sha256").hexdigest()
    [told] = json.loads(request["body"])["incidents"]
    assert told["status"] == "resolved"
    assert told["revert"]["control"] == "bucket_drift"
    assert told["alerts"][0]["changes"] == [
        {"aspect": "versioning", "path": "Status", "before": '"Enabled"', "after": '"Suspended"'}
    ]


def test_mail_and_sms_get_each_their_text(reverted):
    [message] = published(reverted.account, "bucketward-AlertTopic")
    texts = json.loads(message.message)
    assert message.subject.startswith("[RESOLVED] Bucket versioning suspended")
    assert f"bucketward approve {BUCKET} --aspect versioning" in texts["default"]
    assert len(texts["sms"]) <= 300


def test_chat_gets_a_custom_notification_in_the_incidents_thread(reverted):
    [message] = published(reverted.account, CHAT)
    told = json.loads(message.message)
    assert (told["version"], told["source"]) == ("1.0", "custom")
    assert told["metadata"]["threadId"].startswith("bucketward-")


# ---- Bursts, duplicates, failures ---------------------------------------------------------------


@pytest.fixture
def receivers(tmp_path):
    with receiving(tmp_path) as found:
        yield found


def test_a_burst_is_one_message_and_the_same_again_is_none(receivers):
    names = [f"acme-{number}" for number in range(3)]
    with opened(receivers, "slack", "pagerduty") as account:
        for name in names:
            make(account, name)
        for name in names:
            drift(account, name)
            drift(account, name)
        account.settle()
        [body] = receivers.bodies("/slack")
        assert all(name in json.dumps(body) for name in names)
        # Several settings weakened by one principal are one more incident, and a worse one.
        keys = [each["dedup_key"] for each in receivers.bodies("/v2/enqueue")]
        assert len(keys) == len(set(keys)) == 3
        drift(account, names[0])
        account.settle()
        drift(account, names[0])
        account.settle()
        assert len(receivers.bodies("/slack")) <= 2
        account.clock.later(2 * 3600, lambda: drift(account, names[1]))
        before = len(receivers.bodies("/slack"))
        account.settle()
        assert len(receivers.bodies("/slack")) == before + 1


def test_a_channel_that_fails_is_tried_again_and_holds_up_no_other(receivers):
    failing = {"slack": f"{receivers.url}/fail/2/x", "teams": f"{receivers.url}/fail/99/y"}
    with opened(receivers, "slack", "teams", "https", secrets=failing) as account:
        make(account)
        drift(account)
        account.settle()
        assert len(receivers.requests("/hook")) == 1
        assert len(receivers.requests("/fail/2")) == 3
        assert len(receivers.requests("/fail/99")) == 5
        [letter] = account.messages("TeamsDeadLetters")
        assert letter["detail"]["id"] == "versioning-suspended"
        lost = {e.queue for e in account.events if isinstance(e, DeadLettered)}
        assert lost == {"bucketward-TeamsDeadLetters"}
        assert "TeamsDeadLettersAlarm" in account.logs.alarmed()


def test_a_redirect_is_not_followed_and_no_secret_is_logged(receivers):
    with opened(receivers, "slack", secrets={"slack": f"{receivers.url}/redirect/x"}) as account:
        make(account)
        drift(account)
        account.settle()
        assert receivers.requests("/stolen") == []
        [letter] = account.messages("SlackDeadLetters")
        assert letter["detail"]["bucket"] == BUCKET
        lines = json.dumps([str(line) for group in account.logs.lines.values() for line in group])
        assert "the answer was 302" in lines
        assert "/redirect" not in lines


def test_a_revert_of_the_account_ends_its_incident(receivers):
    aspect = {"aspect": "account_public_access_block", "changes": {}}
    block = alert("account-public-access-block-weakened", bucket=None, **aspect)
    bus = "bucketward-alerts"
    with opened(receivers, "slack", "zendesk") as account:
        account.bus.put("bucketward", "Bucketward Alert", block, [], bus=bus)
        account.settle()
        account.bus.put("bucketward", "Bucketward Revert", account_revert(), [], bus=bus)
        account.settle()
        assert faults(account) == []
        assert ["RESOLVED" in json.dumps(each) for each in receivers.bodies("/slack")] == [
            False,
            True,
        ]
        assert [each["method"] for each in receivers.requests("/api/v2/tickets")] == ["POST", "PUT"]


def test_below_the_least_severity_nothing_is_told(receivers):
    with opened(receivers, "slack", "https", SlackSeverity="critical") as account:
        make(account)
        drift(account)
        account.settle()
        assert receivers.requests("/slack") == []
        assert len(receivers.requests("/hook")) == 1
