"""Buckets must let in only their own account, AWS services and trusted accounts.

## Why is this bad?
A statement for one more account is how data leaves quietly: the bucket is not public, no scanner
finds it, and the copies are made by valid credentials of somebody else.

## What it checks
Each Allow that reaches beyond the bucket's account names only accounts of `trustedAccounts`, in
its principals or in a condition that fixes them, or is limited by `aws:PrincipalOrgID` (or
`aws:PrincipalOrgPaths`) to `trustedOrganizations`, or by `aws:SourceVpc`, `aws:SourceVpce` or
`aws:SourceIp` to `trustedNetworks`; the limit may stand in a Deny for everyone that covers the
Allow. A limit to a network that is not trusted fixes no account, so it does not pass. A
principal whose account cannot be told (a canonical user id, a deleted user's `AIDA...` id) passes
only where `trustedAccounts` holds it as it is written. AWS services, also CloudFront's origin
access identities, pass. A policy that cannot be judged does not.

The public access block is not considered: `RestrictPublicBuckets` cuts off other accounts only
while the policy is public. Nor are ACLs (see bucket_acls_disabled) and access points.

## Remediation safety
An untrusted partner loses access at once, so fill the parameters before it runs by itself. The
earlier policy, or the earlier form of a statement under its Sid, is put back where it holds all
else that is there now and lets nobody do more. Otherwise the untrusted principals are taken out
of their statement, and a statement goes where nobody is left or where it is open and limited by
conditions only.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
- https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy-grantee-check.html
"""

from dataclasses import dataclass

from bucketward import POLICY, Bucket, Rule, Severity, Verdict, compliant, non_compliant, parameter
from bucketward.policy_faults import Trust, strangers


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = parameter(
        (),
        "Ids of the accounts that policies may let in, or canonical user ids.",
        pattern=r"\d{12}|[0-9a-f]{64}|A[A-Z0-9]{15,127}",
    )
    trusted_organizations: tuple[str, ...] = parameter(
        (), "Ids of the organisations whose accounts may be let in.", pattern="o-[a-z0-9]{10,32}"
    )
    trusted_networks: tuple[str, ...] = parameter(
        (),
        "VPCs, VPC endpoints and IP ranges from which any account may be let in.",
        pattern="vpce?-[0-9a-f]{8,17}|[0-9a-fA-F.:]+(/[0-9]{1,3})?",
    )


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    trust = Trust(
        parameters.trusted_accounts, parameters.trusted_organizations, parameters.trusted_networks
    )
    faults = strangers(bucket, trust)
    if faults:
        return non_compliant(str(faults))
    if bucket[POLICY] is None:
        return compliant("The bucket has no policy.")
    return compliant("The policy lets in the bucket's account, AWS services and trusted accounts.")


rule = Rule(evaluate, severity=Severity.HIGH, reads=(POLICY,), parameters=Parameters)
