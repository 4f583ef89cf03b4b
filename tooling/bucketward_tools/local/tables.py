"""DynamoDB: what a request needs to be allowed, and items that expire.

moto keeps the tables; it does not delete what has expired. Sources: *Actions, resources, and
condition keys for Amazon DynamoDB* in the Service Authorization Reference (a transaction needs
the permissions of what it does), *Using IAM policy conditions* for ``dynamodb:LeadingKeys``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .iam import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import LocalAccount
    from .wiring_sources import Table

_TRANSACTIONS = {
    "TransactGetItems": {"Get": "GetItem"},
    "TransactWriteItems": {
        "ConditionCheck": "ConditionCheckItem",
        "Delete": "DeleteItem",
        "Put": "PutItem",
        "Update": "UpdateItem",
    },
}
_BY_KEY = {"GetItem", "DeleteItem", "UpdateItem", "ConditionCheckItem"}
_WITHOUT_KEYS = {"Scan", "DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups"}
_EQUALS = re.compile(r"([#\w.]+)\s*=\s*(:\w+)")


class Tables:
    """The tables of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def requests(
        self, operation: str, params: Mapping[str, Any], context: Mapping[str, str]
    ) -> list[Request]:
        """Return what must all be allowed for the call to be made."""
        return [
            Request(
                f"dynamodb:{action}",
                self._arn(given),
                context if keys is None else {**context, "dynamodb:LeadingKeys": keys},
            )
            for action, given, keys in self._parts(operation, params)
        ]

    def expire(self) -> int:
        """Delete what has expired by now, as DynamoDB does within days; returns how many."""
        dynamodb, now = self._account.internal("dynamodb"), self._account.clock.now.timestamp()
        gone = 0
        for table in self._account.wiring.tables.values():
            if not table.expires:
                continue
            schema = [each["AttributeName"] for each in table.properties["KeySchema"]]
            for page in dynamodb.get_paginator("scan").paginate(TableName=table.name):
                for item in page["Items"]:
                    if float(item.get(table.expires, {}).get("N", "inf")) < now:
                        key = {name: item[name] for name in schema}
                        dynamodb.delete_item(TableName=table.name, Key=key)
                        gone += 1
        return gone

    def _parts(
        self, operation: str, params: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any], tuple[str, ...] | None]]:
        """Yield action, parameters and partition keys of each thing that a call does."""
        if operation in _TRANSACTIONS:
            for item in params["TransactItems"]:
                ((kind, given),) = item.items()
                yield from self._parts(_TRANSACTIONS[operation][kind], given)
        elif operation in _BY_KEY or operation == "PutItem":
            item = params["Item" if operation == "PutItem" else "Key"]
            yield operation, params, self._keys(params, [item])
        elif operation == "Query":
            yield operation, params, self._queried(params)
        elif operation in {"BatchGetItem", "BatchWriteItem"}:
            for name, given in params["RequestItems"].items():
                one = {"TableName": name}
                yield operation, one, self._keys(one, _batched(given))
        elif operation in _WITHOUT_KEYS:
            yield operation, params, None
        else:
            raise NotEmulated(f"What allows a function to call DynamoDB's {operation}?")

    def _table(self, params: Mapping[str, Any]) -> Table | None:
        name = str(params["TableName"]).rpartition("/")[2]
        return self._account.wiring.tables.get(name)

    def _arn(self, params: Mapping[str, Any]) -> str:
        name = str(params["TableName"]).rpartition("/")[2]
        arn = self._account.place.arn("dynamodb", f"table/{name}")
        return f"{arn}/index/{params['IndexName']}" if "IndexName" in params else arn

    def _keys(
        self, params: Mapping[str, Any], items: list[Mapping[str, Any]]
    ) -> tuple[str, ...] | None:
        table = self._table(params)
        if table is None:
            return None
        name = table.keys[None]
        return tuple(str(_plain(item[name])) for item in items if name in item)

    def _queried(self, params: Mapping[str, Any]) -> tuple[str, ...] | None:
        table = self._table(params)
        if table is None:
            return None
        attribute = table.keys[params.get("IndexName")]
        names = params.get("ExpressionAttributeNames", {})
        for name, value in _EQUALS.findall(params.get("KeyConditionExpression", "")):
            if names.get(name, name) == attribute:
                return (str(_plain(params["ExpressionAttributeValues"][value])),)
        raise NotEmulated("Which partition a query of DynamoDB reads is not known.")


def _batched(given: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - either of two requests
    """Return the keys or items of one table in a batch."""
    if isinstance(given, dict):
        return list(given["Keys"])
    puts = [each["PutRequest"]["Item"] for each in given if "PutRequest" in each]
    return puts + [each["DeleteRequest"]["Key"] for each in given if "DeleteRequest" in each]


def _plain(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a key's value
    ((_, plain),) = value.items()
    return plain
