"""A multi-Region trail must record what is done with the objects of every bucket.

## Why is this bad?
CloudTrail records changes of buckets by itself, but not who read, overwrote or deleted which
object. After a leak or a ransom nobody can say what was taken.

## What it checks
One or more trails that are switched on and record every Region have a selector of all S3 objects
(`arn:aws:s3`, or an advanced selector without further conditions), for writes and for reads.
`events` says which of the two are wanted. Where only the organization's trail could, which
shows in its member accounts but may not be looked into from there, the rule is not applicable.

## Remediation safety
Data events are charged by their number, and a busy account has billions: the remediation never
runs by itself. Started by hand it adds one selector to the first such trail of this Region and
keeps the others. It refuses where there is no such trail and where the trail has five selectors,
which is all that CloudTrail takes.

## References
- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-22
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-23
"""

from dataclasses import dataclass

from bucketward import Rule, Severity, Verdict, compliant, non_compliant, not_applicable, parameter
from bucketward.account import TRAILS, Account
from bucketward.trails import READ, WRITE, missing, multi_region, owner, unread


@dataclass(frozen=True, slots=True)
class Parameters:
    events: tuple[str, ...] = parameter(
        (WRITE, READ),
        "Which object events must be recorded: write, read, or both.",
        pattern="write|read",
    )


def evaluate(account: Account, parameters: Parameters = Parameters()) -> Verdict:
    lacking = missing(account[TRAILS], parameters.events)
    if not lacking:
        return compliant(
            f"Object-level {' and '.join(parameters.events)} events of every bucket are recorded."
        )
    foreign = unread(account[TRAILS])
    if foreign:
        return not_applicable(
            f"Trail {foreign[0]['Name']} belongs to account {owner(foreign[0])}, which alone can "
            "tell what it records; this is judged there."
        )
    if not multi_region(account[TRAILS]):
        return non_compliant("No multi-Region trail is switched on, so nothing is recorded.")
    return non_compliant(
        f"No multi-Region trail records object-level {' and '.join(lacking)} events of every "
        "bucket."
    )


rule = Rule(
    evaluate,
    severity=Severity.MEDIUM,
    reads=(TRAILS,),
    parameters=Parameters,
    subject=Account,
    wakes=("AWS::CloudTrail::Trail",),
)
