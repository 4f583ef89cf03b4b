"""From text or a parsed value to the statements of a bucket policy.

Elements and their rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from json import JSONDecoder
from typing import Final, NoReturn, TypeAlias

from .errors import InvalidPolicyError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_TOP: Final = frozenset({"Version", "Id", "Statement"})
_VERSION: Final = "2012-10-17"
_OLD_VERSION: Final = "2008-10-17"


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidPolicyError("The document has the same key twice in one object.")
    return found


def _no_constant(_: str) -> NoReturn:
    raise InvalidPolicyError("The document holds NaN or Infinity, which are not JSON.")


DECODER: Final = JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def text_of(document: str | bytes | bytearray) -> str:
    """Return the text; raise InvalidPolicyError for a byte order mark or what is not UTF-8."""
    if not isinstance(document, str):
        try:
            document = document.decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidPolicyError("The document is not UTF-8 text.") from None
    if document.startswith("\ufeff"):
        raise InvalidPolicyError("The document starts with a byte order mark.")
    return document


def parse(document: object) -> object:
    """Read JSON text; a value that is no text is returned as it is."""
    if not isinstance(document, (str, bytes, bytearray)):
        return document
    try:
        return DECODER.decode(text_of(document))
    except InvalidPolicyError:
        raise
    except RecursionError:
        raise InvalidPolicyError("The document is nested too deeply.") from None
    except ValueError:
        raise InvalidPolicyError("The document is not JSON.") from None


def raw_statements(document: object) -> tuple[list[object], bool]:
    """Return a policy's statements and whether its version is the current one.

    `document` is text or a parsed value and is never changed. Raises InvalidPolicyError for a
    document that S3 would not store, except for faults inside a statement.
    """
    policy = document if type(document) is dict else parse(document)
    if not isinstance(policy, dict):
        raise InvalidPolicyError("The document is not a JSON object.")
    if not _TOP.issuperset(policy):
        raise InvalidPolicyError("The document has an element that policies do not have.")
    version = policy.get("Version", _OLD_VERSION)
    modern = version == _VERSION
    if not modern and version != _OLD_VERSION:
        raise InvalidPolicyError("The document's Version is neither 2012-10-17 nor 2008-10-17.")
    if "Id" in policy and not isinstance(policy["Id"], str):
        raise InvalidPolicyError("The document's Id is not a text.")
    statements = policy.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise InvalidPolicyError("The document has no statement.")
    return statements, modern
