"""The orders of policy, ACL and ownership: what may never be taken from, or given by, them.

Neither the account's public access block nor IAM policies are looked at: they can change at any
time, and what a bucket's own documents say must be safe without them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from .aspects import ACL, OWNERSHIP, POLICY

if TYPE_CHECKING:
    from .bucket import Bucket
    from .policy import Judgement
    from .policy_order import Written

_GRANTED: Final = {
    "public_read": "the public could read",
    "public_write": "the public could write",
    "public": "the policy would be public",
    "cross_account": "other accounts would be let in",
    "allows_acl_modification": "others could change the ACL, the policy or the encryption",
}
_NAMED: Final = frozenset({"cross_account"})
"""What an approval answers for: those whom the policy lets in by name."""
_OWNERSHIPS: Final = ("ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced")


def policy(before: Bucket, after: Bucket, *, approved: bool = False) -> str | None:
    """Weigh two policies: no Deny may go, and others may do only what they may do now.

    An ``approved`` one may let in whom it names; but nobody to change ACL, policy or encryption.
    """
    now, then = before[POLICY], after[POLICY]
    if now == then:
        return None
    judged, judged_then = _judged(before), _judged(after)
    if not judged.valid:
        return "how safe the policy is cannot be told, so it is not replaced"
    if not judged_then.valid:
        return f"the policy could not be judged any more: {judged_then.reasons[0]}".rstrip(".")
    if now and then and _version(now) != _version(then) and "${" in now + then:
        return "policy variables would be read differently"
    return (
        _demands_less(judged, judged_then)
        or _opens(judged, judged_then, frozenset() if not approved else _NAMED)
        or _grants_more(judged, judged_then, now, then, approved=approved)
    )


def _version(text: str) -> object:
    """Return the policy's Version, on which it hangs whether ``${...}`` is a variable."""
    return json.loads(text).get("Version")


def _judged(bucket: Bucket) -> Judgement:
    from .policy import Judgement, judge  # remediations that write no policy load none of it

    text = bucket[POLICY]
    if text is None:
        return Judgement((), bucket.name, lambda _: ())
    return judge(text, bucket.account, bucket.name)


def _demands_less(now: Judgement, then: Judgement) -> str | None:
    if now.tls_enforced and not then.tls_enforced:
        return "plaintext requests would be allowed"
    if (then.min_tls or "") < (now.min_tls or ""):
        return f"TLS versions below {now.min_tls} would be allowed"
    if now.kms_only_puts and not then.kms_only_puts:
        return "uploads without a KMS key would be allowed"
    return None


def _opens(now: Judgement, then: Judgement, but: frozenset[str]) -> str | None:
    for verdict, loss in _GRANTED.items():
        if verdict not in but and getattr(then, verdict) and not getattr(now, verdict):
            return loss
    return None


def _grants_more(
    now: Judgement, then: Judgement, text: str | None, text_then: str | None, *, approved: bool
) -> str | None:
    from .policy_order import within

    ours, theirs = _written(now, text), _written(then, text_then)
    for deny in ours:
        if not deny.read.allows and not any(
            not each.read.allows and within(deny, each) for each in theirs
        ):
            return f"{deny.read.label}, a Deny, would be lost"
    if approved and not then.public:
        return None
    for allow in theirs:
        outside = allow.read.allows and (allow.read.foreign or allow.read.principals.services)
        if outside and not any(each.read.allows and within(allow, each) for each in ours):
            return f"{allow.read.label} would let others do more than they may now"
    return None


def _written(judgement: Judgement, text: str | None) -> list[Written]:
    if text is None:
        return []
    from .policy_cut import raw_of
    from .policy_order import Written

    return [
        Written(raw, read) for raw, read in zip(raw_of(text), judgement.statements, strict=True)
    ]


def acl(before: Bucket, after: Bucket, *, approved: bool = False) -> str | None:
    """Weigh two ACLs: grants may go, and none may come but the owner's own.

    An ``approved`` one may bring any grant but one to the public.
    """
    added = _grants(after) - _grants(before)
    if approved:
        added &= _public(after)
    if not added:
        return None
    grantee, permission = min(added)
    return f"the ACL would give {permission} to {grantee}"


def _grants(bucket: Bucket) -> set[tuple[str, str]]:
    from .bucket_acl import grantee_name, is_owner

    document = bucket[ACL] or {}
    return {
        (grantee_name(grant), grant.get("Permission", ""))
        for grant in document.get("Grants", ())
        if not is_owner(document, grant)
    }


def _public(bucket: Bucket) -> set[tuple[str, str]]:
    from .bucket_acl import grantee_name
    from .policy import judge_acl

    grants, judged = (bucket[ACL] or {}).get("Grants", ()), judge_acl(bucket[ACL])
    return {
        (grantee_name(grant), grant.get("Permission", ""))
        for index, grant in enumerate(grants)
        if not judged.valid or index in judged.public_grants
    }


def ownership(before: Bucket, after: Bucket) -> str | None:
    """Weigh two settings: where ACLs are off, or count for less, that stays so."""
    from .bucket_acl import ownership_of

    now, then = ownership_of(before[OWNERSHIP]), ownership_of(after[OWNERSHIP])
    if now == then:
        return None
    if now and now not in _OWNERSHIPS:
        return f"how safe the object ownership {now} is cannot be told, so it is not replaced"
    if _rank(then) < _rank(now):
        return f"object ownership would go from {now} to {then or 'none'}"
    return None


def _rank(setting: str | None) -> int:
    """Never set is ObjectWriter: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html."""
    return _OWNERSHIPS.index(setting) if setting in _OWNERSHIPS else 0
