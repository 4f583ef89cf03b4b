"""Resources other than buckets: the account itself, its access points, and what is known of them.

A `Fact` is to an account what an aspect is to a bucket: one piece that is read as a whole, under
a name, by the IAM actions that it takes. `bucketward._account` reads them. An `AccountCall` is to
an account what a `Call` is to a bucket: one write, with its effect as a pure function, so that a
plan can be simulated and proven before anything is sent.

Sources: API references and Service Authorization References of the services named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .errors import BadInput, shown
from .public_access import FLAGS
from .resource import Resource

if TYPE_CHECKING:
    from .resource import Part

ACCOUNT_BLOCK_TYPE = "AWS::S3::AccountPublicAccessBlock"
"""AWS Config's type of the account's public access block; its changes make items of their own."""

OWN = "bucketward-"
"""What the names of all that the remediations make in an account begin with."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know of an account or an access point, and the IAM actions it takes."""

    name: str
    actions: tuple[str, ...]

    def __str__(self) -> str:
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Account(Resource):
    """One account in one Region; its ``name`` is the account's id."""

    TYPE: ClassVar[str] = "AWS::::Account"
    NOUN: ClassVar[str] = "account"

    def changed(self, part: Part, other: Self) -> Any:  # noqa: ANN401 - JSON
        """Return only the elements that differ: an account may have thousands of alarms."""
        match self[part], other[part]:
            case list(mine), list(theirs):
                return [each for each in mine if each not in theirs]
            case dict(mine), dict(theirs) if part is SUBSCRIPTIONS:
                return {key: each for key, each in mine.items() if each != theirs.get(key)}
            case mine, _:
                return mine

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.name}:{resource}"


@dataclass(frozen=True, slots=True)
class AccessPoint(Resource):
    """One access point; ``access_point[ACCESS_POINT_BLOCK]`` are its four flags."""

    TYPE: ClassVar[str] = "AWS::S3::AccessPoint"
    NOUN: ClassVar[str] = "access point"


@dataclass(frozen=True, slots=True)
class MultiRegionAccessPoint(Resource):
    """One multi-Region access point; its name, not its alias."""

    TYPE: ClassVar[str] = "AWS::S3::MultiRegionAccessPoint"
    NOUN: ClassVar[str] = "multi-Region access point"


ACCOUNT_BLOCK = Fact("account_public_access_block", ("s3:GetAccountPublicAccessBlock",))
"""The four flags, or None where the block was never set or was deleted."""

ACCESS_POINT_BLOCK = Fact(
    "access_point_public_access_block",
    ("s3:GetAccessPoint", "s3:GetMultiRegionAccessPoint"),
)
"""The four flags of an access point; they cannot be changed after it was made."""

TRAILS = Fact(
    "trails",
    ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
)
"""A list: what says where each trail of DescribeTrails is and goes, with ``IsLogging`` of
GetTrailStatus and ``EventSelectors`` and ``AdvancedEventSelectors`` of GetEventSelectors (one of
them empty). The organization's trail has none of the three where this account may not look into
it."""

METRIC_FILTERS = Fact("metric_filters", ("logs:DescribeMetricFilters",))
"""A list of ``metricFilters``: log group, name, pattern and transformations of each."""

ALARMS = Fact("alarms", ("cloudwatch:DescribeAlarms",))
"""A list of ``MetricAlarms``: what each watches and whom it tells, and not its state, which
changes by the minute."""

SUBSCRIPTIONS = Fact("subscriptions", ("sns:ListSubscriptions", "sns:ListTopics"))
"""``{topic ARN: [subscription, ...]}`` for every topic; ``SubscriptionArn`` is PendingConfirmation
until the receiver has agreed."""

RECORDERS = Fact(
    "recorders",
    ("config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus"),
)
"""A list: each configuration recorder, with ``recording`` and ``lastStatus`` of its status."""

RECORDED = (
    "AWS::S3::Bucket",
    "AWS::S3::AccountPublicAccessBlock",
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
)
"""The types of resources that a recorder has to record for the controls to hear of a change."""

DETECTORS = Fact("detectors", ("guardduty:GetDetector", "guardduty:ListDetectors"))
"""A list of GuardDuty's detectors, as GetDetector has them."""

ANALYZERS = Fact("analyzers", ("access-analyzer:ListAnalyzers",))
"""A list of IAM Access Analyzer's ``analyzers``."""

MACIE = Fact("macie", ("macie2:GetMacieSession",))
"""Macie's session, or None where Macie was never enabled."""

