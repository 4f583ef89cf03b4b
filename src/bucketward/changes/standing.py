"""Whether a change was authorised: what its CloudTrail record proves of who made it.

What a caller can choose is not looked at: the session's name, the user agent, tags, the address.
``invokedBy`` says how a call was made, not who made it: a role that works through CloudFormation
or SSM is judged as that role.

Source: *CloudTrail userIdentity element* in the CloudTrail user guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bucketward.changes.actor import SERVICE
from bucketward.changes.decision import Decision, Standing
from bucketward.changes.payload import account_id, arn_account
from bucketward.changes.principal import is_root, linked_service, principal_account
from bucketward.errors import BadInput, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from bucketward.changes.authorisation import Authorisation
    from bucketward.changes.change import Change

_CONSOLE = "signin.amazonaws.com"


@dataclass(frozen=True, slots=True)
class _Case:
    change: Change
    account: str
    own_roles: Collection[str]
    services: Collection[str] | None

    @property
    def principal(self) -> str | None:
        """The ARN of the role or user to hold responsible, where the record proves one."""
        arn = self.change.actor.principal
        return arn if arn and principal_account(arn) else None


def judge(
    change: Change,
    authorisations: Iterable[Authorisation],
    *,
    account: str,
    own_roles: Collection[str] = (),
    services: Collection[str] | None = None,
) -> Decision:
    """Judge a change by what is proved of its actor, at the time at which it was made.

    ``account`` owns the buckets. ``own_roles`` are the exact ARNs of Bucketward's own roles, path
    included. ``services`` are the names of the AWS services that may act by themselves, such as
    ``s3.amazonaws.com``; None accepts all. Whether the call was a write at all is
    ``change.write``'s to say.
    """
    owner = account_id(account)
    if not owner:
        raise BadInput(f"Account {shown(account)} is no account id; pass the buckets' owner.")
    case = _Case(change, owner, own_roles, services)
    for settles in _FIRST:
        if decision := settles(case):
            return decision
    return _listed(case, authorisations)


def _failed(case: _Case) -> Decision | None:
    change = case.change
    if not change.failed:
        return None
    why = shown(change.error_code or change.error_message)
    return Decision(Standing.FAILED_ATTEMPT, f"The call failed with {why}, so it changed nothing.")


def _elsewhere(case: _Case) -> Decision | None:
    owner = case.change.account
    if owner in {None, case.account}:
        return None
    reason = f"The setting is of account {owner}, and only those of {case.account} are judged here."
    return Decision(Standing.UNAUTHORISED, reason)


def _foreign(case: _Case) -> Decision | None:
    """Settle callers of other accounts by every account that the record names for the caller."""
    actor = case.change.actor
    named = {actor.account or "", arn_account(actor.arn), arn_account(actor.issuer)}
    foreign = sorted(named - {"", case.account})
    if not foreign:
        return None
    reason = (
        f"The caller is of account {foreign[0]}; only those of {case.account} can be authorised."
    )
    return Decision(Standing.UNAUTHORISED, reason)


def _root(case: _Case) -> Decision | None:
    if not case.change.actor.root and not is_root(case.principal or ""):
        return None
    reason = f"The root user of account {case.account} made it, who can't be authorised."
    return Decision(Standing.UNAUTHORISED, reason)


def _service(case: _Case) -> Decision | None:
    """Settle what a service did by itself; a call for somebody is that somebody's."""
    actor = case.change.actor
    if actor.kind == SERVICE:
        service = actor.via if actor.via != _CONSOLE else None  # a person at the console
    else:
        service = linked_service(case.principal or "")
    if not service:
        return None
    if case.services is not None and service not in case.services:
        reason = f"AWS service {shown(service)} made it, which is not among those accepted."
        return Decision(Standing.UNAUTHORISED, reason)
    return Decision(Standing.AWS_SERVICE, f"AWS service {shown(service)} made it by itself.")


def _unproved(case: _Case) -> Decision | None:
    if case.principal:
        return None
    kind = shown(case.change.actor.kind)
    reason = f"The record proves no role or user for its caller of type {kind}."
    return Decision(Standing.UNKNOWN, reason)


def _own(case: _Case) -> Decision | None:
    if case.principal not in case.own_roles:
        return None
    return Decision(Standing.SELF, f"Bucketward made it with its own role {case.principal}.")


_FIRST: tuple[Callable[[_Case], Decision | None], ...] = (
    _failed,
    _elsewhere,
    _foreign,
    _root,
    _service,
    _unproved,
    _own,
)
"""What needs no list, in this order; the first that has something to say decides."""


def _listed(case: _Case, authorisations: Iterable[Authorisation]) -> Decision:
    """Look the actor up; of many entries the one with the fewest gaps, then by id, is named."""
    principal = case.principal or ""
    about = [each for each in authorisations if each.names(principal, case.account)]
    if not about:
        return Decision(Standing.UNAUTHORISED, f"No authorisation names {principal}.")
    gaps, _, _, nearest = min(
        ((each.gaps(case.change), each.id, str(each), each) for each in about),
        key=lambda found: (len(found[0]), found[1], found[2]),
    )
    if gaps:
        missing = " and ".join(gaps)
        reason = f"Authorisation {nearest.id} names {principal}, but does not cover {missing}."
        return Decision(Standing.UNAUTHORISED, reason)
    reason = f"Authorisation {nearest.id} allows it to {principal}: {nearest.reason.rstrip('.')}."
    return Decision(Standing.AUTHORISED, reason, nearest)
