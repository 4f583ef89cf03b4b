"""Who made a change, as CloudTrail's ``userIdentity`` tells it.

Source: *CloudTrail userIdentity element* in the CloudTrail user guide.
"""

from dataclasses import dataclass

from bucketward.changes.payload import Element, account_id, arn_account, element, text

ROOT = "Root"
SERVICE = "AWSService"
_WITH_ISSUER = ("AssumedRole", "FederatedUser")
_BY_ARN = ("IAMUser", ROOT)


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one S3 operation.

    Only ``issuer`` and ``account`` are fit to decide on. The caller picks ``session`` (unless a
    trust policy pins it), and ``arn`` ends in it and has lost the role's path.
    """

    kind: str
    """``userIdentity.type``: Root, IAMUser, AssumedRole, FederatedUser, AWSService..."""
    arn: str | None = None
    issuer: str | None = None
    """ARN, path included, of the role or user that issued the session's credentials."""
    session: str | None = None
    source_identity: str | None = None
    via: str | None = None
    """Service that made the call for the actor. ``signin.amazonaws.com`` is a person's console."""
    account: str | None = None
    address: str | None = None
    name: str | None = None

    @property
    def root(self) -> bool:
        return self.kind == ROOT

    @property
    def principal(self) -> str | None:
        """The ARN to hold responsible, or None where the record does not prove one."""
        if self.kind in _WITH_ISSUER:
            return self.issuer
        return self.arn if self.kind in _BY_ARN else None

    def __str__(self) -> str:
        """Say who it was on one line: ARN first, then what is known of the session."""
        who = self.principal or self.arn or self.name
        if self.root:
            who = f"root ({who or self.account or 'account unknown'})"
        elif self.kind == SERVICE and self.via:
            return self.via
        elif not who and self.account:
            who = f"account {self.account}"
        notes = [
            f"{label} {value}"
            for label, value in (
                ("session", self.session if self.principal else None),
                ("source identity", self.source_identity),
                ("via", self.via),
            )
            if value
        ]
        return (who or "unknown") + (f" ({', '.join(notes)})" if notes else "")

    @classmethod
    def from_identity(cls, identity: object, address: object) -> "Actor":
        """Read a record's ``userIdentity`` and ``sourceIPAddress``, either of which may be absent.

        An issuer that was blanked stays None: guessing it from ``arn`` would trust a session name.
        """
        user = element(identity)
        context = element(user.get("sessionContext"))
        person = element(user.get("onBehalfOf"))
        issuer = element(context.get("sessionIssuer"))
        kind = text(user.get("type"))
        if not kind and text(user.get("invokedBy")):
            kind = SERVICE  # S3 Batch Operations' own events name no type
        return cls(
            kind=kind or "Unknown",
            arn=text(user.get("arn")) or None,
            issuer=text(issuer.get("arn")) or None,
            session=_session(user, kind),
            source_identity=text(context.get("sourceIdentity")) or None,
            via=text(user.get("invokedBy")) or None,
            account=account_id(user.get("accountId")) or arn_account(user.get("arn")) or None,
            address=text(address) or None,
            name=text(user.get("userName"))
            or text(user.get("principalId"))
            or text(person.get("userId"))
            or None,
        )


def _session(user: Element, kind: str) -> str | None:
    """Read the session's name, which ends the principal's id (``AROA...:name``)."""
    if kind not in _WITH_ISSUER:
        return None
    return text(user.get("principalId")).partition(":")[2] or None
