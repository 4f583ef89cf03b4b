"""What a scan says: one row for each bucket and control."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bucketward.bucket import Bucket
from bucketward.errors import BucketwardError
from bucketward.verdict import ANNOTATION_LIMIT, Compliance, cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bucketward import Verdict

ERROR = "ERROR"
"""The compliance of what could not be judged; the others are those of `Compliance`.

Not AWS Config's INSUFFICIENT_DATA, which it also says where a rule has nothing to judge.
"""

COMPLIANCES = (
    ERROR,
    Compliance.NON_COMPLIANT.value,
    Compliance.COMPLIANT.value,
    Compliance.NOT_APPLICABLE.value,
)
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict; ``bucket`` is an account's id or an access point's name for their controls."""

    bucket: str
    control: str
    compliance: str
    severity: str
    annotation: str

    @classmethod
    def of(cls, resource: str, control: str, severity: str, verdict: Verdict) -> Row:
        return cls(resource, control, verdict.compliance.value, severity, verdict.annotation)

    @classmethod
    def unread(cls, resource: str, control: str, severity: str, error: BaseException) -> Row:
        return cls(resource, control, ERROR, severity, because(error))

    @property
    def fine(self) -> bool:
        return self.compliance in {Compliance.COMPLIANT, Compliance.NOT_APPLICABLE}

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judged:
    """All rows of one resource, with the documents that were read of it and what would be done.

    ``documents`` are by the name of the aspect; ``plans`` by the control: a list of
    ``{"call", "before", "after"}``, or the sentence that says why nothing would be done.
    """

    name: str
    region: str
    rows: tuple[Row, ...]
    noun: str = Bucket.NOUN
    documents: Mapping[str, Any] = field(default_factory=dict)
    plans: Mapping[str, Any] = field(default_factory=dict)


def because(error: BaseException) -> str:
    """Say in one printable line why something could not be read."""
    operation = getattr(error, "operation_name", None)
    told = getattr(error, "response", {}).get("Error", {})
    if operation and told:
        reason = f": {told['Message']}" if told.get("Message") else ""
        text = f"Not judged: {operation} said {told.get('Code', 'Unknown')}{reason}"
    elif isinstance(error, BucketwardError):
        text = f"Not judged: {error}"
    else:
        text = f"Not judged: {type(error).__name__}: {error}"
    text = " ".join(text.split())
    text = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return cut(text if text.endswith(".") else f"{text}.", ANNOTATION_LIMIT)
