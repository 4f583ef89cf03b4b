"""The account must block public access with all four flags.

## Why is this bad?
The account's public access block overrules every bucket's and every access point's own setting,
those of buckets that are made tomorrow included. Without it one call that lifts a bucket's block
is enough to publish the bucket.

## What it checks
The account's public access block has `BlockPublicAcls`, `IgnorePublicAcls`, `BlockPublicPolicy`
and `RestrictPublicBuckets` all on. A block that was never set, or was deleted, has all of them
off; AWS's own rule on changes says nothing then. The setting is read live when AWS Config
records a change of it and once a day, as a call to another Region's endpoint is recorded there.

## Remediation safety
Every bucket of the account that is public on purpose stops being public, in all Regions; where
there is one, leave this control out and keep to `bucket_public_access_block`. An organization's
S3 policy may own the setting: S3 refuses the change then, and the remediation says so.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1
"""

from bucketward import Rule, Severity, Verdict, compliant, non_compliant
from bucketward.account import ACCOUNT_BLOCK, ACCOUNT_BLOCK_TYPE, Account
from bucketward.public_access import flags_off


def evaluate(account: Account) -> Verdict:
    if account[ACCOUNT_BLOCK] is None:
        return non_compliant("The account has no public access block.")
    off = flags_off(account[ACCOUNT_BLOCK])
    if off:
        return non_compliant(f"The account's public access block leaves {', '.join(off)} off.")
    return compliant("The account's public access block has all four flags on.")


rule = Rule(
    evaluate,
    severity=Severity.MEDIUM,
    reads=(ACCOUNT_BLOCK,),
    subject=Account,
    wakes=(ACCOUNT_BLOCK_TYPE,),
)
