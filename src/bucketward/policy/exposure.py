"""Whether a bucket is public once Block Public Access and Object Ownership are applied.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from .acl import AclJudgement
from .judgement import Judgement

_FLAGS: Final = (
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
)
_ACLS_OFF: Final = "BucketOwnerEnforced"

Block = Mapping[str, object]


class Exposure(NamedTuple):
    """What is left of a bucket's public and foreign access."""

    public: bool
    public_read: bool
    public_write: bool
    cross_account: bool
    by_policy: bool
    by_acl: bool
    reasons: tuple[str, ...]


def most_restrictive(*blocks: Block | None) -> dict[str, bool]:
    """Unite the flags of bucket, account and organization: each is on where any has it on.

    Takes S3's spelling or a configuration item's (`restrictPublicBuckets`); None is no
    configuration. A flag is on only where it is `True`, or its text.
    """
    found = dict.fromkeys(_FLAGS, False)
    names = {name.lower(): name for name in _FLAGS}
    for block in blocks:
        for key, value in (block or {}).items():
            name = names.get(key.lower())
            if name and (value is True or str(value).lower() == "true"):
                found[name] = True
    return found


def effective_exposure(
    policy: Judgement | None,
    acl: AclJudgement | None,
    *,
    block: Block | None,
    ownership: str | None,
) -> Exposure:
    """Say what policy and ACL still open to the public.

    `policy` None means the bucket has none, `acl` None that it opens nothing. `block` are the
    flags in force (see `most_restrictive`), `ownership` the ObjectOwnership, None where it was
    never set. What could not be judged (`valid` False) counts as public.
    """
    flags = most_restrictive(block)
    reasons: list[str] = []
    restricted = policy is not None and policy.public and flags["RestrictPublicBuckets"]
    by_policy = policy is not None and policy.public and not restricted
    if restricted:
        reasons.append(
            "RestrictPublicBuckets holds the public policy down to AWS services and the owner's"
            " account."
        )
    elif by_policy:
        reasons.append("The policy is public and RestrictPublicBuckets is off.")
    acls_off = ownership == _ACLS_OFF
    ignored = acls_off or (acl is not None and acl.public and flags["IgnorePublicAcls"])
    by_acl = acl is not None and acl.public and not ignored
    if acl is not None and acl.public:
        if acls_off:
            reasons.append("BucketOwnerEnforced ownership switches the public ACL off.")
        elif ignored:
            reasons.append("IgnorePublicAcls switches the public ACL off.")
        else:
            reasons.append("The ACL is public and neither IgnorePublicAcls nor ownership stops it.")
    open_policy = policy if policy is not None and not restricted else None
    open_acl = acl if acl is not None and not ignored else None
    sources = [source for source in (open_policy, open_acl) if source is not None]
    return Exposure(
        public=by_policy or by_acl,
        public_read=any(source.public_read for source in sources),
        public_write=any(source.public_write for source in sources),
        cross_account=any(source.cross_account for source in sources),
        by_policy=by_policy,
        by_acl=by_acl,
        reasons=tuple(reasons) or ("Neither the policy nor the ACL is public.",),
    )


def effectively_public(
    policy: Judgement | None,
    acl: AclJudgement | None,
    *,
    block: Block | None,
    ownership: str | None,
) -> bool:
    """Say whether the bucket is public after all; see `effective_exposure`."""
    return effective_exposure(policy, acl, block=block, ownership=ownership).public
