"""Add one selector of all S3 objects to a multi-Region trail, and keep the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bucketward import Automatic, Known, Refused, Remediation, parameter
from bucketward.account import PUT_EVENT_SELECTORS, TRAILS, Account, AccountCall
from bucketward.trails import READ, WRITE, Trail, missing, multi_region, owner, unread

_MOST = 5
"""Basic event selectors that CloudTrail takes a trail."""
_KINDS = {(WRITE, READ): "All", (WRITE,): "WriteOnly", (READ,): "ReadOnly"}


@dataclass(frozen=True, slots=True)
class Parameters:
    events: tuple[str, ...] = parameter(
        (WRITE, READ),
        "Which object events must be recorded: write, read, or both.",
        pattern="write|read",
    )


def plan(account: Account, known: Known) -> Iterator[AccountCall]:
    lacking = missing(account[TRAILS], known.parameters.events)
    if not lacking or unread(account[TRAILS]):
        return
    own = [
        each
        for each in multi_region(account[TRAILS])
        if each.get("HomeRegion") == account.region and owner(each) == account.name
    ]
    if not own:
        raise Refused(
            f"No multi-Region trail of {account.region} is switched on; create one with aws "
            "cloudtrail create-trail --is-multi-region-trail, and start its logging."
        )
    trail = own[0]
    yield AccountCall(
        PUT_EVENT_SELECTORS, {"TrailName": trail["TrailARN"]} | _added(trail, lacking, account)
    )


def _added(trail: Trail, lacking: tuple[str, ...], account: Account) -> dict[str, list[Any]]:
    if trail["AdvancedEventSelectors"]:
        fields: list[Any] = [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ]
        if len(lacking) == 1:
            read_only = "true" if lacking == (READ,) else "false"
            fields.append({"Field": "readOnly", "Equals": [read_only]})
        selector = {
            "Name": f"Bucketward: S3 object {' and '.join(lacking)}",
            "FieldSelectors": fields,
        }
        return {"AdvancedEventSelectors": [*trail["AdvancedEventSelectors"], selector]}
    if len(trail["EventSelectors"]) >= _MOST:
        raise Refused(
            f"Trail {trail['Name']} has {_MOST} event selectors, all that CloudTrail takes; "
            "merge two of them, or use advanced event selectors."
        )
    basic = {
        "ReadWriteType": _KINDS[lacking],
        "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:{account.partition}:s3"]}],
        "ExcludeManagementEventSources": [],
    }
    return {"EventSelectors": [*trail["EventSelectors"], basic]}


remediation = Remediation(
    plan,
    calls=(PUT_EVENT_SELECTORS,),
    reads=(TRAILS,),
    automatic=Automatic.NEVER,
    parameters=Parameters,
    subject=Account,
)
