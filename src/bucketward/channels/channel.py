"""What a channel is: how it is switched on, and what it makes of incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Sending, Target
    from bucketward.event import Event


@dataclass(frozen=True, slots=True)
class Digests:
    """One message for all that happened in a batch: incidents, and reverts that ended none."""

    write: Callable[[Sequence[Incident], Sequence[Event], Target], Sequence[Sending]]


@dataclass(frozen=True, slots=True)
class Tickets:
    """One entry an incident; ``close`` may refer to what ``reference`` read in the answer."""

    open: Callable[[Incident, Target], Sequence[Sending]]
    close: Callable[[Incident, Target], Sequence[Sending]]
    reference: Callable[[Any], str] = lambda answer: ""  # noqa: ARG005


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell people.

    ``name`` is a word of lower-case letters and underscores, ``prefix`` begins the names of its
    resources in the template, and ``parameter`` is the template's parameter that switches it on.
    """

    name: str
    title: str
    prefix: str
    parameter: str
    kind: Digests | Tickets
    secret: bool = True
    """Whether the parameter names a secret, which holds what must not be read by others."""
    minimum: str = "medium"
    """The least severity that is told of by default."""
