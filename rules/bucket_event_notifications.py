"""Buckets must send their events somewhere, and only to trusted accounts.

## Why is this bad?
Without event notifications nothing notices that objects are created or deleted. Sent to a topic,
queue or function of a foreign account, they tell its owner of every object by name, and a
function there may act on it.

## What it checks
The bucket delivers to EventBridge or to at least one topic, queue or function, and the account in
the ARN of each of these is the bucket's own or one of `trustedAccounts`; an ARN without an account
is trusted by nobody. AWS Config does not record delivery to EventBridge, so the notification
configuration is read from S3 on each event.

## Remediation safety
Foreign destinations are removed and all others stay. Where none is left, delivery to EventBridge
is turned on: it goes to the bucket's own account and does nothing until a rule there asks for it,
but custom rules may then match. S3 is told not to validate the destinations, because those
that stay were accepted before, and one whose policy is gone by now would fail the whole call.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
- https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-11
- https://github.com/matt-filion/serverless-external-s3-event/issues/88
"""

from dataclasses import dataclass

from bucketward import (
    NOTIFICATION,
    Bucket,
    Rule,
    Severity,
    Verdict,
    compliant,
    event_destinations,
    non_compliant,
    parameter,
)
from bucketward.errors import shown


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = parameter(
        (), "Accounts besides the bucket's own that may receive events.", pattern=r"\d{12}"
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    found = list(event_destinations.destinations(bucket))
    for arn, each in found:
        if not event_destinations.trusted(arn, bucket.account, parameters.trusted_accounts):
            account = event_destinations.account_of(arn)
            return non_compliant(
                f"Event notification {shown(each.get('Id', ''))} goes to {shown(arn)}, in "
                + (
                    f"account {shown(account)[1:-1]}, which is"
                    if account
                    else "no account, which is"
                )
                + " not trusted."
            )
    if event_destinations.to_event_bridge(bucket):
        return compliant("The bucket sends its events to EventBridge.")
    if found:
        return compliant(f"Every event destination ({len(found)}) is in a trusted account.")
    return non_compliant("The bucket sends no event notifications.")


rule = Rule(
    evaluate,
    severity=Severity.MEDIUM,
    reads=(NOTIFICATION,),
    live=(NOTIFICATION,),
    parameters=Parameters,
)
