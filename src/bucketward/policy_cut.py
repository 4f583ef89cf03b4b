"""Cut out of a policy exactly what offends: actions, principals, or whole statements.

What is not cut stays as it is written, to the character.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .aspects import POLICY
from .errors import BadInput
from .policy import without_principals, without_statements
from .policy.actions import MODIFIES_ACL, bits_of
from .policy.document import raw_statements
from .policy.layout import members, read_layout
from .policy.principals import WEB_IDENTITY, read_principals

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .bucket import Bucket
    from .policy_faults import Faults

Raw = dict[str, Any]


def whole_statements(bucket: Bucket, faults: Faults) -> str | None:
    return without_statements(text_of(bucket), faults.statements)


def takeover_actions(bucket: Bucket, faults: Faults) -> str | None:
    """Take out the actions that offend; of a statement that has no other, the foreign principals.

    Where that leaves nobody, the statement goes.
    """
    text = text_of(bucket)
    statements = raw_of(text)
    narrowed = {index: _harmless(statements[index]) for index in faults.statements}
    text = _with_actions(text, {index: left for index, left in narrowed.items() if left})
    return _without_foreign(text, [i for i, left in narrowed.items() if not left], bucket.account)


def foreign_principals(bucket: Bucket, faults: Faults, trusted: Collection[str]) -> str | None:
    """Take out the principals of accounts that are not trusted.

    A statement goes where nobody is left, or where it names no account but a condition.
    """
    return _without_foreign(text_of(bucket), faults.statements, bucket.account, trusted)


def text_of(bucket: Bucket) -> str:
    """Return the policy of a bucket that is known to have one."""
    text = bucket[POLICY]
    if not isinstance(text, str):
        raise BadInput(f"The policy of bucket {bucket.name} is not given as text.")
    return text


def raw_of(text: str) -> list[Raw]:
    """Return the statements of a policy that was found valid, as they are written."""
    elements, _ = raw_statements(text)
    return [element for element in elements if isinstance(element, dict)]


def _without_foreign(
    text: str, indices: Collection[int], account: str, trusted: Collection[str] = ()
) -> str | None:
    statements = raw_of(text)
    taken: dict[int, list[str]] = {}
    gone: list[int] = []
    for index in indices:
        foreign, others = _sorted_out(statements[index].get("Principal"), {account, *trusted})
        if foreign and others:
            taken[index] = foreign
        else:
            gone.append(index)
    kept = without_principals(text, taken)  # no statement goes here, so the indices stay
    return without_statements(kept, gone) if kept else None


def _sorted_out(element: object, own: Collection[str]) -> tuple[list[str], bool]:
    """Return the principals to take out, and whether any may stay; none where not all is fixed."""
    foreign: list[str] = []
    others = False
    if not isinstance(element, dict) or read_principals(element).broadest >= WEB_IDENTITY:
        return [], False
    for kind, values in element.items():
        for value in values if isinstance(values, list) else [values]:
            if set(read_principals({kind: value}).owners) <= set(own):
                others = True
            elif isinstance(value, str):
                foreign.append(value)
            else:
                return [], False  # an account id as a number: not worth an edit of its own
    return foreign, others


def _harmless(statement: Raw) -> list[str]:
    """Return the actions that change neither ACL, policy nor encryption; none for NotAction."""
    actions = statement.get("Action", [])
    listed = actions if isinstance(actions, list) else [actions]
    return [action for action in listed if not bits_of(action.lower()) & MODIFIES_ACL]


def _with_actions(text: str, actions: Mapping[int, list[str]]) -> str:
    """Write other values for the ``Action`` of some statements."""
    layout = read_layout(text)
    for index in sorted(actions, reverse=True):
        span = members(text, layout.spans[index].start)["Action"]
        text = (
            text[: span.start]
            + json.dumps(actions[index], separators=(",", ":"))
            + text[span.end :]
        )
    return text
