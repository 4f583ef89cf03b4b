"""One DynamoDB table with a partition and a sort key: items in, items out, conditions kept.

Reads are consistent but those of an index, and errors of DynamoDB are raised as they are: only a
condition that does not hold is an answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward.baseline.attributes import coded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward.baseline.item import Item

_REFUSED = "ConditionalCheckFailed"
_BUSY = "TransactionConflict"


class Table:
    def __init__(self, name: str, partition: str, sort: str) -> None:
        self.name = name
        self._partition = partition
        self._sort = sort

    def key(self, partition: str, sort: str) -> Item:
        return {self._partition: partition, self._sort: sort}

    def get(self, key: Item) -> Item | None:
        answer = _aws.client("dynamodb").get_item(
            TableName=self.name, Key=coded(key), ConsistentRead=True
        )
        return plain(answer["Item"]) if "Item" in answer else None

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        since: str = "",
        newest_first: bool = False,
        index: str | None = None,
    ) -> Iterator[Item]:
        """Yield a partition's items in order of the sort key, pages fetched as they are needed.

        ``prefix`` or ``since``, not both, narrow the sort key. An ``index`` is partitioned by the
        attribute it is named after, sorted as the table, and a moment behind it.
        """
        when = f"#{index or self._partition} = :partition"
        values: Item = {"partition": partition}
        if prefix:
            when += f" AND begins_with(#{self._sort}, :prefix)"
            values["prefix"] = prefix
        elif since:
            when += f" AND #{self._sort} >= :since"
            values["since"] = since
        request = {
            "TableName": self.name,
            "KeyConditionExpression": when,
            "ScanIndexForward": not newest_first,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
            **_expression(when, values),
        }
        return _pages("query", request)

    def scan(
        self,
        when: str,
        segment: int = 0,
        segments: int = 1,
        only: str = "",
        **values: Any,  # noqa: ANN401
    ) -> Iterator[Item]:
        """Yield every item of the table (or of one segment of it) for which ``when`` holds."""
        request = {
            "TableName": self.name,
            "FilterExpression": when,
            "ConsistentRead": True,
            "Segment": segment,
            "TotalSegments": segments,
            **({"ProjectionExpression": f"#{only}"} if only else {}),
            **_expression(f"{when} #{only}" if only else when, values),
        }
        return _pages("scan", request)

    def put(self, item: Item, when: str = "", **values: Any) -> bool:  # noqa: ANN401
        """Write an item whole; False where the condition does not hold."""
        return _done("put_item", self.putting(item, when, **values)["Put"])

    def update(self, key: Item, change: str, when: str = "", **values: Any) -> bool:  # noqa: ANN401
        """Change an item; False where the condition does not hold."""
        return _done("update_item", self.updating(key, change, when, **values)["Update"])

    def delete(self, key: Item, when: str = "", **values: Any) -> bool:  # noqa: ANN401
        """Delete an item; False where the condition does not hold."""
        return _done("delete_item", self._request(when, when, values) | {"Key": coded(key)})

    def putting(self, item: Item, when: str = "", **values: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return `put` as a part of a transaction."""
        return {"Put": self._request(when, when, values) | {"Item": coded(item)}}

    def updating(
        self,
        key: Item,
        change: str,
        when: str = "",
        **values: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Return `update` as a part of a transaction."""
        request = self._request(f"{change} {when}", when, values)
        return {"Update": request | {"Key": coded(key), "UpdateExpression": change}}

    def _request(self, text: str, when: str, values: Item) -> dict[str, Any]:
        condition = {"ConditionExpression": when} if when else {}
        return {"TableName": self.name, **condition, **_expression(text, values)}


def together(*writes: dict[str, Any]) -> bool:
    """Make all the writes or none; False where a condition fails or another was quicker."""
    try:
        _aws.client("dynamodb").transact_write_items(TransactItems=list(writes))
    except _aws.ClientError as error:
        reasons = {each.get("Code") for each in error.response.get("CancellationReasons", ())}
        if reasons and reasons <= {None, "None", _REFUSED, _BUSY}:
            return False
        raise
    return True


def _done(method: str, request: dict[str, Any]) -> bool:
    try:
        getattr(_aws.client("dynamodb"), method)(**request)
    except _aws.ClientError as error:
        if _aws.error_code(error) == f"{_REFUSED}Exception":
            return False
        raise
    return True


def _pages(method: str, request: dict[str, Any]) -> Iterator[Item]:
    while True:
        page = getattr(_aws.client("dynamodb"), method)(**request)
        yield from map(plain, page["Items"])
        if not page.get("LastEvaluatedKey"):
            return
        request = {**request, "ExclusiveStartKey": page["LastEvaluatedKey"]}


def _expression(text: str, values: Item) -> dict[str, Any]:
    """Give what an expression names: every attribute as ``#name``, for many are reserved words."""
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", text)}
    given = {f":{name}": value for name, value in coded(values).items()}
    return {
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": given} if given else {}),
    }
