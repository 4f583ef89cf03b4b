"""Who calls, as CloudTrail's ``userIdentity`` has it.

Source of the shapes: *CloudTrail userIdentity element* in the CloudTrail user guide; published
records for what it leaves out (`docs/local-account.md`). Ids are made of the ARN, so that a
transcript is stable.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVICE_ENDS = (".amazonaws.com", ".amazonaws.com.cn")


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller: ``arn`` is that of an IAM user, a role with its path, or an account's root.

    A session may be named too (``arn:aws:sts::...:assumed-role/Name/session``), which has lost the
    path; an AWS service by its name (``logging.s3.amazonaws.com``).
    """

    arn: str
    session: str = "session"
    """The session's name, which the caller of AssumeRole picks."""
    source_identity: str | None = None
    via: str | None = None
    """The service that makes the call with the caller's credentials: CloudFormation, say."""
    address: str = "198.51.100.7"
    agent: str | None = None
    """The user agent; that of the client where it is None."""
    mfa: bool = False
    console: bool = False

    @property
    def service(self) -> bool:
        """Whether AWS itself calls, with no one's credentials."""
        return not self.arn.startswith("arn:") and self.arn.endswith(_SERVICE_ENDS)

    @property
    def account(self) -> str | None:
        return None if self.service else self._parts[4]

    @property
    def kind(self) -> str:
        if self.service:
            return "AWSService"
        resource = self._parts[5]
        if resource == "root":
            return "Root"
        found = {"user/": "IAMUser", "role/": "AssumedRole"}
        for start, kind in found.items():
            if resource.startswith(start):
                return kind
        raise NotEmulated(f"What CloudTrail writes of {self.arn} as a caller is not known.")

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def username(self) -> str:
        """What LookupEvents calls the user name: that of the session, for a role."""
        return {"AssumedRole": self.session, "Root": "root"}.get(self.kind, self.name)

    @property
    def access_key(self) -> str | None:
        if self.service:
            return None
        prefix = "AKIA" if self.kind == "IAMUser" and not self.console else "ASIA"
        return prefix + _digest(f"{self.arn}/{self.session}")

    @property
    def _parts(self) -> list[str]:
        parts = self.arn.split(":", 5)
        if len(parts) != 6:  # noqa: PLR2004 - of an ARN
            raise NotEmulated(f"{self.arn} is no ARN of a caller, and no service's name.")
        return parts

    def identity(self, recipient: str, since: str) -> dict[str, Any]:
        """Write ``userIdentity``, in the copy that goes to the account ``recipient``.

        Another account's copy names the caller by id and account only, as AWS documents for type
        AWSAccount. ``since`` is when the session began.
        """
        if self.service:
            return {"type": "AWSService", "invokedBy": self.arn}
        partition, account, kind = self._parts[1], self._parts[4], self.kind
        unique = {
            "Root": account,
            "IAMUser": "AIDA" + _digest(self.arn),
            "AssumedRole": "AROA" + _digest(self.arn),
        }[kind]
        principal = f"{unique}:{self.session}" if kind == "AssumedRole" else unique
        if account != recipient:
            return {"type": "AWSAccount", "principalId": principal, "accountId": account}
        found: dict[str, Any] = {
            "type": kind,
            "principalId": principal,
            "arn": f"arn:{partition}:sts::{account}:assumed-role/{self.name}/{self.session}"
            if kind == "AssumedRole"
            else self.arn,
            "accountId": account,
            "accessKeyId": self.access_key,
        }
        if kind == "IAMUser":
            found["userName"] = self.name
        context: dict[str, Any] = {}
        if kind == "AssumedRole":
            context["sessionIssuer"] = {
                "type": "Role",
                "principalId": unique,
                "arn": self.arn,
                "accountId": account,
                "userName": self.name,
            }
        if kind != "IAMUser" or self.console:
            context["attributes"] = {
                "creationDate": since,
                "mfaAuthenticated": str(self.mfa).lower(),
            }
        if self.source_identity:
            context["sourceIdentity"] = self.source_identity
        if context:
            found["sessionContext"] = context
        if self.via:
            found["invokedBy"] = self.via
        return found


def actor(given: str | Actor, role_arn: Callable[[str], str]) -> Actor:
    """Read an ARN; ``role_arn`` finds a role's, path and all, which a session's ARN has lost."""
    if isinstance(given, Actor):
        found, session = given, given.session
    else:
        found, session = Actor(given), ""
    parts = found.arn.split(":", 5)
    if parts[2:3] == ["sts"] and parts[5].startswith("assumed-role/"):
        _, name, session = parts[5].split("/", 2)
        known = role_arn(name)
        if known.split(":")[4] != parts[4]:
            known = f"arn:{parts[1]}:iam::{parts[4]}:role/{name}"
        return replace(found, arn=known, session=session)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:17].upper()
