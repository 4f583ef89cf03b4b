"""Alerts, reverts and secrets that the tests of the channels share."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bucketward.baseline.journal import JournalEntry
from bucketward.changes import ALERTS, Actor
from bucketward.channels import Target, grouped
from bucketward.event import alert_event, revert_event

ACCOUNT, REGION = "111122223333", "eu-central-1"
BUCKET = "acme-data"
DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"
MALLORY = f"arn:aws:iam::{ACCOUNT}:role/Mallory"
CHAT = f"arn:aws:sns:{REGION}:{ACCOUNT}:chat"
KEY = "0123456789abcdef0123456789abcdef"
AT = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Switch:
    """What switches a channel on, and what its secret holds where receivers have this address."""

    switch: dict[str, str]
    arn: str = ""
    content: Callable[[str], str] = lambda url: ""


def _secret(parameter, name, content):
    arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf"
    return Switch({parameter: arn}, arn, content)


SECRETS = {
    "topic": Switch({"AlertEmail": "ops@example.com"}),
    "chat": Switch({"ChatTopicArn": CHAT}),
    "slack": _secret("SlackSecretArn", "slack", lambda url: f"{url}/slack/T0/B0/x"),
    "teams": _secret("TeamsSecretArn", "teams", lambda url: json.dumps({"url": f"{url}/teams/x"})),
    "pagerduty": _secret(
        "PagerDutySecretArn",
        "pagerduty",
        lambda url: json.dumps({"routing_key": KEY, "url": url}),
    ),
    "servicenow": _secret(
        "ServiceNowSecretArn",
        "servicenow",
        lambda url: json.dumps({"url": url, "user": "bucketward", "password": "p"}),
    ),
    "zendesk": _secret(
        "ZendeskSecretArn",
        "zendesk",
        lambda url: json.dumps({"url": url, "email": "ops@example.com", "token": "t"}),
    ),
    "security_hub": Switch({"SecurityHub": "true"}),
    "https": _secret(
        "HttpsSecretArn", "https", lambda url: json.dumps({"url": f"{url}/hook", "key": KEY})
    ),
}


def target(name, url="https://example.com", region=REGION, partition="aws"):
    switch = SECRETS[name]
    address = next(iter(switch.switch.values())) if name != "topic" else CHAT
    return Target(ACCOUNT, region, partition, address, switch.content(url))


def actor(**given):
    identity = {"kind": "AssumedRole", "issuer": MALLORY, "session": "mallory"}
    return Actor(**identity | {"address": "203.0.113.7", "account": ACCOUNT} | given)


def alert(name="policy-public", **given):
    """Write an alert's event as the change monitor does."""
    known = {
        "account": ACCOUNT,
        "region": REGION,
        "bucket": BUCKET,
        "aspect": "policy",
        "standing": "unauthorised",
        "reason": "No authorisation names this role.",
        "action": "revert started",
        "time": AT,
        "event_name": "PutBucketPolicy",
        "event_id": "11111111-2222-4333-8444-555555555555",
        "actor": actor(),
        "changes": {"policy": (None, {"Policy": '{"Statement":[{"Principal":"*"}]}'})},
    }
    return alert_event(ALERTS[name], **known | given)


def revert(**given):
    known = {
        "time": AT.replace(minute=1),
        "account": ACCOUNT,
        "bucket": BUCKET,
        "control": "bucket_drift",
        "before": {"policy": {"Policy": "{}"}},
        "after": {"policy": None},
        "calls": ("DeleteBucketPolicy",),
        "actor": MALLORY,
        "reason": "PutBucketPolicy was unauthorised",
        "id": f"20260201T100100.000000Z-0a1b2c3d-{BUCKET}",
    }
    entry = JournalEntry(**known | given)
    return revert_event(entry, region=REGION, note="reverted and verified")


def account_revert():
    """Write the event of a revert that is of no bucket."""
    flags, name = {"BlockPublicAcls": False}, "account_public_access_block"
    return revert(
        bucket="",
        control=name,
        before={name: flags},
        after={name: {"BlockPublicAcls": True}},
        calls=("PutPublicAccessBlock",),
        id="20260201T100100.000000Z-0a1b2c3d-",
    )


def incident(*alerts, revert=None):
    [found] = grouped([(str(at), each) for at, each in enumerate(alerts or (alert(),))])
    return found.ended_by(revert) if revert else found
