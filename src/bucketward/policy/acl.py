"""Judge an access control list, as S3's API or as AWS Config writes it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from itertools import chain
from typing import Final, NamedTuple

from .document import parse
from .errors import InvalidPolicyError
from .options import DEFAULT, Options

_ANONYMOUS: Final = "65a011a29cdf8ec533ec3d1ccaae921c"
"""The canonical id that S3 records as owner of anonymous uploads."""
_PUBLIC_GROUPS: Final = {"allusers": "AllUsers", "authenticatedusers": "AuthenticatedUsers"}
_GROUPS: Final = {**_PUBLIC_GROUPS, "logdelivery": "LogDelivery"}
_PERMISSIONS: Final = {
    "read": "READ",
    "write": "WRITE",
    "readacp": "READ_ACP",
    "writeacp": "WRITE_ACP",
    "fullcontrol": "FULL_CONTROL",
}
_READS: Final = frozenset({"READ", "FULL_CONTROL"})
_WRITES: Final = frozenset({"WRITE", "FULL_CONTROL"})
_MODIFIES: Final = frozenset({"WRITE_ACP", "FULL_CONTROL"})
_DEEPEST_ENCODING: Final = 3
_UNSAFE: Final = (True,) * 5
"""The verdicts of an ACL that cannot be read."""


class AclJudgement(NamedTuple):
    """What an ACL grants.

    `valid` False means it could not be read: `reasons` holds why and the verdicts are the unsafe
    ones. The `..._grants` are indices from 0, in order, into the list of grants as given.
    """

    valid: bool
    public: bool
    public_read: bool
    public_write: bool
    cross_account: bool
    allows_acl_modification: bool
    public_grants: tuple[int, ...]
    foreign_grants: tuple[int, ...]
    reasons: tuple[str, ...]


class _Grant(NamedTuple):
    """Who holds which permission: a group's name, or an id (or e-mail address)."""

    group: str
    who: str
    permission: str


def judge_acl(acl: object, *, options: Options = DEFAULT) -> AclJudgement:
    """Judge a bucket's ACL; never raises on JSON, text or bytes.

    `acl` is `{"Owner", "Grants"}` of S3's API or `{"owner", "grantList"}` of a configuration
    item, parsed or as (even doubly encoded) JSON text.
    """
    try:
        owner, grants = _read(acl)
    except InvalidPolicyError as error:
        return AclJudgement._make((False, *_UNSAFE, (), (), (str(error),)))
    public: list[int] = []
    foreign: list[int] = []
    reasons: list[str] = []
    for index, grant in enumerate(grants):
        anonymous = grant.who == _ANONYMOUS and not options.anonymous_canonical_id_is_private
        if grant.group in _PUBLIC_GROUPS.values() or anonymous:
            public.append(index)
            whom = grant.group or "the id that stands for anonymous uploaders"
            reasons.append(f"Grant {index + 1} gives {grant.permission} to {whom}.")
        elif not grant.group and (not owner or grant.who != owner):
            foreign.append(index)
            reasons.append(f"Grant {index + 1} gives {grant.permission} to another account.")
    open_to_all = {grants[index].permission for index in public}
    open_to_others = open_to_all | {grants[index].permission for index in foreign}
    return AclJudgement(
        valid=True,
        public=bool(public),
        public_read=not _READS.isdisjoint(open_to_all),
        public_write=not _WRITES.isdisjoint(open_to_all),
        cross_account=bool(open_to_others),
        allows_acl_modification=not _MODIFIES.isdisjoint(open_to_others),
        public_grants=tuple(public),
        foreign_grants=tuple(foreign),
        reasons=tuple(reasons) or ("The ACL grants access to its owner only.",),
    )


def _read(acl: object) -> tuple[str, list[_Grant]]:
    for _ in range(_DEEPEST_ENCODING):
        acl = parse(acl)
    if not isinstance(acl, dict):
        raise InvalidPolicyError("The ACL is not a JSON object.")
    if "Grants" in acl:
        owner, lists = acl.get("Owner"), [acl["Grants"]]
    else:
        owner = acl.get("owner")
        lists = [acl[key] for key in ("grantList", "grantSet") if acl.get(key) is not None]
    if not lists or not all(isinstance(grants, list) for grants in lists):
        raise InvalidPolicyError("The ACL has no list of grants.")
    grants = chain(*lists)
    return _text(owner, "ID", "id"), [_grant(grant, index) for index, grant in enumerate(grants)]


def _grant(grant: object, index: int) -> _Grant:
    permission = _PERMISSIONS.get(_text(grant, "Permission", "permission").lower().replace("_", ""))
    if permission is None:
        raise InvalidPolicyError(f"Grant {index + 1} has a permission that S3 does not have.")
    grantee = _member(grant, "Grantee", "grantee")
    group = grantee if isinstance(grantee, str) else _text(grantee, "URI", "uri")
    if group:
        name = _GROUPS.get(group.rpartition("/")[2].lower())
        if name is None:
            raise InvalidPolicyError(f"Grant {index + 1} names a group that S3 does not have.")
        return _Grant(name, "", permission)
    who = _text(grantee, "ID", "id") or _text(grantee, "EmailAddress", "emailAddress")
    if not who:
        raise InvalidPolicyError(f"Grant {index + 1} names nobody.")
    return _Grant("", who, permission)


def _member(value: object, *names: str) -> object:
    if isinstance(value, dict):
        for name in names:
            if value.get(name) is not None:
                return value[name]
    return None


def _text(value: object, *names: str) -> str:
    found = _member(value, *names)
    return found if isinstance(found, str) else ""
