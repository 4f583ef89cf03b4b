"""The ACLs that a request may name instead of writing them out."""

from __future__ import annotations

from typing import Any

from .errors import NotEmulated

_ALL, _USERS = "global/AllUsers", "global/AuthenticatedUsers"
_CANNED = {
    "private": (),
    "public-read": ((_ALL, "READ"),),
    "public-read-write": ((_ALL, "READ"), (_ALL, "WRITE")),
    "authenticated-read": ((_USERS, "READ"),),
    "log-delivery-write": (("s3/LogDelivery", "WRITE"), ("s3/LogDelivery", "READ_ACP")),
}


def acl(canned: str, owner: dict[str, str]) -> dict[str, Any]:
    """Write a canned ACL out, as GetBucketAcl answers."""
    if canned not in _CANNED:
        raise NotEmulated(f"An ACL was given as {canned or 'headers'}; write it out.")
    full = {"Grantee": {"Type": "CanonicalUser", **owner}, "Permission": "FULL_CONTROL"}
    groups = [
        {
            "Grantee": {"Type": "Group", "URI": f"http://acs.amazonaws.com/groups/{group}"},
            "Permission": permission,
        }
        for group, permission in _CANNED[canned]
    ]
    return {"Owner": dict(owner), "Grants": [full, *groups]}
