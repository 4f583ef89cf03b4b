"""Resource policies that somebody changes by the API take effect, as those of the template do.

moto keeps what was written and decides nothing by it; what decides is the wiring, which follows.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated

if TYPE_CHECKING:
    from .account import LocalAccount
    from .gateway import Call

_REFUSED = {
    "kms": {"CreateGrant"},
    "sns": {"AddPermission", "DeleteTopic", "RemovePermission"},
    "sqs": {"AddPermission", "DeleteQueue", "RemovePermission"},
}


def check(call: Call) -> None:
    """Raise for a change that the wiring would not follow."""
    if call.operation in _REFUSED.get(call.service, ()) and not call.principal.internal:
        raise NotEmulated(f"{call.service}'s {call.operation} would have no effect here.")


def follow(account: LocalAccount, call: Call) -> None:
    """Let the wiring follow a change that was made."""
    if call.principal.internal:
        return
    params, wiring = call.params, account.wiring
    match call.service, call.operation:
        case "sqs", "SetQueueAttributes":
            for arn, queue in wiring.queues.items():
                if queue.url.rpartition("/")[2] == params["QueueUrl"].rpartition("/")[2]:
                    attributes = dict(params["Attributes"])
                    policy = queue.policy
                    if "Policy" in attributes:
                        policy = _statements(attributes.pop("Policy"))
                    merged = {**queue.attributes, **attributes}
                    wiring.queues[arn] = replace(queue, policy=policy, attributes=merged)
        case "sns", "SetTopicAttributes" if params["AttributeName"] == "Policy":
            topic = wiring.topics.get(params["TopicArn"])
            if topic is not None:
                policy = _statements(params.get("AttributeValue", ""))
                wiring.topics[topic.arn] = replace(topic, policy=policy)
        case "kms", "PutKeyPolicy":
            key = wiring.keys[account.keys.arn(params["KeyId"]).rpartition("/")[2]]
            wiring.keys[key.id] = replace(key, policy=_statements(params["Policy"]))


def _statements(text: str) -> tuple[iam.Statement, ...]:
    document: Any = json.loads(text) if text else {"Statement": []}
    return iam.statements(document)
