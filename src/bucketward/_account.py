"""Read and change what is known of an account: where `bucketward.account` meets AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _aws
from .account import (
    ACCESS_POINT_BLOCK,
    ACCOUNT_BLOCK,
    ALARMS,
    ANALYZERS,
    DETECTORS,
    MACIE,
    METRIC_FILTERS,
    RECORDERS,
    SECURITY_HUB,
    SUBSCRIPTIONS,
    TRAILS,
    AccessPoint,
    Account,
)
from .errors import AccessPointNotFound
from .trails import owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .account import AccountCall, Fact
    from .resource import Resource

MULTI_REGION_HOME = "us-west-2"
"""The control plane of multi-Region access points is there, whatever their Regions."""

_TRAIL = (
    *("Name", "TrailARN", "HomeRegion", "IsMultiRegionTrail", "IsOrganizationTrail"),
    "CloudWatchLogsLogGroupArn",
)
_METRIC_FILTER = ("logGroupName", "filterName", "filterPattern", "metricTransformations")
_ALARM = "AlarmName", "Namespace", "MetricName", "Dimensions", "ActionsEnabled", "AlarmActions"
_SUBSCRIPTION = ("SubscriptionArn", "Protocol", "Endpoint")
_FOREIGN_TRAIL = frozenset({"TrailNotFoundException", "CloudTrailARNInvalidException"})
"""What CloudTrail says of an organization's trail to a member account that it shows it to."""


def read_account(account: str, region: str, facts: Iterable[Fact]) -> Account:
    """Read the chosen facts, and no other; raises boto3's ``ClientError`` as it comes."""
    partition = str(_aws.client("s3control").meta.partition)
    documents = {fact.name: read_fact(fact.name, account) for fact in facts}
    return Account(account, account, region, partition, documents)


def read_fact(name: str, account: str) -> Any:  # noqa: ANN401 - JSON
    """Read the fact of that name of the account, in the client's own Region."""
    return _READERS[name](account)


def write(call: AccountCall, account: Account) -> None:
    """Send one call."""
    operation = call.operation
    owner = {"AccountId": account.name} if operation.service == "s3control" else {}
    getattr(_aws.client(operation.service), operation.method)(**owner, **call.arguments)


def read_access_point(point: Resource) -> Resource:
    """Read the flags of an access point of either kind; raises where it is gone."""
    try:
        if isinstance(point, AccessPoint):
            client = _aws.client("s3control", None, None)
            block = client.get_access_point(AccountId=point.account, Name=point.name).get(
                "PublicAccessBlockConfiguration"
            )
        else:
            client = _aws.client("s3control", MULTI_REGION_HOME)
            found = client.get_multi_region_access_point(AccountId=point.account, Name=point.name)
            block = found["AccessPoint"].get("PublicAccessBlock")
    except _aws.ClientError as error:
        if _aws.error_code(error) in {"NoSuchAccessPoint", "NoSuchMultiRegionAccessPoint"}:
            message = f"The {point.NOUN} {point.name} does not exist."
            raise AccessPointNotFound(message) from error
        raise
    return point.replacing(ACCESS_POINT_BLOCK, block)


def _block(account: str) -> Any:  # noqa: ANN401 - JSON
    try:
        reply = _aws.client("s3control").get_public_access_block(AccountId=account)
    except _aws.ClientError as error:
        if _aws.error_code(error) == "NoSuchPublicAccessBlockConfiguration":
            return None
        raise
    return reply["PublicAccessBlockConfiguration"]


def _trails(account: str) -> list[Any]:
    # Shadow trails are this Region's view of the other Regions' multi-Region trails, and of the
    # organization's trail, which another account owns.
    trails = _aws.client("cloudtrail").describe_trails(includeShadowTrails=True)["trailList"]
    return [_trail(trail, account) for trail in trails]


