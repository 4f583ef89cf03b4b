"""What a rule says of a bucket."""

from dataclasses import dataclass
from enum import StrEnum

ANNOTATION_LIMIT = 256
"""Characters that PutEvaluations accepts in an annotation (1 to 256)."""


class Compliance(StrEnum):
    """The compliance types that PutEvaluations accepts from a custom rule."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Severity(StrEnum):
    """How bad a non-compliant bucket is; the levels of Security Hub."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A compliance and the sentence that says which fact led to it.

    The sentence becomes the annotation in AWS Config. A longer one than fits is cut at a word, and
    what can't be printed (it may come from a bucket's tags) is replaced.
    """

    compliance: Compliance
    annotation: str

    def __post_init__(self) -> None:
        text = " ".join(self.annotation.split())
        if not text:
            raise ValueError("A verdict needs an annotation: name the fact it rests on.")
        if not text.isprintable():
            text = "".join(
                each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
            )
        object.__setattr__(self, "annotation", cut(text, ANNOTATION_LIMIT))


def units(text: str) -> int:
    """Count as AWS may: whether an emoji is one character or two is not documented."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """Return a text that fits a limit, cut at a word where it does not."""
    if units(text) <= limit:
        return text
    while text and units(text) > limit - 1:
        text = text[: len(text) - max(1, (units(text) - limit) // 2)]
    space = text.rfind(" ")
    # A cut that would drop more than a long word says too little.
    return (text[:space] if space > len(text) * 3 // 4 else text) + "…"


def compliant(annotation: str) -> Verdict:
    return Verdict(Compliance.COMPLIANT, annotation)


def non_compliant(annotation: str) -> Verdict:
    return Verdict(Compliance.NON_COMPLIANT, annotation)


def not_applicable(annotation: str) -> Verdict:
    return Verdict(Compliance.NOT_APPLICABLE, annotation)
