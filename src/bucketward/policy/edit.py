"""Change exactly the statements or principals asked for, and no other character of a policy.

Every function takes the policy as text and returns text; nothing is parsed and written anew but
the value that changes. What cannot be edited safely is refused with PolicyEditError.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from .document import Json
from .errors import InvalidPolicyError, PolicyEditError
from .layout import Layout, Span, members, read_layout
from .statements import Statement

_NEW_POLICY: Final = '{"Version":"2012-10-17","Statement":[%s]}'


def without_statements(document_text: str, indices: Iterable[int]) -> str | None:
    """Return the policy without the statements at these indices, from 0.

    None where none is left: S3 stores no policy without statements, so delete it.
    """
    layout = read_layout(document_text)
    return _cut(layout, {_index(layout, index) for index in indices})


def without_principals(document_text: str, unwanted: Mapping[int, Collection[str]]) -> str | None:
    """Return the policy with principals taken out of Allow statements.

    `unwanted` maps statement indices to principals exactly as the policy writes them. A
    statement that loses its last principal goes; None where none is left. Refused: a Deny (it
    would protect less), NotPrincipal (it would grant more), and a principal that is not there.
    """
    layout = read_layout(document_text)
    gone: set[int] = set()
    changes: list[tuple[Span, str]] = []
    for index, values in unwanted.items():
        statement = layout.statements[_index(layout, index)]
        if statement.get("Effect") != "Allow":
            raise PolicyEditError(f"Statement {index + 1} is no Allow, so it keeps its principals.")
        left = _principal_without(statement.get("Principal"), values, index)
        if left is None:
            gone.add(index)
        elif left != statement["Principal"]:
            span = members(layout.text, layout.spans[index].start)["Principal"]
            changes.append((span, _written(left)))
    cut = _cut_spans(layout, gone)
    if cut is None:
        return None
    return _replaced(layout.text, changes + [(span, "") for span in cut])


def with_statement(document_text: str | None, statement: Mapping[str, Json]) -> str:
    """Return the policy with the statement in it once.

    A statement of the same Sid is replaced in place, and nothing at all changes where it is
    equal already; otherwise the statement is added last. None is a bucket without a policy.
    """
    sid = statement.get("Sid")
    if not isinstance(sid, str) or not sid:
        raise PolicyEditError("A statement without a Sid cannot be added once only.")
    try:
        Statement(dict(statement), 0)
    except InvalidPolicyError as error:
        raise PolicyEditError(f"The statement to add {error}.") from None
    added = _written(dict(statement))
    if document_text is None:
        return _NEW_POLICY % added
    layout = read_layout(document_text)
    if "${" in added and not layout.modern:
        raise PolicyEditError("Policy variables need a policy of Version 2012-10-17.")
    same = [index for index, other in enumerate(layout.statements) if other.get("Sid") == sid]
    if len(same) > 1:
        raise PolicyEditError(f"The policy has more than one statement of the Sid {sid!r}.")
    if same:
        if _canonical(layout.statements[same[0]]) == _canonical(dict(statement)):
            return layout.text
        return _replaced(layout.text, [(layout.spans[same[0]], added)])
    last = layout.spans[-1]
    if not layout.is_list:
        original = layout.text[last.start : last.end]
        return _replaced(layout.text, [(last, f"[{original},{added}]")])
    opened = layout.spans[-2].end if len(layout.spans) > 1 else layout.whole.start
    before = layout.text[opened : last.start]
    gap = before[len(before.rstrip()) :]
    return _replaced(layout.text, [(Span(last.end, last.end), f",{gap}{added}")])


def _cut(layout: Layout, gone: set[int]) -> str | None:
    cut = _cut_spans(layout, gone)
    return None if cut is None else _replaced(layout.text, [(span, "") for span in cut])


def _cut_spans(layout: Layout, gone: set[int]) -> list[Span] | None:
    """Return what to cut so that commas and whitespace around the other statements stay right."""
    kept = [index for index in range(len(layout.spans)) if index not in gone]
    if not kept:
        return None
    spans = layout.spans
    return [
        Span(spans[index].start, spans[index + 1].start)
        if index < kept[0]
        else Span(spans[index - 1].end, spans[index].end)
        for index in sorted(gone)
    ]


def _principal_without(element: object, values: Collection[str], index: int) -> object:
    """Return the Principal element without the values; None where nobody is left."""
    number = index + 1
    if isinstance(values, str):
        raise PolicyEditError("The principals to take out must be given as a list.")
    if not isinstance(element, (str, dict)):
        raise PolicyEditError(f"Statement {number} has no principals that can be taken out.")
    missing = set(values)
    left: dict[str, object] = {}
    for kind, named in element.items() if isinstance(element, dict) else [("", element)]:
        listed = named if isinstance(named, list) else [named]
        kept = [value for value in listed if value not in values]
        missing.difference_update(value for value in listed if isinstance(value, str))
        if kept:
            left[kind] = kept if isinstance(named, list) else named
    if missing:
        raise PolicyEditError(f"Statement {number} does not name {min(missing)!r}.")
    return left.get("", left) or None


def _index(layout: Layout, index: int) -> int:
    if isinstance(index, bool) or not 0 <= index < len(layout.spans):
        raise PolicyEditError(f"The policy has no statement with the index {index}.")
    return index


def _replaced(text: str, changes: list[tuple[Span, str]]) -> str:
    for span, new in sorted(changes, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def _written(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)