def _trail(described: dict[str, Any], account: str) -> dict[str, Any]:
    trail, arn = _some(described, _TRAIL), described["TrailARN"]
    # Selectors are only told in the trail's own Region.
    cloudtrail = _aws.client("cloudtrail", trail.get("HomeRegion"))
    try:
        logging = cloudtrail.get_trail_status(Name=arn)["IsLogging"]
        selectors = cloudtrail.get_event_selectors(TrailName=arn)
    except _aws.ClientError as error:
        if owner(trail) != account and _aws.error_code(error) in _FOREIGN_TRAIL:
            return trail
        raise
    return {
        **trail,
        "IsLogging": logging,
        "EventSelectors": selectors.get("EventSelectors") or [],
        "AdvancedEventSelectors": selectors.get("AdvancedEventSelectors") or [],
    }


def _metric_filters(_: str) -> list[Any]:
    found = _paged("logs", "describe_metric_filters", "metricFilters")
    return [_some(each, _METRIC_FILTER) for each in found]


def _alarms(_: str) -> list[Any]:
    found = _paged("cloudwatch", "describe_alarms", "MetricAlarms", AlarmTypes=["MetricAlarm"])
    return [_some(each, _ALARM) for each in found]


def _subscriptions(_: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {
        each["TopicArn"]: [] for each in _paged("sns", "list_topics", "Topics")
    }
    for each in _paged("sns", "list_subscriptions", "Subscriptions"):
        found.setdefault(each["TopicArn"], []).append(_some(each, _SUBSCRIPTION))
    return found


def _recorders(_: str) -> list[Any]:
    config = _aws.client("config", None, None)
    recorders = config.describe_configuration_recorders()["ConfigurationRecorders"]
    statuses = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    by_name = {each["name"]: each for each in statuses}
    return [
        {
            **each,
            "recording": by_name.get(each["name"], {}).get("recording", False),
            "lastStatus": by_name.get(each["name"], {}).get("lastStatus"),
        }
        for each in recorders
    ]


def _detectors(_: str) -> list[Any]:
    guardduty = _aws.client("guardduty")
    found = []
    for name in _paged("guardduty", "list_detectors", "DetectorIds"):
        detector = guardduty.get_detector(DetectorId=name)
        found.append({"DetectorId": name} | _some(detector, ("Status", "DataSources")))
        features = detector.get("Features") or ()
        found[-1]["Features"] = [_some(each, ("Name", "Status")) for each in features]
    return found


def _analyzers(_: str) -> list[Any]:
    found = _paged("accessanalyzer", "list_analyzers", "analyzers")
    return [_some(each, ("name", "type", "status")) for each in found]


def _macie(_: str) -> Any:  # noqa: ANN401 - JSON
    try:
        session = _aws.client("macie2").get_macie_session()
    except _aws.ClientError as error:
        # Macie says so to an account that never enabled it; the code alone may be a missing
        # permission, of which nothing may be concluded.
        message = str(error.response.get("Error", {}).get("Message", ""))
        if _aws.error_code(error) == "AccessDeniedException" and "not enabled" in message:
            return None
        raise
    return {"status": session.get("status")}


def _hub(_: str) -> Any:  # noqa: ANN401 - JSON
    try:
        hub = _aws.client("securityhub").describe_hub()
    except _aws.ClientError as error:
        if _aws.error_code(error) in {"InvalidAccessException", "ResourceNotFoundException"}:
            return None
        raise
    return {"HubArn": hub["HubArn"]}


def _some(document: dict[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    """Keep what is judged: the rest is long, changes by the minute, or is no JSON."""
    return {name: document[name] for name in members if name in document}


def _paged(service: str, method: str, member: str, **request: Any) -> list[Any]:  # noqa: ANN401
    pages = _aws.client(service).get_paginator(method).paginate(**request)
    return [each for page in pages for each in page.get(member, ())]


_READERS: dict[str, Callable[[str], Any]] = {
    ACCOUNT_BLOCK.name: _block,
    TRAILS.name: _trails,
    METRIC_FILTERS.name: _metric_filters,
    ALARMS.name: _alarms,
    SUBSCRIPTIONS.name: _subscriptions,
    RECORDERS.name: _recorders,
    DETECTORS.name: _detectors,
    ANALYZERS.name: _analyzers,
    MACIE.name: _macie,
    SECURITY_HUB.name: _hub,
}
