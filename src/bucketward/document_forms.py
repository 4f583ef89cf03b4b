"""One form for each aspect that S3 writes in more than one way: what `drift.same` compares.

A member that says what S3 does without it is left out. For what is not in here, each member
counts as it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import aspects as a
from . import lifecycle
from .event_destinations import LISTS
from .item_values import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable


def _without(document: dict[str, Any], **defaults: Any) -> dict[str, Any]:  # noqa: ANN401
    """Leave out the members that say what S3 does without them."""
    return {
        key: each for key, each in document.items() if key not in defaults or each != defaults[key]
    }


def _encryption(document: dict[str, Any]) -> dict[str, Any]:
    """Write nothing for SSE-S3, which S3 has where nothing was set and after a delete.

    Since April 2026 a rule that blocks nothing is answered with ``NONE``:
    https://github.com/hashicorp/terraform-provider-aws/issues/47320.
    """
    rules = [_without(rule, BucketKeyEnabled=False) for rule in document.get("Rules", ())]
    for rule in rules:
        if set((rule.get("BlockedEncryptionTypes") or {}).get("EncryptionType") or ()) <= {"NONE"}:
            rule.pop("BlockedEncryptionTypes", None)
    plain = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {**document, "Rules": [] if rules == [plain] else rules}


def _anonymous(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave display names out: S3 ignores them in requests, and tells none since late 2025."""
    if isinstance(value, dict):
        return {key: _anonymous(each) for key, each in value.items() if key != "DisplayName"}
    return [_anonymous(each) for each in value] if isinstance(value, list) else value


def _logging(document: dict[str, Any]) -> dict[str, Any]:
    target = _without(document.get("LoggingEnabled") or {}, TargetObjectKeyFormat=_SIMPLE)
    return _anonymous({**document, "LoggingEnabled": target}) if target else {}


_SIMPLE: Final[dict[str, Any]] = {"SimplePrefix": {}}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html: the default key format."""


def _lifecycle(document: dict[str, Any]) -> dict[str, Any]:
    rest = _without(document, TransitionDefaultMinimumObjectSize="all_storage_classes_128K")
    return {**rest, "Rules": [_lifecycle_rule(rule) for rule in document.get("Rules", ())]}


def _lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Write a rule's scope in one form: a prefix of before 2016, a filter, or a filter's And."""
    rest = {key: each for key, each in rule.items() if key not in {"Filter", "Prefix"}}
    expiration = _dated(_without(rule.get("Expiration") or {}, ExpiredObjectDeleteMarker=False))
    transitions = [_dated(each) for each in rule.get("Transitions") or ()]
    return {
        **rest,
        "Expiration": expiration or None,
        "Transitions": transitions,
        "Scope": [list(each) for each in lifecycle.scope(rule)] or None,
    }


def _dated(action: dict[str, Any]) -> dict[str, Any]:
    return {**action, "Date": timestamp(action["Date"]).timestamp()} if "Date" in action else action


def _replication(document: dict[str, Any]) -> dict[str, Any]:
    return {
        **document,
        "Rules": [
            {**rule, "Filter": {}} if rule.get("Filter") == {"Prefix": ""} else rule
            for rule in document.get("Rules", ())
        ],
    }


def _notification(document: dict[str, Any]) -> dict[str, Any]:
    """Write a filter's names small; S3 answers ``Prefix`` for ``prefix``."""
    listed = {name: [_notified(each) for each in document.get(name) or ()] for name in LISTS}
    return {**document, **listed}


def _notified(configuration: dict[str, Any]) -> dict[str, Any]:
    rest = {key: each for key, each in configuration.items() if key != "Filter"}
    rules = ((configuration.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    return {**rest, "Filter": [[r["Name"].lower(), r["Value"]] for r in rules if r["Value"]]}


FORMS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    # A bucket without a block is one whose four flags are off.
    a.PUBLIC_ACCESS_BLOCK.name: lambda block: {flag: on for flag, on in block.items() if on},
    a.ACL.name: _anonymous,
    a.ENCRYPTION.name: _encryption,
    # Suspended is not the same as never set: it leaves delete markers and null versions.
    a.VERSIONING.name: lambda document: _without(document, MFADelete="Disabled"),
    a.LOGGING.name: _logging,
    a.LIFECYCLE.name: _lifecycle,
    a.REPLICATION.name: _replication,
    a.NOTIFICATION.name: _notification,
    a.REQUEST_PAYMENT.name: lambda document: _without(document, Payer="BucketOwner"),
    # Suspended is off, as is never set, to which S3 knows no way back.
    a.ACCELERATE.name: lambda document: _without(document, Status="Suspended"),
}
