"""The IAM statements of a remediation's role, derived from what it declares that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.aspects import LOCATION

from .holes import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bucketward import Remediation
    from bucketward_tools.catalogue import Control

HISTORY = "config:GetResourceConfigHistory"
LIST = "s3:ListAllMyBuckets"


def s3_actions(remediation: Remediation) -> dict[str, list[str]]:
    """Return the S3 actions, by the id of the statement that allows them."""
    others = [aspect.get.action for aspect in remediation.others]
    return {
        "ReadBucket": _sorted(aspect.get.action for aspect in remediation.reads),
        "ChangeBucket": _sorted(operation.action for operation in remediation.calls),
        # Another bucket's Region is not known beforehand.
        "ReadOtherBuckets": _sorted([*others, LOCATION.action] if others else []),
    }


def statements(remediation: Remediation) -> list[dict[str, Any]]:
    allowed = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Action": actions,
            "Resource": Tag("!Sub arn:${AWS::Partition}:s3:::*"),
            # Bucket names are global: only buckets of this account.
            "Condition": {"StringEquals": {"aws:ResourceAccount": Tag("!Ref AWS::AccountId")}},
        }
        for sid, actions in s3_actions(remediation).items()
        if actions
    ]
    if remediation.earlier:
        # The action has no resource types in IAM, so nothing but * is possible.
        allowed.append(
            {"Sid": "ReadEarlierState", "Effect": "Allow", "Action": HISTORY, "Resource": "*"}
        )
    if remediation.owns:
        # Which buckets there are is a question to the account, not to a resource.
        allowed.append({"Sid": "ListBuckets", "Effect": "Allow", "Action": LIST, "Resource": "*"})
    if remediation.passes_role:
        allowed.append(
            {
                "Sid": "PassRoleToS3",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                # The role is the one that the bucket's own document names.
                "Resource": Tag("!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"),
                "Condition": {"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}},
            }
        )
    log = {
        "Sid": "Log",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": Tag("!GetAtt RemediationLogs.Arn"),
    }
    return [*allowed, log]


def live_actions(controls: Iterable[Control]) -> list[str]:
    """Return what the rules read from S3: on an event the live aspects, on a schedule all."""
    scheduled = [each.rule for each in controls if each.rule.live]
    return _sorted(aspect.get.action for rule in scheduled for aspect in rule.reads)


def _sorted(actions: Iterable[str]) -> list[str]:
    return sorted(set(actions))
