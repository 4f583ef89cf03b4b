"""An AWS account in this process, wired from the template that is shipped."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, Self
from unittest.mock import patch

import boto3
from botocore.loaders import create_loader
from botocore.session import get_session
from moto import mock_aws
from moto.moto_api._internal import mock_random

from bucketward.aspects import ASPECTS
from bucketward_tools.catalogue import ROOT

from . import authorisation, deployment, sam
from .access_analyzer import AccessAnalyzer
from .account_recorder import AccountRecorder
from .actors import Actor, actor
from .alarms_api import AlarmsApi
from .automation import Automation
from .batch_jobs import BatchJobs
from .bus import Bus
from .clock import Clock
from .cloudtrail import Trail
from .cloudtrail_api import CloudTrailApi
from .config import Config
from .config_api import ConfigApi
from .configuration_recorder import ConfigurationRecorder
from .errors import NotEmulated
from .event_sources import EventSources
from .events_api import EventsApi
from .front import Front
from .functions import Functions
from .gateway import ACTOR, Principal, gateway
from .iam import Request
from .identifiers import Place, partition_of
from .keys import Keys
from .lambda_api import LambdaApi
from .logs import Logs
from .metrics_api import MetricsApi
from .moto_corrections import Corrections, policies_without_denials
from .moto_speed import forget_clients, short_cuts
from .policy_simulator import PolicySimulator
from .recorder import Recorder
from .recorder_api import RecorderApi
from .remediator import Remediator
from .s3 import S3
from .schedules import Schedules
from .security_hub import SecurityHub
from .ssm_api import SsmApi
from .stack_api import StackApi
from .tables import Tables
from .template import Stack
from .wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from .events import Event
    from .gateway import Call, Reply
    from .iam import Role

_MODELS = create_loader()
"""The service models, read once a process: every session would parse megabytes again."""

_OVERSIZED = 256 * 1024


class StandIn(Protocol):
    """Answers for a service of which moto knows nothing, or nothing of the template."""

    def answer(self, call: Call) -> Reply | None: ...


_INTERNAL = Principal("AWS", internal=True)
_UNSET = ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_SESSION_TOKEN")


class LocalAccount:
    """One account in one Region, with one stack deployed; a context manager.

    Calls by ``account.client(...)`` are recorded and not checked; `settle` then lets AWS Config,
    Lambda, Systems Manager and EventBridge do their part, in virtual time. What happened is in
    ``account.events``. ``edit`` may change the translated template before it is deployed.
    """

    def __init__(  # noqa: PLR0913 - each an independent choice with a default
        self,
        path: Path = ROOT / "template.yaml",
        parameters: Mapping[str, str] | None = None,
        *,
        account: str = "111122223333",
        region: str = "eu-central-1",
        oversized_at: int = _OVERSIZED,
        edit: Callable[[dict[str, Any]], None] = lambda translated: None,  # noqa: ARG005
    ) -> None:
        self._path, self._parameters, self._edit = path, dict(parameters or {}), edit
        self.place = Place(account, region, partition_of(region))
        self.clock = Clock()
        self.events: list[Event] = []
        self.front = Front(self)
        self.s3 = S3(self)
        self.recorder = Recorder(self)
        self.account_recorder = AccountRecorder(self)
        self.configuration_recorder = ConfigurationRecorder()
        self.access_analyzer = AccessAnalyzer(self)
        self.corrections = Corrections()
        self.config = Config(self, oversized_at)
        self.functions = Functions(self)
        self.automation = Automation(self)
        self.remediator = Remediator(self)
        self.bus = Bus(self)
        self.logs = Logs(self)
        self.trail = Trail(self)
        self.sources = EventSources(self)
        self.schedules = Schedules(self)
        self.tables = Tables(self)
        self.keys = Keys(self)
        self.jobs = BatchJobs(self)
        self.config_api = ConfigApi(self)
        self.recorder_api = RecorderApi(self)
        self.cloudtrail_api = CloudTrailApi(self)
        alarms = AlarmsApi(self)
        self.stand_ins: dict[str, StandIn] = {
            "cloudformation": StackApi(self),
            "cloudtrail": self.cloudtrail_api,
            "cloudwatch": MetricsApi(self, alarms),
            "events": EventsApi(self),
            "iam": PolicySimulator(self),
            "kms": self.keys,
            "lambda": LambdaApi(self),
            "logs": alarms,
            "s3control": self.jobs,
            "securityhub": SecurityHub(self),
            "sns": alarms,
            "ssm": SsmApi(self),
        }
        self.wiring: Wiring
        self.administrator = self._principal_of(self.role_arn("Administrator"))
        self._principals = [self.administrator]
        self._numbers: dict[str, Iterator[int]] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if gateway.account is not None:
            raise NotEmulated("Two accounts cannot be open in one process at the same time.")
        environment = {
            "AWS_DEFAULT_REGION": self.place.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "MOTO_ACCOUNT_ID": self.place.account,
        }
        with ExitStack() as opened:
            opened.enter_context(patch.dict(os.environ, environment))
            for name in _UNSET:
                os.environ.pop(name, None)
            mock_random.seed(0)  # the ids of messages, for one
            opened.enter_context(policies_without_denials())
            opened.enter_context(short_cuts(self.place.region))
            opened.enter_context(mock_aws())  # and a default session of its own, until the end
            session = get_session()
            session.register_component("data_loader", _MODELS)
            boto3.setup_default_session(botocore_session=session)
            self._deploy()
            gateway.account = self.front
            opened.callback(setattr, gateway, "account", None)
            opened.enter_context(deployment.virtual_queues(self.clock))
            self.bus.open()
            deployment.deploy(self)
            self.sources.open()
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _deploy(self) -> None:
        translated = sam.translated(self._path, self.place.region)
        self._edit(translated)
        stack = Stack(translated, self.place, self._parameters)
        self.wiring = Wiring(stack, self._path.parent)

    # ---- What a test or the demo does ----------------------------------------------------------

    def client(
        self, service: str, actor: str | Actor | None = None, region: str | None = None
    ) -> Any:  # noqa: ANN401 - boto3's
        """Return a boto3 client, of a named person or role where one is given."""
        principal = self._principal_of(actor) if actor else None
        return _client(service, region or self.place.region, principal)

    @contextmanager
    def acting_as(self, actor: str | Actor) -> Iterator[None]:
        """Let every call within be made by a named person or role."""
        with self.acting(self._principal_of(actor)):
            yield

    def _principal_of(self, given: str | Actor) -> Principal:
        arn = given if isinstance(given, str) else given.arn
        return Principal(arn, actor=actor(given, self._role_named))

    def _role_named(self, name: str) -> str:
        """Return the ARN of a role, with the path that it has in the template."""
        known = self.wiring.roles.values()
        return next((role.arn for role in known if role.name == name), self.role_arn(name))

    def settle(self) -> None:
        """Let everything happen that is due, and what follows from it, until all is quiet."""
        self.clock.settle()
        self.check()

    def compliance(self, rule: str, bucket: str) -> str:
        """Return what AWS Config shows for a bucket, an access point, or the account by its id.

        ``rule`` is a rule's name or a stem.
        """
        evaluation = self.config.evaluations.get((self.rule_name(rule), bucket))
        return evaluation.compliance if evaluation else "INSUFFICIENT_DATA"

    def start_remediation(self, rule: str, bucket: str) -> None:
        self.remediator.start(self.rule_name(rule), bucket)

    def schedule(self, rule: str) -> None:
        """Let a schedule come round, which `settle` never does by itself.

        That of a Config rule, or one that calls a function: by its name or logical id, or the
        function's.
        """
        found = self.schedules.find(rule)
        if found is not None:
            self.schedules.come_round(found)
        else:
            self.config.schedule(self.wiring.rules[self.rule_name(rule)])

    @property
    def used(self) -> frozenset[tuple[str, str, str]]:
        """Return what the template's roles needed so far: logical id, IAM action and resource."""
        return frozenset(self.front.used)

    def fail(
        self,
        operation: str,
        code: str,
        times: int | None = None,
        actor: str | None = None,
    ) -> None:
        """Let the next requests fail: ``code`` is an AWS error code, or ``timeout``."""
        self.front.faults.add(operation, code, times, actor)
        self._open.callback(forget_clients)

    def react(self, operation: str, action: Callable[[], object]) -> None:
        """Let somebody do something right after each such call of a role of the template."""
        self.front.reactions.append((operation, action))

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """Return the messages in a queue, by its name or logical id, and leave them there."""
        known = self.wiring.queues.values()
        name = next(each.name for each in known if queue in {each.name, each.logical_id})
        return [json.loads(message.body) for message in deployment.peek(self.place, name)]

    def snapshot(self, bucket: str) -> dict[str, Any]:
        """Return every aspect of a bucket, as the S3 API returns it."""
        return {aspect.name: self.s3.read(bucket, aspect) for aspect in ASPECTS.values()}

    def rule_name(self, rule: str) -> str:
        """Find a rule by its name or by its control's stem."""
        if rule in self.wiring.rules:
            return rule
        for each in self.wiring.rules.values():
            function = self.wiring.function(each.function_arn)
            if function and function.module.stem == rule:
                return each.name
        raise KeyError(rule)

    def role_arn(self, name: str) -> str:
        return self.place.arn("iam", f"role/{name}")

    # ---- What the parts of the account ask of it -----------------------------------------------

    @property
    def principal(self) -> Principal:
        return self._principals[-1]

    @contextmanager
    def acting(self, principal: Principal) -> Iterator[None]:
        self._principals.append(principal)
        try:
            yield
        finally:
            self._principals.pop()

    def internal(self, service: str) -> Any:  # noqa: ANN401 - boto3's
        """Return the client that AWS's own services act with: neither checked nor recorded."""
        return _client(service, self.place.region, _INTERNAL)

    def happened(self, event: Event) -> None:
        self.events.append(event)
        self.config_api.heard(event)

    def identifier(self, kind: str) -> str:
        """Return the next id of a kind; counted, so that a transcript is stable."""
        return f"{kind}-{next(self._numbers.setdefault(kind, count(1))):04}"

    def allowed(self, role: Role, action: str, resource: str) -> bool:
        """Whether a role may; a refusal goes into the journal."""
        request = Request(action, resource, authorisation.context(self.place))
        return self.front.allowed(role, role.arn, request)

    def check(self) -> None:
        """Raise what the account itself could not do, even where a function swallowed it."""
        if self.front.fault is not None:
            raise self.front.fault


@cache
def _client(service: str, region: str, principal: Principal | None) -> Any:  # noqa: ANN401
    """Make a client; any account of this process may use it, as it only knows its Region."""
    client = boto3.client(service, region_name=region)
    if principal is not None:

        def act(context: dict[str, Any], **_: object) -> None:
            context[ACTOR] = principal

        client.meta.events.register_first("provide-client-params", act)
    return client
