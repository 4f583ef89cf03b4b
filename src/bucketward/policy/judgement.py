"""The verdict on one policy, with the statements it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .demands import Demands, demands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .statements import Statement

VERDICTS: Final = (
    "public",
    "public_read",
    "public_write",
    "cross_account",
    "tls_enforced",
    "allows_acl_modification",
)


class Judgement:
    """What a bucket policy grants and demands.

    `valid` False means the document is none S3 would store: `reasons` then holds why, and every
    verdict is the unsafe one, so that no caller mistakes it for a pass. The `..._statements`
    are indices from 0, in order, into the document's `Statement`.
    """

    valid = True
    public = public_read = public_write = False
    cross_account = allows_acl_modification = False
    accounts: tuple[str, ...] = ()

    def __init__(
        self,
        statements: Sequence[Statement],
        bucket: str | None,
        explain: Callable[[Judgement], tuple[str, ...]],
    ) -> None:
        """Start from a policy that grants nothing; `judge` fills in what it does grant."""
        self.statements = statements
        self._bucket = bucket
        self._explain = explain
        self._demands: Demands | None = None

    @classmethod
    def invalid(cls, reason: str) -> Judgement:
        """Return the third verdict."""
        judgement = cls((), None, lambda _: (reason,))
        judgement.valid = False
        judgement.public = judgement.public_read = judgement.public_write = True
        judgement.cross_account = judgement.allows_acl_modification = True
        return judgement

    @property
    def reasons(self) -> tuple[str, ...]:
        """Full sentences: which statement, what it does, and which contested reading was taken."""
        return self._explain(self)

    @property
    def demands(self) -> Demands:
        """What Denies for everyone demand of each request; worked out when first asked for."""
        if self._demands is None:
            self._demands = demands(self.statements, self._bucket)
        return self._demands

    @property
    def tls_enforced(self) -> bool:
        """Whether plaintext is denied on the bucket and all its objects."""
        return self.demands.tls

    @property
    def min_tls(self) -> str | None:
        """The lowest TLS version that passes; None where no Deny sets one."""
        return self.demands.min_tls

    @property
    def kms_only_puts(self) -> bool:
        """Whether uploads are denied unless they are encrypted with a KMS key."""
        return self.demands.kms_only_puts

    @property
    def wildcard_actions(self) -> bool:
        """Whether any statement grants every action to anyone but the owner's account."""
        return not self.valid or bool(self.wildcard_statements)

    def as_dict(self) -> dict[str, object]:
        """Return `valid`, the verdicts where it is, and the reasons: what the command prints."""
        named = VERDICTS if self.valid else ()
        verdicts = {name: getattr(self, name) for name in named}
        return {"valid": self.valid, **verdicts, "reasons": list(self.reasons)}

    @property
    def public_statements(self) -> tuple[int, ...]:
        """The statements that make the policy public."""
        return tuple(s.index for s in self.statements if s.public)

    @property
    def foreign_statements(self) -> tuple[int, ...]:
        """The statements that grant anything outside the owner's account; see `accounts`."""
        return tuple(s.index for s in self.statements if s.foreign)

    @property
    def acl_statements(self) -> tuple[int, ...]:
        """The statements that let others change ACL, policy or encryption."""
        return tuple(s.index for s in self.statements if s.modifies_acl)

    @property
    def wildcard_statements(self) -> tuple[int, ...]:
        """The statements that grant every action to anyone but the owner's account."""
        return tuple(s.index for s in self.statements if s.is_wildcard_grant)

    def __repr__(self) -> str:
        """Show the verdicts that hold."""
        holding = [name for name in VERDICTS if getattr(self, name)]
        return f"Judgement(valid={self.valid}, holds={holding})"
