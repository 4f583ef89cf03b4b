"""What the Deny statements of a policy take from its Allows, as far as that can be proved."""

from collections.abc import Iterable
from typing import Final

from bucketward.wildcards import STAR, covers, widened

from .actions import EVERY_ACTION, KNOWN, ON_BUCKET, ON_OBJECTS
from .options import Options
from .pins import Pin
from .resources import BUCKET, OBJECTS, WHOLE, buckets_named, reach_of
from .statements import Statement

_MOST_COMPARISONS: Final = 20_000
"""Beyond it nothing is subtracted: the verdict stays public and the cost linear."""
_EVERYWHERE: Final = ""
"""As a denied resource: all of the bucket, however the denied resources are written."""

Pair = tuple[str, str]
"""An action pattern, and a resource pattern."""


class Denies:
    """The Denies of one policy that reach everyone, ready to be subtracted.

    Only two kinds are: those without a condition, and those whose one condition negates a pin
    ("unless the request comes from this VPC"), which leave access to that pin's holders alone.
    """

    def __init__(
        self, statements: list[Statement], bucket: str | None, options: Options, *, modern: bool
    ) -> None:
        """Sort out the Denies; `modern` is a policy of Version 2012-10-17."""
        self.taken = 0
        self._pins: list[Pin] = []
        self._flat: dict[Pair, int] = {}
        self._limited: dict[Pair, int] = {}
        flat: list[Statement] = []
        limited: list[Statement] = []
        for deny in statements:
            if deny.allows or deny.not_action or deny.not_resource or not deny.is_for_everyone:
                continue
            if not deny.conditions:
                flat.append(deny)
            elif (pin := _limit(deny, options, modern=modern)) is not None:
                limited.append(deny)
                self._pins.append(pin)
        if not flat and not limited:
            return
        names = buckets_named(statements, bucket)
        for several, pairs in ((flat, self._flat), (limited, self._limited)):
            reached: dict[str, int] = {}
            for deny in several:
                reach = WHOLE
                for name in names:
                    reach &= reach_of(deny, name)
                _collect(deny, reach, pairs, reached)
                if several is flat:
                    self._take(deny, reach)

    @property
    def exist(self) -> bool:
        """Whether there is anything to subtract."""
        return bool(self._flat or self._limited)

    def apply(self, wanted: Iterable[Statement]) -> None:
        """Give each Allow in `wanted` that the Denies cover its `covered_by` and their pins."""
        allows = [(allow, _granted_pairs(allow)) for allow in wanted]
        distinct = {pair for _, pairs in allows for pair in pairs or ()}
        if len(distinct) * (len(self._flat) + len(self._limited)) > _MOST_COMPARISONS:
            return
        deniers_of = {pair: self._denier(pair) for pair in distinct}
        for allow, pairs in allows:
            deniers = [deniers_of[pair] for pair in pairs] if pairs else [None]
            found = {denier for denier in deniers if denier is not None}
            if None in deniers:
                continue
            if all(flat for _, flat in found):
                allow.voided = True
            elif allow.is_open:
                allow.pins = (*allow.pins, self._united_pin())
            # Else it names whom it grants access, and the Deny may spare exactly those: no pin.
            allow.covered_by = tuple(sorted({index for index, _ in found}))

    def _take(self, deny: Statement, reach: int) -> None:
        grants = deny.grants if deny.actions.every else deny.grants & KNOWN
        if reach != WHOLE:
            grants &= {BUCKET: ON_BUCKET, OBJECTS: ON_OBJECTS}.get(reach, 0)
        self.taken |= grants

    def _united_pin(self) -> Pin:
        """Name the accounts left by all limited Denies; one pin that names none opens them all."""
        accounts = [pin.accounts for pin in self._pins]
        named = dict.fromkeys(account for several in accounts for account in several)
        return Pin(self._pins[0].key, tuple(sorted(named)) if all(accounts) else ())

    def _denier(self, pair: Pair) -> tuple[int, bool] | None:
        """Return which Deny covers the pair, and whether without a condition."""
        for denied, is_flat in ((self._flat, True), (self._limited, False)):
            for candidate, index in denied.items():
                if covers(candidate[0], pair[0]) and _covers_resource(candidate[1], pair[1]):
                    return index, is_flat
        return None


def _limit(deny: Statement, options: Options, *, modern: bool) -> Pin | None:
    if len(deny.conditions) != 1:
        return None
    (condition,) = deny.conditions
    limit = condition.limit
    if limit is None or not condition.operator.negates:
        return None
    if condition.operator.qualifier == "ForAnyValue":
        return None  # a request without the key would escape the Deny
    return limit.pin if limit.holds(options, modern=modern) else None


def _collect(deny: Statement, reach: int, pairs: dict[Pair, int], reached: dict[str, int]) -> None:
    actions, resources = set(deny.actions.patterns), set(deny.resources.patterns)
    if len(actions) * len(resources) > _MOST_COMPARISONS:
        return
    for action in actions:
        reached[action] = reached.get(action, 0) | reach
        if reached[action] == WHOLE:
            pairs.setdefault((action, _EVERYWHERE), deny.index)
        for resource in resources:
            pairs.setdefault((action, resource), deny.index)


def _granted_pairs(allow: Statement) -> set[Pair] | None:
    """Return what an Allow grants, None where that is too much to compare."""
    actions = {EVERY_ACTION} if allow.not_action else set(allow.actions.patterns)
    resources = {STAR} if allow.not_resource else set(allow.resources.patterns)
    if len(actions) * len(resources) > _MOST_COMPARISONS:
        return None
    # A bucket policy grants S3's actions only, so "*" is "s3:*".
    return {
        (EVERY_ACTION if action == STAR else action, resource)
        for action in actions
        for resource in resources
    }


def _covers_resource(denied: str, granted: str) -> bool:
    if denied == _EVERYWHERE:
        return ":accesspoint/" not in granted
    # What a variable stands for is not known: `${*}` is one star, and no `$` need be in a value.
    return denied == granted or ("${" not in denied and covers(denied, widened(granted)))
