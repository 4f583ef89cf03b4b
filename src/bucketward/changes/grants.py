"""The grants in a request that sets an ACL, in the three shapes that S3 accepts.

A canned ACL is the header ``x-amz-acl``, single grants are the headers ``x-amz-grant-*`` (which
CloudTrail collects in ``accessControlList``), and a whole ACL is the XML ``AccessControlPolicy``
(with ``Grants`` where somebody wrote the record in the API's spelling).

Source: *Access control list (ACL) overview* in the S3 user guide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward.changes.alert import Situation
from bucketward.changes.payload import Element, element, elements, text, texts

_PUBLIC_CANNED = frozenset({"public-read", "public-read-write", "authenticated-read"})
_PUBLIC_GROUPS = ("/groups/global/allusers", "/groups/global/authenticatedusers")
_CLOUDFRONT_LOGS = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"
"""The canonical id by which CloudFront delivers its logs: AWS's own, not a stranger's."""


@dataclass(frozen=True, slots=True)
class Grantee:
    """Who is granted something: exactly one of a group's URI, a canonical id and an address."""

    uri: str = ""
    id: str = ""
    email: str = ""


def grants_to_public(situation: Situation) -> bool:
    """Whether the request lets everyone, or everyone with an AWS account, do something."""
    if any(name in _PUBLIC_CANNED for name in header(situation, "x-amz-acl")):
        return True
    return any(
        grantee.uri.strip().lower().endswith(_PUBLIC_GROUPS) for grantee in _grantees(situation)
    )


def grants_to_outsider(situation: Situation) -> bool:
    """Whether the request grants to a canonical id that is not the owner's, or to an address.

    The owner is the one in the ACL itself or, for headers, in the ACL before the change; where
    neither is known nobody is accused. An address resolves to an account only inside S3.
    """
    owner = text(element(situation.payload("AccessControlPolicy").get("Owner")).get("ID")) or text(
        element(situation.previous("acl").get("Owner")).get("ID")
    )
    return any(
        grantee.email or (grantee.id and owner and grantee.id not in (owner, _CLOUDFRONT_LOGS))
        for grantee in _grantees(situation)
    )


def header(situation: Situation, start: str) -> Iterator[str]:
    """Read a request header, which CloudTrail puts beside or inside ``accessControlList``."""
    for headers in (situation.change.parameters, situation.payload("accessControlList")):
        for name, value in headers.items():
            if str(name).lower().startswith(start):
                yield from texts(value)


def _grantees(situation: Situation) -> Iterator[Grantee]:
    policy = situation.payload("AccessControlPolicy")
    control = element(policy.get("AccessControlList"))
    for grant in (*elements(control, "Grant"), *elements(policy, "Grants")):
        yield _from_xml(element(grant.get("Grantee")))
    for grants in header(situation, "x-amz-grant-"):
        for part in grants.split(","):
            kind, _, value = part.partition("=")
            value = value.strip().strip("\"'")
            match kind.strip().lower():
                case "uri":
                    yield Grantee(uri=value)
                case "id":
                    yield Grantee(id=value)
                case "emailaddress":
                    yield Grantee(email=value)


def _from_xml(grantee: Element) -> Grantee:
    return Grantee(
        uri=text(grantee.get("URI")),
        id=text(grantee.get("ID")),
        email=text(grantee.get("EmailAddress")),
    )
