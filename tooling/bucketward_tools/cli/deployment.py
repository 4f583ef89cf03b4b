"""Where Bucketward is deployed: its stack, as CloudFormation knows it, and what belongs to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward._stack import Stack, own_roles, resources
from bucketward.baseline.store import Store
from bucketward.changes import Authorisation, from_parameter
from bucketward.errors import BadInput, shown
from bucketward_tools.catalogue import ROOT

from .connection import begin

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bucketward.aspects import Aspect
    from bucketward.bucket import Bucket

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_PARTS = ("Baselines", "Decisions", "Records", "BaselineKey")
_BEING_MADE = "_IN_PROGRESS"
_SETTLED = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}
_RULE = "AWS::Config::ConfigRule"
_RUNNING = {"recommended": {"recommended"}, "all": {"recommended", "all"}}
"""Which remediations run by themselves, by the stack's parameter; as in `monitors/reconciler`."""


@dataclass(frozen=True)
class Deployment:
    """One stack and its store; ``parameters`` are those that it was deployed with.

    ``state`` is CloudFormation's word for how it is, ``version`` empty where it tells none.
    """

    stack: Stack
    store: Store
    parameters: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    version: str = ""

    @classmethod
    def find(
        cls,
        name: str,
        profile: str | None = None,
        region: str | None = None,
        endpoint: str | None = None,
    ) -> Deployment:
        """Ask CloudFormation for the stack; raises `BadInput` where there is none of any use."""
        named(name)
        begin(profile, region, endpoint, otherwise=None)
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
        told = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", ())}
        store = Store(baselines, decisions, records, key)
        state, version = described["StackStatus"], told.get("Version", "")
        return cls(stack, store, parameters, state, version)

    @classmethod
    def existing(cls, name: str) -> tuple[Deployment | None, str]:
        """Return the stack at the connection that has begun, or why there is none of any use."""
        try:
            return cls.find(name), ""
        except BadInput as error:
            return None, str(error)

    @cached_property
    def caller(self) -> str:
        """The ARN of whoever runs the command, as STS tells it."""
        return str(_aws.client("sts").get_caller_identity()["Arn"])

    @cached_property
    def own_roles(self) -> frozenset[str]:
        return own_roles(self.stack)

    @property
    def settled(self) -> bool:
        """Whether its last deployment went well, and is over."""
        return self.state in _SETTLED

    @property
    def from_parameter(self) -> tuple[Authorisation, ...]:
        """The authorisations that the stack was deployed with."""
        return from_parameter(self.parameters.get("AuthorisedRoles", ""))

    @cached_property
    def automatic(self) -> dict[str, bool]:
        """Whether each remediation is meant to run by itself, by the end of its rule's name."""
        controls = json.loads((ROOT / "monitors" / "controls.json").read_text(encoding="utf-8"))
        running = _RUNNING.get(self.parameters.get("Remediation", ""), set())
        return {name: each["automatic"] in running for name, each in controls.items()}

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The names of the stack's rules in AWS Config."""
        return tuple(sorted(e.physical_id for e in resources(self.stack) if e.kind == _RULE))

    def control_of(self, rule: str) -> str:
        """Return the control whose rule in AWS Config has that name."""
        return rule.removeprefix(f"{self.stack.name}-").replace("-", "_")

    def read(self, bucket: str, aspects: Collection[Aspect]) -> Bucket:
        """Read a bucket of the stack's account and Region; raises `BadInput` for another Region."""
        live = _aws.read_bucket(bucket, aspects, account=self.stack.account)
        if live.region != self.stack.region:
            raise BadInput(
                f"Bucket {bucket} is in {live.region}, and stack {self.stack.name} looks after "
                f"those in {self.stack.region}; name the other stack's Region with --region."
            )
        return live


def named(stack: str) -> None:
    """Raise `BadInput` for what is no name of a stack."""
    if not _NAME.fullmatch(stack):
        raise BadInput(f"--stack is {shown(stack)}, which is no name of a stack.")


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
