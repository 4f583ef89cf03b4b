"""Read the parts of a configuration item that make a bucket serve a website."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .item_values import number, present, renamed, text

if TYPE_CHECKING:
    from collections.abc import Mapping


def cors(part: Mapping[str, Any]) -> dict[str, Any] | None:
    lists = {
        "allowedHeaders": "AllowedHeaders",
        "allowedMethods": "AllowedMethods",
        "allowedOrigins": "AllowedOrigins",
        "exposedHeaders": "ExposeHeaders",
    }
    rules = []
    for rule in part["rules"]:
        values = {name: [text(each) for each in rule.get(key) or []] for key, name in lists.items()}
        rules.append(
            present(
                {
                    "ID": text(rule.get("id")),
                    **{name: value or None for name, value in values.items()},
                    # 0 is what AWS Config writes where the rule has no age.
                    "MaxAgeSeconds": number(rule.get("maxAgeSeconds")) or None,
                }
            )
        )
    return {"CORSRules": rules} if rules else None


def website(part: Mapping[str, Any]) -> dict[str, Any] | None:
    redirect = renamed(part.get("redirectAllRequestsTo") or {}, text)
    index, error = text(part.get("indexDocumentSuffix")), text(part.get("errorDocument"))
    routes = [
        present(
            {
                name.capitalize(): renamed(rule.get(name) or {}, text) or None
                for name in ("condition", "redirect")
            }
        )
        for rule in part.get("routingRules") or []
    ]
    document = {
        "RedirectAllRequestsTo": redirect or None,
        "IndexDocument": {"Suffix": index} if index else None,
        "ErrorDocument": {"Key": error} if error else None,
        "RoutingRules": routes or None,
    }
    return present(document) or None
