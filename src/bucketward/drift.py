"""Tell whether two documents of an aspect say the same, and what differs from what is approved.

Documents are compared as S3 returns them. Only what S3 itself writes differently for the same
configuration counts as the same, and what its reference calls the default of an absent member;
all else differs: a false drift is seen, a false equality would hide an attack.

Lists are sets, save two: S3 takes the first CORS rule and the first routing rule that match
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from . import aspects as a
from .document_forms import FORMS
from .event_destinations import LISTS
from .item_documents import MALFORMED
from .policy.errors import InvalidPolicyError
from .policy_equality import meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .aspects import Aspect, Document
    from .bucket import Bucket

_IN_ORDER: Final = frozenset({"CORSRules", "RoutingRules"})


def same(aspect: Aspect, left: Document | None, right: Document | None) -> bool:
    """Say whether two documents of an aspect, as S3 returns them, are the same configuration.

    >>> same(a.VERSIONING, {"Status": "Enabled", "MFADelete": "Disabled"}, {"Status": "Enabled"})
    True
    """
    if left == right and type(left) is type(right):
        return True
    try:
        if aspect is a.POLICY:
            return bool(left and right and meaning(left) == meaning(right))
        if aspect.name in _IDS and not (_named(aspect, left) and _named(aspect, right)):
            left, right = _nameless(aspect, left), _nameless(aspect, right)
        return _written(aspect, left) == _written(aspect, right)
    except (*MALFORMED, InvalidPolicyError):
        return False  # what cannot be read cannot be told to be the same


def drifted(live: Bucket, approved: Mapping[str, Document | None]) -> tuple[Aspect, ...]:
    """Return the aspects, known on both sides, in which the bucket is not as approved."""
    return tuple(
        aspect
        for name, aspect in a.ASPECTS.items()
        if name in approved and aspect in live and not same(aspect, live[aspect], approved[name])
    )


def _written(aspect: Aspect, document: Document | None) -> str:
    form = FORMS.get(aspect.name)
    value = {} if document is None else document
    return json.dumps(_unordered(form(value) if form else value), sort_keys=True)


def _unordered(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """Sort each list whose order says nothing, and leave out members with nothing in them."""
    if isinstance(value, dict):
        parts = {key: _unordered(each, key) for key, each in value.items()}
        return {key: each for key, each in parts.items() if each is not None and each != []}
    if isinstance(value, list):
        listed = [_unordered(each) for each in value]
        return listed if name in _IN_ORDER else sorted(listed, key=_sortable)
    return value


def _sortable(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, sort_keys=True)


# ---- Ids: S3 makes one up for a rule that comes without ---------------------------------------

_IDS: Final = {
    a.LIFECYCLE.name: ("ID", ("Rules",)),
    a.REPLICATION.name: ("ID", ("Rules",)),
    a.NOTIFICATION.name: ("Id", tuple(LISTS)),
}


def _named(aspect: Aspect, document: Document | None) -> bool:
    key, lists = _IDS[aspect.name]
    return all(each.get(key) for name in lists for each in (document or {}).get(name, ()))


def _nameless(aspect: Aspect, document: Document | None) -> Document:
    key, lists = _IDS[aspect.name]
    return {
        name: [{k: v for k, v in each.items() if k != key} for each in value]
        if name in lists
        else value
        for name, value in (document or {}).items()
    }
