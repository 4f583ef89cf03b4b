"""What a rule judges: a resource as a value, with the documents that were read of it."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from .errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Part(Protocol):
    """One separately readable piece of a resource: an aspect of a bucket, a fact of an account."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource at one moment.

    ``resource[PART]`` is the part's document in the form of the AWS API, or ``None`` where it is
    not set; it raises `Unknown` where the part was not read, so that a rule can never take "not
    read" for "not set".
    """

    TYPE: ClassVar[str] = ""
    """The resource's type in AWS Config."""
    NOUN: ClassVar[str] = "resource"

    name: str
    account: str
    region: str
    partition: str = "aws"
    aspects: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, part: Part) -> Any:  # noqa: ANN401 - JSON
        try:
            return self.aspects[part.name]
        except KeyError:
            raise Unknown(
                f"The {part} of {self.NOUN} {self.name} was not read, so it cannot be judged."
            ) from None

    def __contains__(self, part: Part) -> bool:
        return part.name in self.aspects

    def replacing(self, part: Part, document: Any) -> Self:  # noqa: ANN401 - JSON
        """Return this resource with another document for one part."""
        # A chain, not a copy: a copy would convert every part of a configuration item.
        return replace(self, aspects=ChainMap({part.name: document}, self.aspects))  # type: ignore[arg-type]

    def changed(self, part: Part, other: Self) -> Any:  # noqa: ANN401 - JSON
        """Return what a journal must keep of a part that another state has otherwise: all of it."""
        del other
        return self[part]

    def only(self, parts: Iterable[Part]) -> Self:
        """Return this resource with all but these parts unread."""
        return replace(self, aspects={each.name: self[each] for each in parts if each in self})
