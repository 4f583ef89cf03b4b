"""Where Bucketward is deployed: its stack, as CloudFormation knows it, and what belongs to it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward._stack import Stack, own_roles, resources
from bucketward.baseline.store import Store
from bucketward.changes import Authorisation, from_parameter
from bucketward.errors import BadInput, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bucketward.aspects import Aspect
    from bucketward.bucket import Bucket

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_PARTS = ("Baselines", "Decisions", "Records", "BaselineKey")
_BEING_MADE = "_IN_PROGRESS"


@dataclass(frozen=True)
class Deployment:
    """One stack and its store; ``parameters`` are those that it was deployed with."""

    stack: Stack
    store: Store
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def find(cls, name: str, profile: str | None = None, region: str | None = None) -> Deployment:
        """Ask CloudFormation for the stack; raises `BadInput` where there is none of any use."""
        if not _NAME.fullmatch(name):
            raise BadInput(f"--stack is {shown(name)}, which is no name of a stack.")
        _begin(profile, region)
        described = _described(name)
        _, partition, _, place, account, _ = described["StackId"].split(":", 5)
        stack = Stack(described["StackId"], partition, place, account, name)
        found = {each.logical_id: each.physical_id for each in resources(stack, fresh=True)}
        missing = [part for part in _PARTS if not found.get(part)]
        if missing:
            state = described["StackStatus"]
            advice = "wait until it is done" if state.endswith(_BEING_MADE) else "deploy it again"
            raise BadInput(
                f"Stack {name} in {place} ({state}) has no {', '.join(missing)}; {advice}, or name "
                "Bucketward's stack with --stack."
            )
        baselines, decisions, records, _ = (found[part] for part in _PARTS)
        key = f"arn:{partition}:kms:{place}:{account}:key/{found['BaselineKey']}"
        given = described.get("Parameters", ())
        parameters = {each["ParameterKey"]: each.get("ParameterValue", "") for each in given}
        return cls(stack, Store(baselines, decisions, records, key), parameters)

    @cached_property
    def caller(self) -> str:
        """The ARN of whoever runs the command, as STS tells it."""
        return str(_aws.client("sts").get_caller_identity()["Arn"])

    @cached_property
    def own_roles(self) -> frozenset[str]:
        return own_roles(self.stack)

    @property
    def from_parameter(self) -> tuple[Authorisation, ...]:
        """The authorisations that the stack was deployed with."""
        return from_parameter(self.parameters.get("AuthorisedRoles", ""))

    def read(self, bucket: str, aspects: Collection[Aspect]) -> Bucket:
        """Read a bucket of the stack's account and Region; raises `BadInput` for another Region."""
        live = _aws.read_bucket(bucket, aspects, account=self.stack.account)
        if live.region != self.stack.region:
            raise BadInput(
                f"Bucket {bucket} is in {live.region}, and stack {self.stack.name} looks after "
                f"those in {self.stack.region}; name the other stack's Region with --region."
            )
        return live


def _begin(profile: str | None, region: str | None) -> None:
    """Let boto3 use what was chosen; it does not know AWS_REGION, which all other SDKs do."""
    wanted = region or os.environ.get("AWS_REGION")
    if profile is None and (wanted or "") == os.environ.get("AWS_DEFAULT_REGION", ""):
        return
    import boto3

    boto3.setup_default_session(profile_name=profile, region_name=wanted)
    _aws.client.cache_clear()


def _described(name: str) -> dict[str, Any]:
    client = _aws.client("cloudformation")
    try:
        found = client.describe_stacks(StackName=name)["Stacks"]
    except _aws.ClientError as error:
        if _aws.error_code(error) != "ValidationError":
            raise
        found = []
    if not found:
        raise BadInput(
            f"There is no stack {name} in {client.meta.region_name}; name it with --stack, its "
            "Region with --region and your account's profile with --profile."
        )
    return found[0]  # type: ignore[no-any-return]
