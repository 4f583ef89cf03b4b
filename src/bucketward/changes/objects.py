"""Whether an object that was uploaded is of a type that its bucket is to hold.

Judged by the name's extension, which S3's event tells, and by the content type that it was uploaded
with, which no event tells: neither S3's own nor CloudTrail's, whose records hold the ``x-amz-``
headers alone. What is in the object is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bucketward.errors import BadInput, shown
from bucketward.wildcards import matches

Types = Mapping[str, frozenset[str]]
"""What a bucket may hold, by its name: extensions without a dot or content types, in lower case."""

_ENTRY = re.compile(r"([a-z0-9.-]{3,63})=([A-Za-z0-9._/+*-]+(?: +[A-Za-z0-9._/+*-]+)*)")
_EXTENSION = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One object that S3 says was created."""

    bucket: str
    key: str
    requester: str
    address: str | None
    how: str
    version: str | None = None
    """Of an object in a bucket with versions; a later one may be of another type."""

    @property
    def extension(self) -> str:
        """What follows the last dot of the name, in lower case; empty for none."""
        name = self.key.rpartition("/")[2]
        found = name.rpartition(".")[2].lower() if "." in name else ""
        return found if _EXTENSION.fullmatch(found) else ""


def allowed_types(text: str) -> Types:
    """Read the stack's parameters: ``bucket=pdf csv; other=png jpg``, or content types like it.

    >>> sorted(allowed_types("acme-in=pdf .CSV; acme-web=png")["acme-in"])
    ['csv', 'pdf']
    """
    found: dict[str, frozenset[str]] = {}
    for entry in filter(None, map(str.strip, text.split(";"))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise BadInput(f"{shown(entry)} is not of the form bucket=pdf csv; deploy it so.")
        found[match[1]] = frozenset(each.lower().lstrip(".") for each in match[2].split())
    return found


def upload(event: Any) -> Upload:  # noqa: ANN401 - JSON
    """Read S3's own event *Object Created*; raises `BadInput` for anything else.

    Source: *EventBridge event message structure* in the S3 user guide.
    """
    match event:
        case {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {
                "bucket": {"name": str(bucket)},
                "object": {"key": str(key), **found},
                **detail,
            },
        }:
            version = found.get("version-id")
            address = detail.get("source-ip-address")
            return Upload(
                bucket,
                key,
                str(detail.get("requester") or "unknown"),
                str(address) if address else None,
                str(detail.get("reason") or "PutObject"),
                str(version) if version else None,
            )
    raise BadInput(f"The event {shown(event)} is no Object Created of S3.")


def unexpected_content(found: Upload, content_type: str | None, types: Types) -> str | None:
    """Say why an upload's content type is unexpected, None where it is not, or nothing is stated.

    A content type of None could not be read. ``*`` stands for any characters of a stated one.
    """
    allowed = types.get(found.bucket)
    if allowed is None or found.key.endswith("/"):
        return None
    plain = (content_type or "").partition(";")[0].strip().lower()
    if any(matches(each, plain) for each in allowed):
        return None
    kind = f"has the content type {plain}" if plain else "has a content type that can't be read"
    return f"The object {found.key} {kind}; this bucket holds {', '.join(sorted(allowed))}."


def unexpected(found: Upload, types: Types) -> str | None:
    """Say why an upload is unexpected, None where it is not, or where nothing is stated."""
    allowed = types.get(found.bucket)
    # S3's console makes folders as empty objects whose names end in a slash.
    if allowed is None or found.key.endswith("/") or found.extension in allowed:
        return None
    kind = f"of type .{found.extension}" if found.extension else "without an extension"
    wanted = ", ".join(f".{each}" for each in sorted(allowed))
    return f"The object {found.key} is {kind}; this bucket holds {wanted}."
