"""Where in a policy's text each statement stands, so that edits leave the rest as it is."""

from typing import Final, NamedTuple

from .document import DECODER, raw_statements, text_of
from .errors import InvalidPolicyError, PolicyEditError

_WHITESPACE: Final = " \t\n\r"


class Span(NamedTuple):
    """A value in the text: from the first character to after the last."""

    start: int
    end: int


class Layout(NamedTuple):
    """A policy's text, its statements as parsed, and where they are.

    `whole` is the value of `Statement`; `spans` its elements, or `whole` itself where it is a
    single object and `is_list` is False.
    """

    text: str
    statements: list[dict[str, object]]
    whole: Span
    spans: list[Span]
    is_list: bool
    modern: bool


def read_layout(text: str | bytes) -> Layout:
    """Find the statements; raise PolicyEditError for a text that cannot be edited safely."""
    if not isinstance(text, (str, bytes)):
        raise PolicyEditError("The policy to edit must be given as text.")
    try:
        text = text_of(text)
        elements, modern = raw_statements(text)
        whole = members(text, _skip(text, 0))["Statement"]
    except InvalidPolicyError as error:
        raise PolicyEditError(f"The policy cannot be edited: {error}") from None
    statements = [element for element in elements if isinstance(element, dict)]
    if len(statements) != len(elements):
        raise PolicyEditError("The policy cannot be edited: a statement is not a JSON object.")
    is_list = text[whole.start] == "["
    spans = elements_of(text, whole.start) if is_list else [whole]
    return Layout(text, statements, whole, spans, is_list, modern)


def members(text: str, start: int) -> dict[str, Span]:
    """Return where the values of the object at `start` stand; the text is known to be JSON."""
    found: dict[str, Span] = {}
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, at = DECODER.raw_decode(text, at)
        value = _skip(text, _skip(text, at) + 1)
        _, end = DECODER.raw_decode(text, value)
        found[key] = Span(value, end)
        at = _after(text, end)
    return found


def elements_of(text: str, start: int) -> list[Span]:
    """Return where the elements of the list at `start` stand; the text is known to be JSON."""
    found: list[Span] = []
    at = _skip(text, start + 1)
    while text[at] != "]":
        _, end = DECODER.raw_decode(text, at)
        found.append(Span(at, end))
        at = _after(text, end)
    return found


def _after(text: str, end: int) -> int:
    at = _skip(text, end)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at] in _WHITESPACE:
        at += 1
    return at
