"""Read the account's public access block from its configuration item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .account import ACCOUNT_BLOCK, ACCOUNT_BLOCK_TYPE, Account
from .aspects import PUBLIC_ACCESS_BLOCK
from .configuration_item import DELETED
from .errors import BadInput, shown
from .item_documents import document

if TYPE_CHECKING:
    from collections.abc import Mapping


def account_of(item: Mapping[str, Any]) -> Account:
    """Return the account with its block, None where the block was deleted, and all else unread.

    The item's ``configuration`` has the form of a bucket's block, as an object or, in the history
    API's form, as a JSON text. Raises `BadInput` for another resource.
    """
    if item.get("resourceType") != ACCOUNT_BLOCK_TYPE:
        found = shown(item.get("resourceType"))
        raise BadInput(f"The configuration item is of {found}; expected {ACCOUNT_BLOCK_TYPE}.")
    name = str(item.get("awsAccountId") or item.get("accountId") or item["resourceId"])
    block = None
    if item["configurationItemStatus"] not in DELETED:
        where = f"configuration of account {name}"
        block = document(PUBLIC_ACCESS_BLOCK.name, item.get("configuration"), where)
        if block is None:
            raise BadInput(f"The configuration item of account {name} has no configuration.")
    region = str(item.get("awsRegion") or "")
    return Account(name=name, account=name, region=region, aspects={ACCOUNT_BLOCK.name: block})
