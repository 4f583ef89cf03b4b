"""AWS Config custom rules and automatic remediation for Amazon S3.

These are the names that a control uses; `Bucket` and the aspects are the vocabulary, `Rule` and
`Remediation` the two objects that a control consists of.
"""

from typing import TYPE_CHECKING, Any

from .aspects import (
    ACCELERATE,
    ACL,
    ANALYTICS,
    CORS,
    ENCRYPTION,
    INTELLIGENT_TIERING,
    INVENTORY,
    LIFECYCLE,
    LOGGING,
    METRICS,
    NOTIFICATION,
    OBJECT_LOCK,
    OWNERSHIP,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    REPLICATION,
    REQUEST_PAYMENT,
    TAGGING,
    VERSIONING,
    WEBSITE,
    Aspect,
    Operation,
)
from .bucket import Bucket
from .errors import BadInput, BucketNotFound, BucketwardError, Refused, Unknown
from .parameters import parameter
from .rule import NoParameters, Rule
from .verdict import Compliance, Severity, Verdict, compliant, non_compliant, not_applicable

if TYPE_CHECKING:
    from .calls import Call, delete, put
    from .remediation import Automatic, Known, Remediation

__all__ = [
    "ACCELERATE",
    "ACL",
    "ANALYTICS",
    "CORS",
    "ENCRYPTION",
    "INTELLIGENT_TIERING",
    "INVENTORY",
    "LIFECYCLE",
    "LOGGING",
    "METRICS",
    "NOTIFICATION",
    "OBJECT_LOCK",
    "OWNERSHIP",
    "POLICY",
    "PUBLIC_ACCESS_BLOCK",
    "REPLICATION",
    "REQUEST_PAYMENT",
    "TAGGING",
    "VERSIONING",
    "WEBSITE",
    "Aspect",
    "Automatic",
    "BadInput",
    "Bucket",
    "BucketNotFound",
    "BucketwardError",
    "Call",
    "Compliance",
    "Known",
    "NoParameters",
    "Operation",
    "Refused",
    "Remediation",
    "Rule",
    "Severity",
    "Unknown",
    "Verdict",
    "compliant",
    "delete",
    "non_compliant",
    "not_applicable",
    "parameter",
    "put",
]

_REMEDIATING = {
    "Automatic": "remediation",
    "Call": "calls",
    "Known": "remediation",
    "Remediation": "remediation",
    "delete": "calls",
    "put": "calls",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Import what only remediations use when it is asked for: a rule starts without it."""
    if name not in _REMEDIATING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_REMEDIATING[name]}"), name)
