"""AWS Config custom rules and automatic remediation for Amazon S3.

These are the names that a control uses; `Bucket` and the aspects are the vocabulary, `Rule` and
`Remediation` the two objects that a control consists of.
"""

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
from .calls import Call, delete, put
from .errors import BadInput, BucketNotFound, BucketNotOwned, BucketwardError, Refused, Unknown
from .parameters import parameter
from .remediation import Automatic, Known, Remediation
from .rule import NoParameters, Rule
from .verdict import Compliance, Severity, Verdict, compliant, non_compliant, not_applicable

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
    "BucketNotOwned",
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
