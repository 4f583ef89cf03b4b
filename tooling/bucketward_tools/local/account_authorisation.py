"""Which IAM action and resource a call stands for, outside S3's buckets.

S3's account-wide API shares its operations' names with the one on buckets, but not its actions.
Elsewhere the action is the operation's name under the service's own prefix; the resource is that
of the Service Authorization Reference, ``*`` where it names none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .identifiers import Place

    Resource = Callable[[Mapping[str, Any], Place], str]


def _any(params: Mapping[str, Any], place: Place) -> str:  # noqa: ARG001
    return "*"


def _access_point(params: Mapping[str, Any], place: Place) -> str:
    return place.arn("s3", f"accesspoint/{params['Name']}")


def _multi_region(params: Mapping[str, Any], place: Place) -> str:
    # By its alias in IAM; the name stands for it, as no policy of the template looks closer.
    return f"arn:{place.partition}:s3::{place.account}:accesspoint/{params['Name']}"


def _trail(params: Mapping[str, Any], place: Place) -> str:
    name = str(params.get("TrailName") or params.get("Name"))
    return name if name.startswith("arn:") else place.arn("cloudtrail", f"trail/{name}")


def _named(service: str, form: str, member: str) -> Resource:
    return lambda params, place: place.arn(service, form.format(params.get(member, "*")))


_REQUESTS: dict[tuple[str, str], tuple[str, Resource]] = {
    ("s3control", "GetPublicAccessBlock"): ("s3:GetAccountPublicAccessBlock", _any),
    ("s3control", "PutPublicAccessBlock"): ("s3:PutAccountPublicAccessBlock", _any),
    ("s3control", "GetAccessPoint"): ("s3:GetAccessPoint", _access_point),
    ("s3control", "GetMultiRegionAccessPoint"): ("s3:GetMultiRegionAccessPoint", _multi_region),
    ("cloudtrail", "DescribeTrails"): ("cloudtrail:DescribeTrails", _any),
    ("cloudtrail", "GetTrailStatus"): ("cloudtrail:GetTrailStatus", _trail),
    ("cloudtrail", "GetEventSelectors"): ("cloudtrail:GetEventSelectors", _trail),
    ("cloudtrail", "PutEventSelectors"): ("cloudtrail:PutEventSelectors", _trail),
    ("iam", "GetRole"): ("iam:GetRole", _named("iam", "role/{}", "RoleName")),
    ("iam", "SimulatePrincipalPolicy"): (
        "iam:SimulatePrincipalPolicy",
        lambda params, _: str(params["PolicySourceArn"]),
    ),
    ("logs", "DescribeMetricFilters"): (
        "logs:DescribeMetricFilters",
        _named("logs", "log-group:{}", "logGroupName"),
    ),
    ("logs", "PutMetricFilter"): (
        "logs:PutMetricFilter",
        _named("logs", "log-group:{}", "logGroupName"),
    ),
    ("cloudwatch", "DescribeAlarms"): ("cloudwatch:DescribeAlarms", _any),
    ("cloudwatch", "GetMetricData"): ("cloudwatch:GetMetricData", _any),
    ("cloudwatch", "PutMetricAlarm"): (
        "cloudwatch:PutMetricAlarm",
        _named("cloudwatch", "alarm:{}", "AlarmName"),
    ),
    ("sns", "ListTopics"): ("sns:ListTopics", _any),
    ("sns", "ListSubscriptions"): ("sns:ListSubscriptions", _any),
    ("sns", "CreateTopic"): ("sns:CreateTopic", _named("sns", "{}", "Name")),
    ("guardduty", "ListDetectors"): ("guardduty:ListDetectors", _any),
    ("guardduty", "GetDetector"): (
        "guardduty:GetDetector",
        _named("guardduty", "detector/{}", "DetectorId"),
    ),
    ("accessanalyzer", "ListAnalyzers"): ("access-analyzer:ListAnalyzers", _any),
    ("macie2", "GetMacieSession"): ("macie2:GetMacieSession", _any),
    ("securityhub", "DescribeHub"): (
        "securityhub:DescribeHub",
        lambda _, place: place.arn("securityhub", "hub/default"),
    ),
}


def request(
    service: str, operation: str, params: Mapping[str, Any], place: Place
) -> tuple[str, str] | None:
    """Return action and resource, None for a call that is not of these."""
    if (service, operation) not in _REQUESTS:
        return None
    action, resource = _REQUESTS[service, operation]
    return action, resource(params, place)
