"""Items in the form of DynamoDB's API, where every value is tagged with its type."""

import re
from typing import Any

from bucketward.baseline.item import Item, clean


def coded(item: Item) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in item.items()}


def _attribute(value: Any) -> dict[str, Any]:  # noqa: ANN401 - see Item
    match value:
        case str():
            return {"S": clean(value)}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case list():
            return {"L": [_attribute(each) for each in value]}
        case dict():
            return value  # as `plain` left it
        case _:
            raise TypeError(value)


def plain(attributes: dict[str, Any]) -> Item:
    return {name: _value(attribute) for name, attribute in attributes.items()}


def _value(attribute: dict[str, Any]) -> Any:  # noqa: ANN401 - see Item
    match attribute:
        case {"S": str(text)}:
            return text
        case {"N": str(number)} if re.fullmatch(r"-?\d{1,38}", number):
            return int(number)
        case {"B": data}:
            return bytes(data)
        case {"L": list(values)}:
            return [_value(each) for each in values]
        case _:
            return attribute  # what the store never writes is left for the reader to refuse
