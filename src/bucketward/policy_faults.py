"""What is wrong with a bucket's policy, statement by statement, as rule and remediation see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .aspects import POLICY
from .policy import judge
from .policy.actions import READ, WRITE, bits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .bucket import Bucket
    from .policy.conditions import Condition
    from .policy.statements import Statement

TAKEOVER: Final = (
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketAcl",
    "PutObjectAcl",
    "PutObjectVersionAcl",
    "PutEncryptionConfiguration",
)
"""The actions that hand a bucket over, in the order in which a sentence names them."""

_NETWORKS: Final = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourceip"})


@dataclass(frozen=True, slots=True)
class Faults:
    """``statements`` holds a sentence for each offending statement, by its index from 0.

    ``unreadable`` says instead why nothing can be said of the policy: it counts as unsafe.
    """

    statements: Mapping[int, str]
    unreadable: str = ""

    def __bool__(self) -> bool:
        return bool(self.statements or self.unreadable)

    def __str__(self) -> str:
        return self.unreadable or " ".join(self.statements.values())


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a policy may let in besides the bucket's own account and AWS services."""

    accounts: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    def holds(self, condition: Condition, base: str | None) -> bool:
        """Whether a condition, its operator read as ``base``, lets in only what is trusted."""
        if not condition.values or not base or not base.startswith(("String", "IpAddress")):
            return False
        if condition.key == "aws:principalorgid":
            return set(condition.values) <= set(self.organizations)
        if condition.key == "aws:principalorgpaths":
            return {each.partition("/")[0] for each in condition.values} <= set(self.organizations)
        return condition.key in _NETWORKS and set(condition.values) <= set(self.networks)

    def covers(self, deny: Statement) -> bool:
        """Whether a Deny, one that neutralises an Allow, leaves only what is trusted."""
        return all(self.holds(each, each.operator.negates) for each in deny.conditions)

    def limits(self, statement: Statement, statements: Iterable[Statement]) -> bool:
        """Whether conditions, its own or those of the Denies over it, keep strangers out."""
        if any(each.operator.limits and self.holds(each, each.operator.base)
               for each in statement.conditions):  # fmt: skip
            return True
        denies = [each for each in statements if each.index in statement.covered_by]
        return bool(denies) and all(map(self.covers, denies))


def public(bucket: Bucket) -> Faults:
    """Find what grants access to the public by AWS's definition."""

    def fault(statement: Statement) -> str | None:
        if not statement.public:
            return None
        keys = sorted({condition.key for condition in statement.conditions})
        limits = f"; its conditions ({', '.join(keys)}) fix nobody" if keys else ""
        return f"{statement.label} lets {_everyone(statement)} {_use(statement)}{limits}."

    return _find(bucket, lambda statement, _: fault(statement))


def unlimited(bucket: Bucket) -> Faults:
    """Find what grants every action to others, or all but what it names."""

    def fault(statement: Statement) -> str | None:
        if not statement.allows:
            return None
        if statement.not_principal:
            return (
                f"{statement.label} allows with NotPrincipal, so it lets in whom it doesn't name."
            )
        if statement.not_action:
            return f"{statement.label} allows with NotAction, so it allows what it does not name."
        if statement.is_wildcard_grant:
            return f"{statement.label} allows every S3 action to {_whom(statement)}."
        return None

    return _find(bucket, lambda statement, _: fault(statement))


def takeover(bucket: Bucket) -> Faults:
    """Find what lets others change the ACL, the policy or the encryption."""

    def fault(statement: Statement) -> str | None:
        if not statement.modifies_acl:
            return None
        actions = [each for each in TAKEOVER if statement.grants & bits_of("s3:" + each.lower())]
        return f"{statement.label} lets {_whom(statement)} call {', '.join(actions)}."

    return _find(bucket, lambda statement, _: fault(statement))


def strangers(bucket: Bucket, trust: Trust) -> Faults:
    """Find what lets in accounts that are not trusted, or callers whose account is not fixed."""

    def fault(statement: Statement, statements: Iterable[Statement]) -> str | None:
        if not statement.foreign or trust.limits(statement, statements):
            return None
        named = not statement.is_open or any(pin.accounts for pin in statement.pins)
        if statement.public or not named:
            return f"{statement.label} lets in {_whom(statement)}."
        others = [each for each in dict.fromkeys(statement.accounts) if each not in trust.accounts]
        return f"{statement.label} lets in {', '.join(others)}." if others else None

    return _find(bucket, fault)


def _find(bucket: Bucket, fault: Callable[[Statement, Iterable[Statement]], str | None]) -> Faults:
    text = bucket[POLICY]
    if text is None:
        return Faults({})
    judgement = judge(text, bucket.account, bucket.name)
    if not judgement.valid:
        # As AWS's own rules: what cannot be evaluated is NON_COMPLIANT, never passed over.
        reason = judgement.reasons[0]
        return Faults({}, f"The policy cannot be judged, so it counts as unsafe: {reason}")
    found = ((each.index, fault(each, judgement.statements)) for each in judgement.statements)
    return Faults({index: sentence for index, sentence in found if sentence})


def _everyone(statement: Statement) -> str:
    if statement.not_principal:
        return "everyone but the principals in NotPrincipal"
    return "principals that are not fixed" if statement.is_partly_wild else "everyone"


def _whom(statement: Statement) -> str:
    if statement.public:
        return _everyone(statement)
    pinned = statement.is_open and not any(pin.accounts for pin in statement.pins)
    if pinned:
        keys = ", ".join(sorted({pin.key for pin in statement.pins}))
        return f"callers of any account, limited only by {keys}"
    return ", ".join(dict.fromkeys(statement.accounts or statement.principals.services))


def _use(statement: Statement) -> str:
    reads, writes = statement.grants & READ, statement.grants & WRITE
    if reads and writes:
        return "read and write"
    return "read" if reads else "write" if writes else "act"
