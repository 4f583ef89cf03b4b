"""Documents too large for one item, which DynamoDB limits to 400 KB, kept as several.

Parts are named by the digest of the packed document and never change, so the same document is kept
once, and who holds an item that names them reads all of it or is told. They are written before the
item, and stay as long as the history does; a writer that dies in between leaves them unused.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bucketward.baseline.item import string
from bucketward.errors import BadInput

if TYPE_CHECKING:
    from bucketward.baseline.item import Item
    from bucketward.baseline.table import Table

_INLINE = 300_000
"""Bytes of a document within an item, which leaves 100 KB for the rest of it."""

_PART = 390_000


def spill(table: Table, partition: str, item: Item) -> Item:
    """Return the item with its ``document`` moved to parts where that is too large."""
    data: bytes = item["document"]
    if len(data) <= _INLINE:
        return item
    digest = sha256(data).hexdigest()
    cuts = range(0, len(data), _PART)
    expires = {"expires": item["expires"]} if "expires" in item else {}
    for number, cut in enumerate(cuts):
        key = table.key(partition, f"{_prefix(digest)}{number:05}")
        table.put({**key, "data": data[cut : cut + _PART], **expires})
    rest = {name: value for name, value in item.items() if name != "document"}
    return {**rest, "digest": digest, "parts": len(cuts)}


def gather(table: Table, partition: str, item: Item) -> Item:
    """Return the item with its ``document``; raises `BadInput` where a part is not as written."""
    if "digest" not in item:
        return item
    digest = string(item, "digest")
    if len(digest) != sha256().digest_size * 2:
        raise BadInput("The stored document has no digest.")
    found = [part.get("data") for part in table.query(partition, prefix=_prefix(digest))]
    data = b"".join(each for each in found if isinstance(each, bytes))
    if sha256(data).hexdigest() != digest:
        raise BadInput("The stored document is incomplete.")
    return {**item, "document": data}


def _prefix(digest: str) -> str:
    return f"part#{digest}#"
