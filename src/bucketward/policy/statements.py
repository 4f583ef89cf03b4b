"""One statement of a bucket policy, checked and in the form the questions are asked in."""

from typing import Final

from bucketward.policy.actions import EVERY, bits_of, is_every_action
from bucketward.policy.errors import InvalidPolicyError
from bucketward.policy.operators import Condition, read_conditions
from bucketward.policy.pins import Pin
from bucketward.policy.principals import EVERYONE, WEB_IDENTITY, Principals, read_principals

_ELEMENTS: Final = frozenset(
    "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split()
)
_CACHED_LENGTH: Final = 128
_SHOWN_SID: Final = 60


class Statement:
    """One statement as read; `judge` fills in what it grants.

    After judging: `grants` are the actions (see `actions`) that no Deny takes away as a whole,
    `foreign` says that someone outside the owner's account gets some access, `accounts` are the
    foreign accounts (or ids of unknown owner) named, `open_to` the options under which the
    statement would count as limited, `covered_by` the numbers of the Denies that neutralise it.
    """

    __slots__ = (
        "accounts",
        "actions",
        "allows",
        "conditions",
        "covered_by",
        "every_action",
        "foreign",
        "grants",
        "index",
        "modifies_acl",
        "not_action",
        "not_principal",
        "not_resource",
        "open_to",
        "pins",
        "principals",
        "public",
        "resources",
        "sid",
    )

    def __init__(self, element: object, index: int) -> None:
        """Read statement number `index`; raise InvalidPolicyError with its fault."""
        if not isinstance(element, dict):
            raise InvalidPolicyError("is not a JSON object")
        if not element.keys() <= _ELEMENTS:
            raise InvalidPolicyError("has an element that statements do not have")
        effect = element.get("Effect")
        if effect != "Allow" and effect != "Deny":  # noqa: PLR1714
            raise InvalidPolicyError('has an Effect that is neither "Allow" nor "Deny"')
        sid = element.get("Sid")
        if sid is not None and not isinstance(sid, str):
            raise InvalidPolicyError("has a Sid that is not a text")
        self.index = index
        self.sid = sid
        self.allows = effect == "Allow"
        self.not_principal = _is_negated(element, "Principal", "NotPrincipal")
        self.not_action = _is_negated(element, "Action", "NotAction")
        self.not_resource = _is_negated(element, "Resource", "NotResource")
        self.principals: Principals = read_principals(
            element["NotPrincipal" if self.not_principal else "Principal"]
        )
        self._read_actions(element["NotAction" if self.not_action else "Action"])
        self.resources = _texts(element["NotResource" if self.not_resource else "Resource"])
        self.conditions: tuple[Condition, ...] = (
            read_conditions(element["Condition"]) if "Condition" in element else ()
        )
        self.public = self.foreign = self.modifies_acl = False
        self.pins: list[Pin] = []
        self.accounts: tuple[str, ...] = ()
        self.open_to: set[str] = set()
        self.covered_by: tuple[int, ...] = ()

    def _read_actions(self, element: object) -> None:
        self.actions = actions = [action.lower() for action in _texts(element)]
        bits = 0
        every = False
        for action in actions:
            if action != "*" and ":" not in action:
                raise InvalidPolicyError("has an action without a service prefix")
            if len(action) > _CACHED_LENGTH:
                bits |= bits_of.__wrapped__(action)
                every = every or is_every_action.__wrapped__(action)
            else:
                bits |= bits_of(action)
                every = every or is_every_action(action)
        self.every_action = not self.not_action and every
        self.grants = EVERY & ~bits if self.not_action else bits

    @property
    def is_open(self) -> bool:
        """Whether the principal element itself fixes nobody."""
        return self.not_principal or self.principals.broadest >= WEB_IDENTITY

    @property
    def is_for_everyone(self) -> bool:
        """Whether the statement names each principal there is, as a sound Deny must."""
        return not self.not_principal and self.principals.broadest == EVERYONE

    @property
    def label(self) -> str:
        """How reasons name the statement: its number from 1, and its Sid where it has one."""
        if not self.sid:
            return f"Statement {self.index + 1}"
        sid = self.sid if self.sid.isprintable() else ascii(self.sid)[1:-1]
        shown = sid if len(sid) <= _SHOWN_SID else sid[: _SHOWN_SID - 3] + "..."
        return f'Statement {self.index + 1} ("{shown}")'


def _is_negated(element: dict[str, object], plain: str, negated: str) -> bool:
    if plain in element:
        if negated in element:
            raise InvalidPolicyError(f"has both {plain} and {negated}")
        return False
    if negated in element:
        return True
    raise InvalidPolicyError(f"has neither {plain} nor {negated}")


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise InvalidPolicyError("has an empty list of actions or resources")
    for text in values:
        if not isinstance(text, str) or not text:
            raise InvalidPolicyError("has an action or resource that is not a text")
    return values
