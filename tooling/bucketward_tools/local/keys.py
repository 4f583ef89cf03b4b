"""KMS: the key's policy decides, and IAM policies as far as it lets them.

A stand-in for the permissions only; moto keeps the keys and makes the codes. Source: *Determining
access to AWS KMS keys* and *Default key policy* in the KMS developer guide. Grants are not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import iam
from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import LocalAccount
    from .iam import Request, Role, Statement

_EVERYTHING: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Keys:
    """The keys of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def arn(self, name: str) -> str:
        """Return the ARN that a key id, an alias or an ARN of either stands for."""
        last = name.rpartition(":")[2]
        for key in self._account.wiring.keys.values():
            if last in {key.id, f"key/{key.id}", *key.aliases}:
                return key.arn
        raise NotEmulated(f"KMS key {name} is not the template's.")

    def allows(self, role: Role, request: Request) -> bool:
        """Whether the key's policy and the role's own let the role do it."""
        place, key = self._account.place, self._account.wiring.keys
        policy = key[request.resource.rpartition("/")[2]].policy
        account = {place.arn("iam", "root"), place.account}
        if not policy:  # the default policy: whatever IAM allows
            return role.allows(request)
        direct = [_bare(each) for each in policy if {"*", role.arn} & set(_principals(each))]
        delegated = [_bare(each) for each in policy if account & set(_principals(each))]
        if not iam.allows([_EVERYTHING, *direct, *delegated, *role.statements], request):
            return False  # one of them denies
        if iam.allows(direct, request):
            return True
        return iam.allows(delegated, request) and role.allows(request)


def _principals(statement: Statement) -> Iterator[str]:
    principal = statement["Principal"]
    if principal == "*":
        yield "*"
        return
    for kind, names in principal.items():
        if kind == "AWS":
            yield from [names] if isinstance(names, str) else names
        elif kind != "Service":
            raise NotEmulated(f"A key policy names the principal {principal!r}.")


def _bare(statement: Statement) -> Statement:
    """Take out the principal, which was looked at; "*" as resource is the key itself."""
    return {name: value for name, value in statement.items() if name != "Principal"}
