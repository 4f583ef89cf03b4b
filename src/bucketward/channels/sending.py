"""What a channel wants to be sent, and to where."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Target:
    """Where a channel leads: the address is not secret, what is in ``secret`` is."""

    account: str
    region: str
    partition: str
    address: str = ""
    """What the channel's parameter says: a topic's ARN, or a secret's."""
    secret: str = field(default="", repr=False)

    def member(self, name: str, otherwise: str | None = None) -> str:
        """Return a member of a secret that is a JSON object."""
        value = self._members.get(name, otherwise)
        if not isinstance(value, str) or not value:
            raise BadInput(f"The secret {self.address} has no text {name!r}; see docs/channels.md.")
        return value

    def text(self, name: str) -> str:
        """Return a secret that is one text, or a JSON object's member of that name."""
        return self.member(name) if self._members else self.secret.strip()

    def url(self, name: str = "url", otherwise: str | None = None) -> str:
        """Return a member that is the address to send to, without a slash at its end.

        Raises `BadInput` for one that is not HTTPS; this machine itself may do without.
        """
        found = (self.text(name) if otherwise is None else self.member(name, otherwise)).rstrip("/")
        if not found.startswith(("https://", "http://127.0.0.1:")) or not found.isprintable():
            raise BadInput(f"The secret {self.address} holds no https:// address as {name!r}.")
        return found

    @property
    def _members(self) -> dict[str, Any]:
        try:
            found = json.loads(self.secret)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Post:
    """An HTTP request with a JSON body."""

    url: str = field(repr=False)
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    method: str = "POST"

    @classmethod
    def of(cls, url: str, body: Any, method: str = "POST", **headers: str) -> Self:  # noqa: ANN401
        """Write a body as JSON; a header's name may have underscores for its hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(url, json.dumps(body, ensure_ascii=False).encode(), named, method)

    @property
    def body(self) -> Any:  # noqa: ANN401
        return json.loads(self.content)


@dataclass(frozen=True, slots=True)
class Call:
    """A call to an AWS API; ``failures`` is the member of its answer that counts what failed."""

    service: str
    method: str
    arguments: Mapping[str, Any] = field(hash=False)
    failures: str = ""


Sending = Post | Call


def basic(user: str, password: str) -> str:
    """Return the header that logs in with a user and a password."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