SECURITY_HUB = Fact("security_hub", ("securityhub:DescribeHub",))
"""Security Hub's hub, or None where it is not enabled."""

FACTS = {
    fact.name: fact
    for fact in (
        ACCOUNT_BLOCK,
        ACCESS_POINT_BLOCK,
        TRAILS,
        METRIC_FILTERS,
        ALARMS,
        SUBSCRIPTIONS,
        RECORDERS,
        DETECTORS,
        ANALYZERS,
        MACIE,
        SECURITY_HUB,
    )
}

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccountOperation:
    """One API operation that changes an account, and what it does to the fact it changes.

    ``resource`` is what IAM lets the role be limited to: the end of an ARN, from the service on,
    with CloudFormation's ``${AWS::AccountId}``; None where the action has no resource types.
    ``effect(document, arguments, account)`` returns the fact's document after the call.
    """

    service: str
    name: str
    action: str
    fact: Fact
    resource: str | None
    effect: Callable[[Any, Arguments, Account], Any]

    @property
    def aspect(self) -> str:
        return self.fact.name

    @property
    def method(self) -> str:
        """The boto3 client's method: ``put_metric_filter``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


@dataclass(frozen=True, slots=True)
class AccountCall:
    """One write to the account, with the request's members."""

    operation: AccountOperation
    arguments: Arguments = field(default_factory=dict)

    @property
    def aspect(self) -> Fact:
        return self.operation.fact

    @property
    def document(self) -> Arguments:
        return self.arguments

    def apply(self, account: Account) -> Account:
        """Return the account as it will be after the call."""
        fact = self.operation.fact
        after = self.operation.effect(account[fact], self.arguments, account)
        return account.replacing(fact, after)


def _put_block(_: Any, arguments: Arguments, __: Account) -> Any:  # noqa: ANN401
    return {flag: arguments["PublicAccessBlockConfiguration"].get(flag) is True for flag in FLAGS}


def _put_selectors(trails: Any, arguments: Arguments, _: Account) -> Any:  # noqa: ANN401
    given = {
        "EventSelectors": arguments.get("EventSelectors", []),
        "AdvancedEventSelectors": arguments.get("AdvancedEventSelectors", []),
    }
    trail = arguments["TrailName"]
    return [{**each, **given} if each["TrailARN"] == trail else each for each in trails]


def _put_filter(filters: Any, arguments: Arguments, _: Account) -> Any:  # noqa: ANN401
    key = ("logGroupName", "filterName")
    others = [each for each in filters if any(each.get(name) != arguments[name] for name in key)]
    return [*others, dict(arguments)]


def _put_alarm(alarms: Any, arguments: Arguments, _: Account) -> Any:  # noqa: ANN401
    others = [each for each in alarms if each["AlarmName"] != arguments["AlarmName"]]
    return [*others, {"ActionsEnabled": True, **arguments}]


def _create_topic(subscriptions: Any, arguments: Arguments, account: Account) -> Any:  # noqa: ANN401
    return {account.arn("sns", arguments["Name"]): [], **subscriptions}


def _subscribe(subscriptions: Any, arguments: Arguments, _: Account) -> Any:  # noqa: ANN401
    new = {
        "SubscriptionArn": "PendingConfirmation",
        "Protocol": arguments["Protocol"],
        "Endpoint": arguments["Endpoint"],
    }
    topic = arguments["TopicArn"]
    return {**subscriptions, topic: [*subscriptions.get(topic, []), new]}


PUT_ACCOUNT_BLOCK = AccountOperation(
    "s3control",
    "PutPublicAccessBlock",
    "s3:PutAccountPublicAccessBlock",
    ACCOUNT_BLOCK,
    None,
    _put_block,
)
PUT_EVENT_SELECTORS = AccountOperation(
    "cloudtrail",
    "PutEventSelectors",
    "cloudtrail:PutEventSelectors",
    TRAILS,
    "cloudtrail:*:${AWS::AccountId}:trail/*",
    _put_selectors,
)
PUT_METRIC_FILTER = AccountOperation(
    "logs",
    "PutMetricFilter",
    "logs:PutMetricFilter",
    METRIC_FILTERS,
    "logs:${AWS::Region}:${AWS::AccountId}:log-group:*",
    _put_filter,
)
PUT_METRIC_ALARM = AccountOperation(
    "cloudwatch",
    "PutMetricAlarm",
    "cloudwatch:PutMetricAlarm",
    ALARMS,
    "cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:" + OWN + "*",
    _put_alarm,
)
CREATE_TOPIC = AccountOperation(
    "sns",
    "CreateTopic",
    "sns:CreateTopic",
    SUBSCRIPTIONS,
    "sns:${AWS::Region}:${AWS::AccountId}:" + OWN + "*",
    _create_topic,
)
SUBSCRIBE = AccountOperation(
    "sns",
    "Subscribe",
    "sns:Subscribe",
    SUBSCRIPTIONS,
    "sns:${AWS::Region}:${AWS::AccountId}:" + OWN + "*",
    _subscribe,
)

