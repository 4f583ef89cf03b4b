"""The form of a bucket policy in which two that mean the same are the same.

S3 keeps a policy's meaning, not its text: GetBucketPolicy gives principals in any order, one
value or a list of one, an account as ``arn:aws:iam::ID:root``, a Version and an empty Sid where
the caller wrote none (https://github.com/hashicorp/terraform-provider-aws/issues/13144,
https://github.com/ansible/ansible/issues/19310). Nothing else is taken for the same: not a
principal ``*`` for ``{"AWS": "*"}``, not the id of a deleted user for the name it had.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from .policy.document import parse, raw_statements

if TYPE_CHECKING:
    from collections.abc import Callable

_ACCOUNT: Final = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")
_PRINCIPALS: Final = ("Principal", "NotPrincipal")
_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")


def meaning(policy: str) -> Any:  # noqa: ANN401 - JSON
    """Return the policy with every order and spelling that has no meaning taken out.

    Raises `bucketward.policy.errors.InvalidPolicyError` where S3 would not store it.
    """
    document: Any = parse(policy)
    statements, modern = raw_statements(document)
    return {
        "Version": "2012-10-17" if modern else "2008-10-17",
        "Id": document.get("Id") or None,
        "Statement": sorted(map(_statement, statements), key=_text),
    }


def _statement(raw: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(raw, dict):
        return raw
    return {
        name: _element(name, value)
        for name, value in raw.items()
        if not (name in {"Sid", "Condition"} and not value)
    }


def _element(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if name in _LISTS:
        return _set(value)
    if name in _PRINCIPALS and isinstance(value, dict):
        return {kind: _set(named, _principal) for kind, named in value.items()}
    if name == "Condition" and isinstance(value, dict):
        return {
            operator: {key: _set(values, _scalar) for key, values in keys.items()}
            for operator, keys in value.items()
        }
    return value


def _set(values: Any, spelling: Callable[[Any], Any] = lambda value: value) -> list[Any]:  # noqa: ANN401
    listed = values if isinstance(values, list) else [values]
    return sorted({_text(spelling(each)) for each in listed})


def _principal(value: Any) -> Any:  # noqa: ANN401 - JSON
    account = _ACCOUNT.fullmatch(value) if isinstance(value, str) else None
    return account[1] if account else value


def _scalar(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Write ``true`` and ``5`` as IAM reads them: as text."""
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, sort_keys=True)
