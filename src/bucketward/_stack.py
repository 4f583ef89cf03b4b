"""The stack that a function belongs to: its account, its Region, and what it is made of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from . import _aws
from .errors import BadInput, shown

STACK = "BUCKETWARD_STACK"
_ROLE = "AWS::IAM::Role"


@dataclass(frozen=True, slots=True)
class StackResource:
    """One resource of the stack: its logical id, type and physical id."""

    logical_id: str
    kind: str
    physical_id: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The stack by its ARN, ``arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>``."""

    arn: str
    partition: str
    region: str
    account: str
    name: str

    @classmethod
    def own(cls) -> Stack:
        """Return the stack that the environment names."""
        arn = os.environ.get(STACK, "")
        match arn.split(":"):
            case ["arn", partition, "cloudformation", region, account, path]:
                return cls(arn, partition, region, account, path.split("/")[1])
        raise BadInput(f"The environment variable {STACK} is {shown(arn)}; expected a stack's ARN.")


def resources(stack: Stack, *, fresh: bool = False) -> tuple[StackResource, ...]:
    """Return what CloudFormation made for the stack; asked once a process, or ``fresh``."""
    if fresh:
        _resources.cache_clear()
    return _resources(stack)


@cache
def _resources(stack: Stack) -> tuple[StackResource, ...]:
    pages = (
        _aws.client("cloudformation")
        .get_paginator("list_stack_resources")
        .paginate(StackName=stack.arn)
    )
    return tuple(
        StackResource(
            each["LogicalResourceId"], each["ResourceType"], each.get("PhysicalResourceId", "")
        )
        for page in pages
        for each in page["StackResourceSummaries"]
        # Of one that is gone somebody else could make another by the name, a role for one.
        if each.get("ResourceStatus") != "DELETE_COMPLETE"
    )


def own_roles(stack: Stack) -> frozenset[str]:
    """Return the exact ARNs of the stack's roles, none of which has a path."""
    return frozenset(
        f"arn:{stack.partition}:iam::{stack.account}:role/{each.physical_id}"
        for each in resources(stack)
        if each.kind == _ROLE
    )
