"""What `bucketward doctor` says of one thing, and where it looks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .deployment import Deployment

OK, MISSING, UNKNOWN = "ok", "missing", "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it must be, and the commands that mend it."""

    check: str
    status: str
    found: str
    mend: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        return asdict(self) | {"mend": list(self.mend)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where Bucketward is deployed or is to be; ``why`` says why there is no ``deployment``."""

    account: str
    region: str
    stack: str
    deployment: Deployment | None
    why: str = ""

    @property
    def deploy(self) -> tuple[str, ...]:
        name = "" if self.stack == "bucketward" else f" --stack-name {self.stack}"
        return "sam build", f"sam deploy --region {self.region}{name}"
