"""Suppose a change that nobody made, and judge it as the change monitor would.

It is written as CloudTrail's record of it and read from there, so the answer is the monitor's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward import entry
from bucketward.aspects import ASPECTS
from bucketward.changes import Authorisation, Change, judge
from bucketward.changes.principal import linked_service, principal_account
from bucketward.changes.vocabulary import ACCOUNT_BLOCK, SOURCE, WRITES, event_names
from bucketward.clock import now
from bucketward.errors import BadInput, shown

if TYPE_CHECKING:
    from datetime import datetime

    from bucketward.changes import Decision

    from .deployment import Deployment

_NOT_OF_A_BUCKET = "-"


def supposed(actor: str, bucket: str, aspect: str, time: datetime | None = None) -> Change:
    """Return the change that such an actor would make; ``bucket`` is "-" for the account's own."""
    event = _event(aspect)
    of_account = WRITES[event] == ACCOUNT_BLOCK
    if of_account != (bucket == _NOT_OF_A_BUCKET):
        raise BadInput(
            f"{aspect} is a setting of the account; write - for the bucket."
            if of_account
            else f"{aspect} is a setting of a bucket; name the bucket instead of -."
        )
    account = principal_account(actor)
    if account is None:
        raise BadInput(
            f"{shown(actor)} is no role or user; write the whole ARN as IAM shows it, such as "
            "arn:aws:iam::111122223333:role/pipeline/Deploy."
        )
    return Change.from_record(
        {
            "eventVersion": "1.11",
            "eventSource": SOURCE,
            "eventName": event,
            "eventTime": (time or now()).isoformat(),
            "eventID": "supposed",
            "readOnly": False,
            "managementEvent": True,
            "userIdentity": _identity(actor, account),
            "requestParameters": {} if of_account else {"bucketName": bucket},
        }
    )


def judged(deployment: Deployment, change: Change) -> Decision:
    """Judge it by what is decided, what the stack was deployed with, and its own roles."""
    decided = deployment.store.decisions.list("authorisation")
    every = [
        *deployment.from_parameter,
        *(Authorisation.parse(dict(each.body)) for each in decided),
    ]
    account, own = deployment.stack.account, deployment.own_roles
    return judge(change, every, account=account, own_roles=own)


def _event(given: str) -> str:
    """Return the event of an aspect's put, or the event that is named."""
    name = given.strip().replace(" ", "_").replace("-", "_")
    if name in ASPECTS:
        return ASPECTS[name].put.event
    events = event_names(given.strip().removeprefix("s3:"))
    found = next((event for event, aspect in WRITES.items() if aspect == name), None)
    if not events and found is None:
        hint = entry.suggestion(name, sorted(set(WRITES.values())))
        raise BadInput(f"{shown(given)} is no aspect and no event; {hint}")
    return events[0] if events else str(found)


def _identity(actor: str, account: str) -> dict[str, Any]:
    """Write who calls as CloudTrail does; a role calls in a session."""
    name = actor.split(":", 5)[5]
    if name == "root":
        return {"type": "Root", "arn": actor, "accountId": account}
    if name.startswith("user/"):
        return {"type": "IAMUser", "arn": actor, "accountId": account}
    identity: dict[str, Any] = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:supposed",
        "accountId": account,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": actor, "accountId": account}},
    }
    service = linked_service(actor)
    return {**identity, "invokedBy": service} if service else identity
