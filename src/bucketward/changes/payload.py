"""Read values out of a CloudTrail record, whatever shape they arrive in.

CloudTrail turns a request's XML into JSON without a schema: one child is an object and several
are a list, an empty element is ``""``, digits become numbers and ``true`` a boolean. Records up
to version 1.05 also wrap each header and query value in a list of one. Every reader below takes
any JSON value and gives the empty value of its type for what it cannot read.
"""

from collections.abc import Iterator, Mapping

_LARGEST_NUMBER = 10**18
ACCOUNT_DIGITS = 12

Element = Mapping[str, object]


def _only(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def element(value: object) -> Element:
    """Read one XML element: its children by name, none where it is empty or absent."""
    value = _only(value)
    return value if isinstance(value, dict) else {}


def elements(parent: Element, *names: str) -> Iterator[Element]:
    """Read the children of any of these names, whether there is one or there are many."""
    for name in names:
        value = parent.get(name)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                yield child


def text(value: object) -> str:
    """Read a text, a number or a boolean as the text that was sent.

    Unpaired surrogates are legal in JSON but in no store or terminal, so they are escaped.
    """
    value = _only(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < _LARGEST_NUMBER else ""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return ""


def texts(value: object) -> list[str]:
    """Read one text or many, leaving out the empty ones."""
    return [
        read for item in (value if isinstance(value, list) else [value]) if (read := text(item))
    ]


def flag(value: object) -> bool:
    """Read a boolean: true only where the request said so."""
    return text(value).strip().lower() == "true"


def number(value: object) -> float | None:
    """Read a number, or None for anything else (a boolean included)."""
    read = text(value)
    try:
        return float(read)
    except ValueError:
        return None


def account_id(value: object) -> str:
    """Read an account id of twelve digits, of which CloudTrail drops the leading zeros."""
    read = text(value).strip()
    return read.zfill(ACCOUNT_DIGITS) if read.isascii() and read.isdigit() else ""


def arn_account(value: object) -> str:
    """Read the account out of an ARN, empty where it names none, as a bucket's does not."""
    parts = text(value).split(":", 5)
    return account_id(parts[4]) if parts[0] == "arn" and len(parts) > 4 else ""  # noqa: PLR2004


def arn_bucket(value: object) -> str:
    """Read the bucket out of a bucket's or an object's ARN, empty for any other resource."""
    parts = text(value).split(":", 5)
    if len(parts) == 6 and parts[0] == "arn" and parts[2:5] == ["s3", "", ""]:  # noqa: PLR2004
        return parts[5].partition("/")[0]
    return ""
