"""The commands that give AWS Config a recorder and CloudTrail a trail, and put a stack right.

Sources: the AWS Config API reference, PutConfigurationRecorder; the CloudTrail API reference,
EventSelector and AdvancedEventSelector;
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
"""

from __future__ import annotations

import json
import shlex
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from bucketward.account import RECORDED
from bucketward.trails import only

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .deployment import Deployment

Json = dict[str, Any]

NEW_RECORDER = (
    "aws configservice put-configuration-recorder --configuration-recorder name=default,"
    "roleARN=arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/"
    "AWSServiceRoleForConfig --recording-group allSupported=true,includeGlobalResourceTypes=true "
    "--region {region}"
)
NEW_CHANNEL = (
    "aws configservice put-delivery-channel --delivery-channel "
    "name=default,s3BucketName=BUCKET-FOR-AWS-CONFIG --region {region}"
)
NEW_TRAIL = (
    (
        "aws cloudtrail create-trail --name management-events --is-multi-region-trail "
        "--s3-bucket-name BUCKET-FOR-CLOUDTRAIL --region {region}"
    ),
    "aws cloudtrail start-logging --name management-events --region {region}",
)
_PUT = ("name", "roleARN", "recordingGroup", "recordingMode")
_CONTINUOUS = "CONTINUOUS"


def put_recorder(recorder: Mapping[str, Any], region: str) -> Iterator[str]:
    """Yield the command that makes a recorder record S3 continuously, none where it does."""
    wanted = recording_s3(recorder)
    if wanted != {name: recorder[name] for name in _PUT if name in recorder}:
        yield (
            "aws configservice put-configuration-recorder --configuration-recorder "
            f"{shlex.quote(json.dumps(wanted))} --region {region}"
        )


def recording_s3(recorder: Mapping[str, Any]) -> Json:
    """Return a recorder that records what it did, and S3's resource types continuously."""
    wanted = deepcopy({name: recorder[name] for name in _PUT if name in recorder})
    group = wanted.setdefault("recordingGroup", {})
    excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or []
    strategy = (group.get("recordingStrategy") or {}).get("useOnly")
    if strategy == "EXCLUSION_BY_RESOURCE_TYPES":
        left = [each for each in excluded if each not in RECORDED]
        if left:
            group["exclusionByResourceTypes"] = {"resourceTypes": left}
        else:
            wanted["recordingGroup"] = {
                "allSupported": True,
                "includeGlobalResourceTypes": True,
                "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
            }
    elif not group.get("allSupported"):
        there = group.get("resourceTypes") or []
        group["resourceTypes"] = [*there, *(each for each in RECORDED if each not in there)]
    if mode := wanted.get("recordingMode"):
        wanted["recordingMode"] = _continuous(mode)
    return wanted


def _continuous(mode: Mapping[str, Any]) -> Json:
    """Make S3 an exception to a daily recording, or none any more; AWS Config takes one."""
    overrides = deepcopy(list(mode.get("recordingModeOverrides") or ()))
    for each in overrides:
        if each["recordingFrequency"] != _CONTINUOUS:
            each["resourceTypes"] = [e for e in each["resourceTypes"] if e not in RECORDED]
    overrides = [each for each in overrides if each["resourceTypes"]]
    if mode["recordingFrequency"] != _CONTINUOUS:
        there = [e for each in overrides for e in each["resourceTypes"]]
        types = [*there, *(each for each in RECORDED if each not in there)]
        overrides = [{"resourceTypes": types, "recordingFrequency": _CONTINUOUS}]
    return {**mode, "recordingModeOverrides": overrides}


def tells_of_writes(trail: Mapping[str, Any]) -> bool:
    """Whether a trail records the management events that write, which EventBridge then gets."""
    for one in trail.get("EventSelectors") or ():
        if one.get("IncludeManagementEvents") and one.get("ReadWriteType") != "ReadOnly":
            return True
    return any(
        _writes(one.get("FieldSelectors") or ())
        for one in trail.get("AdvancedEventSelectors") or ()
    )


def _writes(selectors: Any) -> bool:  # noqa: ANN401 - JSON
    fields = {each.get("Field"): each for each in selectors}
    if only(fields.pop("eventCategory", None), "Equals") != ["Management"]:
        return False
    read_only = only(fields.pop("readOnly", {"Equals": ["false"]}), "Equals")
    others = only(fields.pop("eventSource", {"NotEquals": ["kms.amazonaws.com"]}), "NotEquals")
    return "false" in read_only and bool(others) and "s3.amazonaws.com" not in others and not fields


def selecting(trail: Mapping[str, Any]) -> str:
    """Return the command that adds management events to what a trail records."""
    named = f"--trail-name {trail['TrailARN']} --region {trail['HomeRegion']}"
    if advanced := trail.get("AdvancedEventSelectors"):
        field = {"Field": "eventCategory", "Equals": ["Management"]}
        kept = [each for each in advanced if field not in each.get("FieldSelectors", ())]
        wanted = [*kept, {"Name": "Management events", "FieldSelectors": [field]}]
        option = "--advanced-event-selectors"
    else:
        first, *rest = trail.get("EventSelectors") or [{}]
        wanted = [{**first, "ReadWriteType": "All", "IncludeManagementEvents": True}, *rest]
        option = "--event-selectors"
    return f"aws cloudtrail put-event-selectors {named} {option} {shlex.quote(json.dumps(wanted))}"


def reverting(deployment: Deployment) -> tuple[str, ...]:
    """Return the commands that make a stack as it was deployed, to be looked at in between.

    To deploy the same template again does nothing: CloudFormation does not see what was changed
    behind its back.
    """
    stack = deployment.stack
    named = f"--stack-name {stack.name} --change-set-name revert-drift --region {stack.region}"
    kept = [
        {"ParameterKey": name, "UsePreviousValue": True} for name in sorted(deployment.parameters)
    ]
    how = "--deployment-mode REVERT_DRIFT --use-previous-template --capabilities CAPABILITY_IAM"
    return (
        f"aws cloudformation create-change-set {named} {how} --parameters '{json.dumps(kept)}'",
        f"aws cloudformation wait change-set-create-complete {named}",
        f"aws cloudformation describe-change-set {named}",
        f"aws cloudformation execute-change-set {named}",
    )
