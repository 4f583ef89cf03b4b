"""What a plan or a verdict may know of a bucket's baseline: values and questions, no AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketward.blame import Blame, Guilt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bucketward.aspects import Aspect, Document


def _unknown(aspect: Aspect) -> Blame:  # noqa: ARG001
    return Blame(Guilt.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The approved documents by the name of their aspect, and who changed what since.

    ``blame(aspect)`` costs calls to AWS, so it is asked of what differs only. ``settled`` says
    that an author who is not known yet will not be waited for any longer.
    """

    documents: Mapping[str, Document | None] = field(default_factory=dict)
    blame: Callable[[Aspect], Blame] = _unknown
    settled: bool = True
