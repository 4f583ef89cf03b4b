"""The IAM statements of a remediation's role, derived from what it declares that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.aspects import LOCATION
from bucketward.bucket import Bucket

from .holes import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward import Remediation, Rule
    from bucketward_tools.catalogue import Control

HISTORY = "config:GetResourceConfigHistory"
LIST = "s3:ListAllMyBuckets"
AUTHOR = "cloudtrail:LookupEvents"
STACK = "cloudformation:ListStackResources"
REVIVE = (
    "s3:CreateBucket",
    "s3:ListBucket",  # HeadBucket
    # What CreateBucket asks for with an ownership, and with Object Lock.
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketVersioning",
)
"""What makes a deleted bucket again."""

_OWNED: dict[str, Any] = {
    "Resource": Tag("!Sub arn:${AWS::Partition}:s3:::*"),
    # Bucket names are global: only buckets of this account.
    "Condition": {"StringEquals": {"aws:ResourceAccount": Tag("!Ref AWS::AccountId")}},
}


TRACE: dict[str, Any] = {
    "Fn::If": [
        "Traces",
        {
            "Sid": "Trace",
            "Effect": "Allow",
            "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            # The actions have no resource types in IAM, so nothing but * is possible.
            "Resource": "*",
        },
        Tag("!Ref AWS::NoValue"),
    ]
}
"""What Lambda asks of the role of a function that X-Ray traces; in every role, or in none."""


def s3_actions(remediation: Remediation) -> dict[str, list[str]]:
    """Return the actions, by the id of the statement that allows them."""
    if remediation.subject is not Bucket:
        read = (action for fact in remediation.reads for action in fact.actions)
        written = (operation.action for operation in remediation.calls)
        return {"ReadAccount": _sorted(read), "ChangeAccount": _sorted(written)}
    others = [aspect.get.action for aspect in remediation.others]
    return {
        "ReadBucket": _sorted(aspect.get.action for aspect in remediation.reads),
        "ChangeBucket": _sorted(operation.action for operation in remediation.calls),
        # Another bucket's Region is not known beforehand.
        "ReadOtherBuckets": _sorted([*others, LOCATION.action] if others else []),
    }


def statements(remediation: Remediation) -> list[dict[str, Any]]:
    if remediation.subject is not Bucket:
        own = store_statements(remediation)
        return [*_account_statements(remediation), *own, TRACE, _LOG]
    allowed = [
        {"Sid": sid, "Effect": "Allow", "Action": actions} | _OWNED
        for sid, actions in s3_actions(remediation).items()
        if actions
    ]
    allowed += store_statements(remediation)
    if remediation.compares:
        allowed += _comparing_statements()
    if remediation.earlier:
        # The action has no resource types in IAM, so nothing but * is possible.
        allowed.append(
            {"Sid": "ReadEarlierState", "Effect": "Allow", "Action": HISTORY, "Resource": "*"}
        )
    if remediation.owns or remediation.compares:  # to judge a change, that of replication above all
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
    return [*allowed, TRACE, _LOG]


def store_statements(remediation: Remediation) -> list[dict[str, Any]]:
    """Allow what is asked of the stack's own tables, key and bus.

    Every revert is guarded: a lease is taken and given back, the journal is written, the bus is
    told. For a bucket exemptions and the breaker are read. Who may go back to an earlier value
    reads what is approved as well.
    """
    decisions = _on("ReadDecisions", ["dynamodb:GetItem", "dynamodb:Query"], "Decisions.Arn")
    allowed = [
        *([decisions] if remediation.subject is Bucket else []),
        # Not what the monitor found of a change: a revert must not be able to invent its reason.
        _on("ReadRecords", ["dynamodb:Query"], "Records.Arn"),
        _on("KeepJournal", ["dynamodb:PutItem"], "Records.Arn", "journal#*", "part#*"),
        _on("TakeLease", ["dynamodb:DeleteItem", "dynamodb:PutItem"], "Records.Arn", "lease#*"),
        _on("TellTheBus", ["events:PutEvents"], "AlertBus.Arn"),
    ]
    if remediation.earlier or remediation.compares:
        allowed += [
            _on("ReadBaselines", ["dynamodb:Query"], "Baselines.Arn"),
            _on("VerifyBaselines", ["kms:VerifyMac"], "BaselineKey.Arn"),
        ]
    return allowed


def _comparing_statements() -> list[dict[str, Any]]:
    """Allow what only the control that compares with the baseline does."""
    return [
        {
            "Sid": "LookForTheAuthor",
            # The action has no resource types in IAM, so nothing but * is possible.
            "Effect": "Allow",
            "Action": AUTHOR,
            "Resource": "*",
        },
        _on("HandItsChangesOn", ["sqs:SendMessage"], "Changes.Arn"),
        {
            "Sid": "KnowOwnRoles",
            "Effect": "Allow",
            "Action": STACK,
            "Resource": Tag("!Ref AWS::StackId"),
        },
        {
            "Sid": "MakeDeletedBucketsAgain",
            # A bucket that does not exist has no account, so there is no condition to set.
            "Effect": "Allow",
            "Action": list(REVIVE),
            "Resource": Tag("!Sub arn:${AWS::Partition}:s3:::*"),
        },
    ]


def _on(sid: str, actions: list[str], resource: str, *partitions: str) -> dict[str, Any]:
    """Allow actions on one resource, in a table only on the items of these partitions."""
    found = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": Tag(f"!GetAtt {resource}"),
    }
    if not partitions:
        return found
    keys = {"dynamodb:LeadingKeys": list(partitions)}
    return found | {"Condition": {"ForAllValues:StringLike": keys}}


_LOG: dict[str, Any] = {
    "Sid": "Log",
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": Tag("!GetAtt RemediationLogs.Arn"),
}


def _account_statements(remediation: Remediation) -> Iterator[dict[str, Any]]:
    """Yield one statement for what is read, and one for each kind of resource that is changed."""
    read = _sorted(action for fact in remediation.reads for action in fact.actions)
    yield {"Sid": "ReadAccount", "Effect": "Allow", "Action": read, "Resource": "*"}
    arns = {operation.resource for operation in remediation.calls}
    for number, arn in enumerate(sorted(arns, key=str), 1):
        actions = _sorted(each.action for each in remediation.calls if each.resource == arn)
        yield {
            "Sid": f"ChangeAccount{number}",
            "Effect": "Allow",
            "Action": actions,
            # Some actions have no resource types in IAM.
            "Resource": Tag(f"!Sub arn:${{AWS::Partition}}:{arn}") if arn else "*",
        }


def read_statements(controls: Iterable[Control]) -> list[dict[str, Any]]:
    """Allow what the rules read live, each statement only where there is such a rule."""
    rules = [each.rule for each in controls]
    buckets = _read(each for each in rules if each.live and each.subject is Bucket)
    account = _read(each for each in rules if each.subject is not Bucket)
    found: list[dict[str, Any]] = []
    if buckets:
        found.append(
            {"Sid": "ReadWhatConfigDoesNotRecord", "Effect": "Allow", "Action": buckets} | _OWNED
        )
    if account:
        found.append(
            {"Sid": "ReadTheAccount", "Effect": "Allow", "Action": account, "Resource": "*"}
        )
    return found


def _read(rules: Iterable[Rule]) -> list[str]:
    return _sorted(action for rule in rules for part in rule.reads for action in part.actions)


def _sorted(actions: Iterable[str]) -> list[str]:
    return sorted(set(actions))
