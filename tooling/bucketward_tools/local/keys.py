"""KMS: the key's policy decides, and IAM policies as far as it lets them.

moto keeps the keys and makes the codes. A stand-in for the permissions (source: *Determining access
to AWS KMS keys* and *Default key policy* in the KMS developer guide; grants are not known), and
where moto takes what KMS refuses (source: the KMS API reference): a message of more than 4,096
bytes, a key that is disabled or about to be deleted. moto answers with the key's id, KMS with its
ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import iam
from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import LocalAccount
    from .iam import Request, Role, Statement

_CODES = {"GenerateMac", "VerifyMac"}
_MESSAGE = 4096
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

    def answer(self, call: Call) -> Reply | None:
        """Refuse what KMS would refuse and moto does not."""
        if call.operation not in _CODES:
            return None
        if len(call.params["Message"]) > _MESSAGE:
            message = f"Message is longer than {_MESSAGE} bytes."
            return Reply(status=400, code="ValidationException", message=message)
        arn = self.arn(call.params["KeyId"])
        kms = self._account.internal("kms")
        state = kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
        if state == "Enabled":
            return None
        code = "DisabledException" if state == "Disabled" else "KMSInvalidStateException"
        return Reply(status=400, code=code, message=f"{arn} is {state}.")

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Name the key as KMS does."""
        if call.operation in _CODES and "KeyId" in parsed:
            parsed["KeyId"] = self.arn(call.params["KeyId"])

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
