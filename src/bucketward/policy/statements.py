"""One statement of a bucket policy, checked and in the form the questions are asked in."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from .actions import EVERY, KNOWN, bits_of, is_every_action
from .conditions import Condition, read_conditions
from .errors import InvalidPolicyError
from .pins import Pin
from .principals import EVERYBODY, EVERYONE, WEB_IDENTITY, read_principals

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

_ELEMENTS: Final = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_NEGATED: Final = frozenset({"NotPrincipal", "NotAction", "NotResource"})
_LONGEST_CACHED: Final = 500
_NO_TEXTS: Final = "has actions or resources that are not one or more texts"
_SHOWN_SID: Final = 40

_Read = TypeVar("_Read")


class Actions(NamedTuple):
    """An `Action` element: lower-case patterns, the known actions they match, if that is all."""

    patterns: tuple[str, ...]
    bits: int
    every: bool


class Resources(NamedTuple):
    """A `Resource` element: its patterns, and the buckets it names, a last "*" left out."""

    patterns: tuple[str, ...]
    buckets: frozenset[str]


class Statement:
    """One statement as read; `judge` fills in what it grants.

    After judging: `grants` are the actions (see `actions`) that no Deny takes away as a whole,
    `foreign` says that someone outside the owner's account gets some access, `accounts` are the
    foreign accounts (or ids of unknown owner) named, `open_to` the options under which the
    statement would count as limited, `covered_by` the indices of the Denies that neutralise it and
    `voided` whether they do so wholly.
    """

    sid = ""
    not_principal = not_action = not_resource = False
    public = foreign = modifies_acl = voided = False
    conditions: tuple[Condition, ...] = ()
    pins: tuple[Pin, ...] = ()
    accounts: tuple[str, ...] = ()
    open_to: frozenset[str] = frozenset()
    covered_by: tuple[int, ...] = ()

    def __init__(self, element: object, index: int) -> None:
        """Read statement number `index`; raise InvalidPolicyError with its fault.

        `is_open` says whether the principal element itself fixes nobody.
        """
        if not isinstance(element, dict):
            raise InvalidPolicyError("is not a JSON object")
        if not _ELEMENTS.issuperset(element):
            raise InvalidPolicyError("has an element that statements do not have")
        effect = element.get("Effect")
        self.allows = allows = effect == "Allow"
        if not allows and effect != "Deny":
            raise InvalidPolicyError('has an Effect that is neither "Allow" nor "Deny"')
        self.index = index
        if "Sid" in element:
            self.sid = element["Sid"]
            if not isinstance(self.sid, str):
                raise InvalidPolicyError("has a Sid that is not a text")
        if not _NEGATED.isdisjoint(element):
            element = self._without_not(element)
        try:
            principal, action, resource = (
                element["Principal"],
                element["Action"],
                element["Resource"],
            )
        except KeyError as missing:
            raise InvalidPolicyError(f"has no {missing.args[0]}") from None
        self.principals = EVERYBODY if principal == "*" else read_principals(principal)
        self.is_open = self.principals.broadest >= WEB_IDENTITY or self.not_principal
        self.actions = _read_texts(action, _actions)
        self.resources = _read_texts(resource, _resources)
        self.grants = self.actions.bits ^ EVERY if self.not_action else self.actions.bits
        if "Condition" in element:
            self.conditions = read_conditions(element["Condition"])

    def _without_not(self, element: dict[str, object]) -> dict[str, object]:
        """Note which elements are negated and return them under their plain names."""
        plain = dict(element)
        for negated in _NEGATED & element.keys():
            name = negated.removeprefix("Not")
            if name in plain:
                raise InvalidPolicyError(f"has both {name} and {negated}")
            plain[name] = plain.pop(negated)
            setattr(self, f"not_{name.lower()}", True)
        return plain

    @property
    def is_for_everyone(self) -> bool:
        """Whether the statement names each principal there is, as a sound Deny must."""
        return self.principals.broadest == EVERYONE and not self.not_principal

    @property
    def is_web_identity(self) -> bool:
        """Whether the broadest principal is a web identity provider."""
        return self.principals.broadest == WEB_IDENTITY and not self.not_principal

    @property
    def is_partly_wild(self) -> bool:
        """Whether the principal is neither fixed nor simply everyone."""
        return WEB_IDENTITY <= self.principals.broadest < EVERYONE

    @property
    def is_wildcard_grant(self) -> bool:
        """Whether every action (or all but some) is granted to others than the owner's account."""
        return (
            (self.actions.bits & KNOWN == KNOWN or self.not_action)
            and self.allows
            and (self.foreign or (bool(self.principals.services) and not self.is_open))
        )

    @property
    def label(self) -> str:
        """How reasons name the statement: its number from 1, and its Sid where it has one."""
        if not self.sid:
            return f"Statement {self.index + 1}"
        sid = self.sid if self.sid.isprintable() else ascii(self.sid)[1:-1]
        shown = sid if len(sid) <= _SHOWN_SID else sid[: _SHOWN_SID - 3] + "..."
        return f'Statement {self.index + 1} ("{shown}")'


def _read_texts(element: object, read: "_lru_cache_wrapper[_Read]") -> _Read:
    """Read one text or a list of them, from the cache where it is short."""
    if type(element) is str and len(element) < _LONGEST_CACHED:
        return read((element,))
    texts = tuple(element) if type(element) is list else (element,)
    try:
        short = sum(map(len, texts)) < _LONGEST_CACHED
        return read(texts) if short else read.__wrapped__(texts)
    except TypeError:  # a number has no length, a list or an object no hash
        raise InvalidPolicyError(_NO_TEXTS) from None


def _check(texts: tuple[str, ...]) -> None:
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise InvalidPolicyError(_NO_TEXTS)


@lru_cache(maxsize=1024)
def _actions(texts: tuple[str, ...]) -> Actions:
    _check(texts)
    patterns = tuple(text.lower() for text in texts)
    bits = 0
    every = False
    for pattern in patterns:
        if pattern != "*" and ":" not in pattern:
            raise InvalidPolicyError("has an action without a service prefix")
        bits |= bits_of(pattern)
        every = every or is_every_action(pattern)
    return Actions(patterns, bits, every)


@lru_cache(maxsize=1024)
def _resources(texts: tuple[str, ...]) -> Resources:
    _check(texts)
    names = [text.partition(":s3:::")[2].partition("/")[0].rstrip("*") for text in texts]
    return Resources(texts, frozenset(n for n in names if n and "*" not in n and "?" not in n))
