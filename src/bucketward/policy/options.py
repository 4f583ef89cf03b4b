"""Which reading to take where AWS's text leaves one open."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One switch for each contested reading; the defaults judge a policy public when in doubt.

    A switch named `..._pin(s)` makes that key or form count as a limit on who is granted access.
    AWS's list of the keys which do count:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """

    web_identity_pins: bool = False
    """A web identity provider named as `Federated` principal (`graph.facebook.com`)."""
    kms_key_id_pins: bool = False
    """`s3:x-amz-server-side-encryption-aws-kms-key-id`, on AWS's list until 2023."""
    principal_org_paths_pin: bool = False
    """`aws:PrincipalOrgPaths`; a path must begin with a fixed organization."""
    source_org_pins: bool = False
    """`aws:SourceOrgID` and `aws:SourceOrgPaths`."""
    service_name_pins: bool = False
    """`aws:PrincipalServiceName`, `aws:PrincipalServiceNamesList`, `aws:PrincipalIsAWSService`."""
    vpce_owner_pins: bool = False
    """`aws:VpceOrgID`, `aws:VpceOrgPaths` and `aws:VpceAccount`."""
    role_session_pins: bool = False
    """A role session in `aws:userid` (`AROA...:name`)."""
    fixed_account_arn_pins: bool = False
    """An ARN with a fixed account and a wildcard or variable after it."""
    access_point_any_region_pins: bool = False
    """An access point ARN with a wildcard in place of the Region."""
    old_version_variables_are_text: bool = False
    """`${...}` in a policy without `Version` 2012-10-17, where IAM does not expand it."""
    presence_guard_pins: bool = False
    """`...IfExists` or `ForAllValues:` beside `Null: false` on the same key."""
    operator_in_any_case_pins: bool = False
    """A condition operator in another case than IAM's grammar (`stringequals`)."""
    mistyped_operator_pins: bool = False
    """An operator of another type than the key's (`NumericEquals` on an account id)."""
    empty_value_list_pins: bool = False
    """A condition with an empty list of values, which no request can meet."""
    unique_local_ipv6_pins: bool = False
    """`fc00::/7` ranges broader than /32; AWS's exception names RFC 1918, which is IPv4."""
    anonymous_canonical_id_is_private: bool = False
    """In an ACL: the canonical id that S3 records for anonymous uploaders."""
    large_address_total_pins: bool = False
    """Ranges none of which is too broad, but which hold more than 2^24 public IPv4 addresses."""
    subtract_denies: bool = True
    """A Deny that provably covers a public statement neutralises it."""


DEFAULT: Final = Options()
