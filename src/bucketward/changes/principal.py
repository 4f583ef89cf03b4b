"""Patterns for the roles and users of one account, matched part by part.

A pattern is the ARN that IAM gives the role or user, path included. ``*`` and ``?`` stand for
characters within one part between slashes, so ``role/deploy-*`` does not take in what somebody
creates under the path ``/deploy-x/``. Account, partition and kind are never patterns.
"""

import re

from bucketward.changes.payload import ACCOUNT_DIGITS
from bucketward.wildcards import matches

ACCOUNT = "{account}"
"""Stands for the account that Bucketward runs in, so that one file serves many accounts."""

_SERVICE_LINKED = "aws-service-role"
_PRINCIPAL = re.compile(
    r"arn:aws[a-z-]{0,20}:iam::(?P<account>[0-9]{12}):(?:root|(?:role|user)/[!-~]+)"
)
_ARN = re.compile(
    r"arn:(?P<partition>[^:]*):(?P<service>[^:]*):[^:]*:(?P<account>[^:]*):(?P<of>.*)"
)
_NAMED = re.compile(r"(?:role|user)(?:/[A-Za-z0-9_+=,.@*?-]{1,128}){1,64}")
_LITERAL = re.compile(r"[^/*?]")


def principal_account(arn: str) -> str | None:
    """Give the account of a role's, a user's or the root user's ARN; None for anything else."""
    found = _PRINCIPAL.fullmatch(arn)
    return found["account"] if found else None


def is_root(arn: str) -> bool:
    return arn.split(":", 5)[-1] == "root"


def linked_service(arn: str) -> str | None:
    """Give the service that a service-linked role belongs to; nobody else can make one."""
    kind, *path = arn.split("/")
    linked = kind.endswith(":role") and path[:1] == [_SERVICE_LINKED] and len(path) > 2  # noqa: PLR2004
    return path[1] if linked else None


def names(pattern: str, arn: str, account: str) -> bool:
    """Say whether a sound pattern matches a principal's ARN; case counts."""
    wanted, given = pattern.replace(ACCOUNT, account).split("/"), arn.split("/")
    return len(wanted) == len(given) and all(map(matches, wanted, given))


def fault(pattern: object) -> str | None:
    """Say what is wrong with a pattern and what to write instead; None for a sound one."""
    arn = _ARN.fullmatch(pattern) if isinstance(pattern, str) else None
    if not arn:
        return f"is no ARN; write the whole of it, such as {_example('pipeline/Deploy')}."
    if arn["service"] == "sts" or arn["of"].startswith("assumed-role/"):
        return (
            "is a session, whose name its caller chooses; write the ARN of its role, with the "
            f"role's path, such as {_example('pipeline/Deploy')}."
        )
    if not re.fullmatch(r"aws[a-z-]{0,20}", arn["partition"]) or arn["service"] != "iam":
        return f"is no ARN of IAM; write one such as {_example('pipeline/Deploy')}."
    if arn["account"] != ACCOUNT and not re.fullmatch("[0-9]{12}", arn["account"]):
        return (
            f"does not name one account; write its {ACCOUNT_DIGITS} digits, or {ACCOUNT} for the "
            "account that Bucketward runs in."
        )
    return _fault_of_name(arn["of"])


def _fault_of_name(name: str) -> str | None:
    if name == "root":
        return "is the root user, who can't be authorised; name a role."
    if not _NAMED.fullmatch(name):
        return (
            "must name a role or a user after the account, as role/NAME or role/PATH/NAME, where "
            "* and ? stand for characters between two slashes."
        )
    if name.startswith(f"role/{_SERVICE_LINKED}/"):
        return "is a service-linked role, which is an AWS service; leave it out."
    if not _LITERAL.search(name.partition("/")[2]):
        return "would let in everybody of the account; write a part of the name or of the path."
    return None


def _example(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"
