"""What the Deny statements of a policy take from its Allows, as far as that can be proved."""

from collections.abc import Iterable
from typing import Final

from bucketward.policy.actions import EVERY_ACTION, KNOWN, ON_BUCKET, ON_OBJECTS
from bucketward.policy.glob import STAR, covers
from bucketward.policy.options import Options
from bucketward.policy.pins import Pin, pin
from bucketward.policy.resources import BUCKET, OBJECTS, WHOLE, buckets_named, reach_of
from bucketward.policy.statements import Statement

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
        self, statements: list[Statement], bucket: str | None, options: Options, *, old: bool
    ) -> None:
        """Sort out the Denies; `old` is a policy of a version before 2012-10-17."""
        self.taken = 0
        self.pins: list[Pin] = []
        self._flat: dict[Pair, int] = {}
        self._limited: dict[Pair, int] = {}
        self._found: dict[Pair, tuple[int, bool] | None] = {}
        names = buckets_named(statements, bucket)
        reached: dict[str, int] = {}
        reached_limited: dict[str, int] = {}
        for deny in statements:
            if deny.allows or deny.not_action or deny.not_resource or not deny.is_for_everyone:
                continue
            reach = min(reach_of(deny, name) for name in names)
            if not deny.conditions:
                self._take(deny, reach)
                _collect(deny, reach, self._flat, reached)
            elif (limit := _limit(deny, options, old=old)) is not None:
                self.pins.append(limit)
                _collect(deny, reach, self._limited, reached_limited)

    def apply(self, wanted: Iterable[Statement]) -> None:
        """Give each Allow in `wanted` that the Denies cover its `covered_by` and their pins."""
        allows = [(allow, _granted_pairs(allow)) for allow in wanted]
        distinct = {pair for _, pairs in allows for pair in pairs}
        if len(distinct) * (len(self._flat) + len(self._limited)) > _MOST_COMPARISONS:
            return
        for pair in distinct:
            self._found[pair] = self._denier(pair)
        for allow, pairs in allows:
            deniers = [self._found[pair] for pair in pairs]
            found = {denier for denier in deniers if denier is not None}
            if None in deniers:
                continue
            allow.covered_by = tuple(sorted({index for index, _ in found}))
            if all(flat for _, flat in found):
                allow.grants = 0
            else:
                allow.pins = self.pins

    def _take(self, deny: Statement, reach: int) -> None:
        grants = deny.grants if deny.every_action else deny.grants & KNOWN
        if reach != WHOLE:
            grants &= {BUCKET: ON_BUCKET, OBJECTS: ON_OBJECTS}.get(reach, 0)
        self.taken |= grants

    def _denier(self, pair: Pair) -> tuple[int, bool] | None:
        """Return which Deny covers the pair, and whether without a condition."""
        for denied, is_flat in ((self._flat, True), (self._limited, False)):
            for candidate, index in denied.items():
                if covers(candidate[0], pair[0]) and _covers_resource(candidate[1], pair[1]):
                    return index, is_flat
        return None


def _limit(deny: Statement, options: Options, *, old: bool) -> Pin | None:
    if len(deny.conditions) != 1:
        return None
    (condition,) = deny.conditions
    positive = condition.operator.negates
    if positive is None or condition.operator.qualifier == "ForAnyValue":
        return None  # an absent key would escape the Deny
    return pin(condition, positive, options, old_version=old, open_to=set())


def _collect(
    deny: Statement, reach: int, pairs: dict[Pair, int], reached: dict[str, int]
) -> None:
    for action in deny.actions:
        reached[action] = reached.get(action, 0) | reach
        if reached[action] == WHOLE:
            pairs.setdefault((action, _EVERYWHERE), deny.index)
        for resource in deny.resources:
            pairs.setdefault((action, resource), deny.index)


def _granted_pairs(allow: Statement) -> list[Pair]:
    actions = [EVERY_ACTION] if allow.not_action else allow.actions
    resources = [STAR] if allow.not_resource else allow.resources
    # A bucket policy grants S3's actions only, so "*" is "s3:*".
    return [
        (EVERY_ACTION if action == STAR else action, resource)
        for action in actions
        for resource in resources
    ]


def _covers_resource(denied: str, granted: str) -> bool:
    if denied == _EVERYWHERE:
        return ":accesspoint/" not in granted
    return covers(denied, granted)
