"""Documents as bytes: packed for the store, and canonical for signatures.

An aspect's document is JSON, so the store keeps JSON: DynamoDB's own types would turn numbers into
decimals, drop empty sets and have no place for what is larger than an item.
"""

import json
import zlib
from hashlib import sha256
from typing import Any

from bucketward.errors import BadInput, shown

_LARGEST = 64 * 1024 * 1024
"""Bytes that a stored document may unpack to; S3's longest have about five million."""


def written(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write JSON that reads back as the same value; raises `BadInput` for what is not JSON."""
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
        same = json.loads(text) == value
    except (TypeError, ValueError, RecursionError):
        same = False
    if not same:
        raise BadInput(f"The document {shown(value)} is not JSON, so it cannot be kept unchanged.")
    return text


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    """Write the one form that all equal values have: members sorted, ASCII, no spaces.

    >>> canonical({"b": [1, 2.5], "a": None})
    b'{"a":null,"b":[1,2.5]}'
    """
    plain = json.loads(written(value))
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def pack(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    """Compress a document; its members keep their order, its texts every character."""
    return zlib.compress(written(value).encode(), 9)


def unpack(data: object) -> Any:  # noqa: ANN401 - any JSON
    """Read what `pack` wrote; raises `BadInput` for anything else, however large it would grow."""
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, _LARGEST) if isinstance(data, bytes) else b""
        # What is cut off, or goes on, is not what was packed.
        return json.loads(text if reader.eof and not reader.unused_data else b"")
    except (ValueError, RecursionError, zlib.error):
        raise BadInput("The stored document cannot be read.") from None