OPERATIONS = {
    (operation.service, operation.name): operation
    for operation in (
        PUT_ACCOUNT_BLOCK,
        PUT_EVENT_SELECTORS,
        PUT_METRIC_FILTER,
        PUT_METRIC_ALARM,
        CREATE_TOPIC,
        SUBSCRIBE,
    )
}


def account_weakening(before: Resource, after: Resource, touched: Iterable[Fact]) -> str | None:
    """Say in which way an account would be less safe than it is; None where it would not.

    Nothing that is there goes or changes, but for what Bucketward made itself and puts anew:
    no flag of the block, no trail's selector, no filter, alarm, topic or subscription.
    """
    for fact in touched:
        lost = _LOST[fact.name](before[fact], after[fact])
        if lost:
            return lost
    return None


def _flags_lost(old: Any, new: Any) -> str | None:  # noqa: ANN401 - JSON
    lost = [flag for flag in FLAGS if (old or {}).get(flag) and not (new or {}).get(flag)]
    return f"its public access block loses {', '.join(lost)}" if lost else None


def _selectors_lost(old: Any, new: Any) -> str | None:  # noqa: ANN401 - JSON
    after = {each["TrailARN"]: each for each in new}
    for trail in old:
        kept = after.get(trail["TrailARN"])
        if kept is None:
            return f"trail {trail['Name']} is gone"
        for name in ("EventSelectors", "AdvancedEventSelectors"):
            if any(each not in kept.get(name, ()) for each in trail.get(name, ())):
                return f"trail {trail['Name']} loses an event selector"
    return None


def _others_lost(key: str) -> Callable[[Any, Any], str | None]:
    def lost(old: Any, new: Any) -> str | None:  # noqa: ANN401 - JSON
        gone = [each for each in old if each not in new and not each[key].startswith(OWN)]
        return f"{gone[0][key]} is gone or changed" if gone else None

    return lost


def _subscriptions_lost(old: Any, new: Any) -> str | None:  # noqa: ANN401 - JSON
    for topic, told in old.items():
        if topic not in new or any(each not in new[topic] for each in told):
            return f"topic {topic} or a subscription of it is gone"
    return None


_LOST: dict[str, Callable[[Any, Any], str | None]] = {
    ACCOUNT_BLOCK.name: _flags_lost,
    TRAILS.name: _selectors_lost,
    METRIC_FILTERS.name: _others_lost("filterName"),
    ALARMS.name: _others_lost("AlarmName"),
    SUBSCRIPTIONS.name: _subscriptions_lost,
}


def access_point(item: Mapping[str, Any], kind: type[Resource]) -> Resource:
    """Read an access point of either kind from its configuration item.

    The item holds the CloudFormation resource's properties, as an object or, in the history
    API's form, as a JSON text; where the flags are not among them they are left unread. Raises
    `BadInput` for another resource.
    """
    if item.get("resourceType") != kind.TYPE:
        found = shown(item.get("resourceType"))
        raise BadInput(f"The configuration item is of {found}; expected {kind.TYPE}.")
    name = item.get("resourceName") or item.get("resourceId")
    if not isinstance(name, str) or not name:
        raise BadInput("The configuration item names no access point: resourceId is missing.")
    configuration = item.get("configuration")
    if isinstance(configuration, str):
        try:
            configuration = json.loads(configuration)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"The configuration of {kind.NOUN} {name} is not JSON.") from error
    block = None
    if isinstance(configuration, Mapping):
        block = configuration.get("PublicAccessBlockConfiguration")
    arn = str(item.get("ARN") or item.get("arn") or "arn:aws")
    return kind(
        name.rpartition("/")[2],
        str(item.get("awsAccountId") or item.get("accountId") or ""),
        str(item.get("awsRegion") or ""),
        arn.split(":")[1],
        {ACCESS_POINT_BLOCK.name: dict(block)} if isinstance(block, Mapping) else {},
    )
