"""Which of the permissions in docs/operations.md the caller has, by IAM's own simulator."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward.aspects import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployment import Deployment

POLICY = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
"""The policy of docs/operations.md, for a made-up account, Region and stack."""
WRITES = frozenset({"Approve", "Sign", "Decide", "Undo", "WriteBuckets"})
"""Statements that whoever only looks does not need."""
_EVERY = sorted(
    {aspect.get.action for aspect in ASPECTS.values()}
    | {operation.action for aspect in ASPECTS.values() for operation in aspect.writes}
    | {"s3:GetBucketLocation"}
)


def statements(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the policy's statements for a stack, with the exact names of its parts."""
    stack, store = deployment.stack, deployment.store
    here = f"{stack.region}:{stack.account}"
    exact = {
        "arn:aws:cloudformation:*:111122223333:stack/bucketward/*": stack.arn,
        "eu-central-1:111122223333": here,
        "111122223333": stack.account,
        "table/bucketward-Baselines*": f"table/{store.baselines_table}",
        "table/bucketward-Decisions*": f"table/{store.decisions_table}",
        "table/bucketward-Records*": f"table/{store.records_table}",
        "key/*": store.key.rpartition(":")[2],
        "bucketward-*": f"{stack.name}-*",
        "arn:aws:": f"arn:{stack.partition}:",
    }
    text = POLICY
    for made_up, real in exact.items():
        text = text.replace(made_up, real)
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


def lacking(deployment: Deployment) -> Iterator[tuple[str, list[str]]]:
    """Yield each statement's name with those of its actions that the caller may not do."""
    source = _source(deployment)
    for statement in statements(deployment):
        denied = []
        for resource in _list(statement["Resource"]):
            actions = _actions(statement, resource)
            if source is not None and actions:
                denied += _denied(source, actions, resource)
        yield statement["Sid"], denied


def granting(deployment: Deployment, sid: str) -> str:
    """Return the command that grants a statement to the caller."""
    [statement] = [each for each in statements(deployment) if each["Sid"] == sid]
    kind, name = deployment.caller.split(":")[-1].split("/")[:2]
    which = "user" if kind == "user" else "role"
    name = deployment.caller.rpartition("/")[2] if kind == "user" else name
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return (
        f"aws iam put-{which}-policy --{which}-name {name} --policy-name bucketward-{sid} "
        f"--policy-document '{policy}'"
    )


def _source(deployment: Deployment) -> str | None:
    """Return the ARN of the caller's role or user as IAM has it; None for root, who may all."""
    caller = deployment.caller
    *before, path = caller.split(":")
    kind, _, name = path.partition("/")
    if kind == "root":
        return None
    if kind != "assumed-role":
        return caller
    role = name.partition("/")[0]
    iam = _aws.client("iam")
    try:
        return str(iam.get_role(RoleName=role)["Role"]["Arn"])
    except _aws.ClientError:  # whose path is not told; most roles have none
        return f"arn:{before[1]}:iam::{before[4]}:role/{role}"


def _actions(statement: dict[str, Any], resource: str) -> list[str]:
    """Return the actions that go with a resource, spelled out: the simulator takes no wildcard."""
    service = None if resource == "*" else resource.split(":")[2]
    found = []
    for action in _list(statement["Action"]):
        if "*" in action:
            found += [each for each in _EVERY if fnmatchcase(each, action)]
        elif service in {None, action.partition(":")[0]}:
            found.append(action)
    return found


def _denied(source: str, actions: list[str], resource: str) -> list[str]:
    pages = (
        _aws.client("iam")
        .get_paginator("simulate_principal_policy")
        .paginate(PolicySourceArn=source, ActionNames=actions, ResourceArns=[resource])
    )
    return [
        each["EvalActionName"]
        for page in pages
        for each in page["EvaluationResults"]
        if each["EvalDecision"] != "allowed"
    ]


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON: one or many
    return value if isinstance(value, list) else [value]
