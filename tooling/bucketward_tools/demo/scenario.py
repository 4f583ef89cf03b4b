"""What a scenario is: who attacks what, what must be noticed, and how everything must end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bucketward.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from bucketward_tools.local import LocalAccount
    from bucketward_tools.local.actors import Actor

OUTSIDE = "193672423079"
"""The account that the attackers work for."""


class Ending(StrEnum):
    """How a scenario ends, in the words that the demo prints."""

    REVERTED = "every aspect is as it was approved"
    ACCEPTED = "the change stays, and the baseline follows it"
    UNCHANGED = "nothing had changed, and nothing was reverted"
    UNSEEN = "nothing was seen: no setting has changed"


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert that must be on the bus, with at least this severity."""

    id: str
    severity: Severity


@dataclass(frozen=True)
class Play:
    """One performance: the account it is in, who acts, and the bucket it is about."""

    account: LocalAccount
    actor: str | Actor
    bucket: str

    @property
    def s3(self) -> Any:  # noqa: ANN401 - boto3's
        return self.account.client("s3", self.actor)

    def control(self, region: str | None = None) -> Any:  # noqa: ANN401 - boto3's
        return self.account.client("s3control", self.actor, region)

    @property
    def outsider(self) -> Any:  # noqa: ANN401 - boto3's
        """Return the S3 client of the attackers' own account."""
        return self.account.client("s3", f"arn:aws:iam::{OUTSIDE}:root")

    def refused(self, operation: str, method: str, **given: Any) -> None:  # noqa: ANN401
        """Make a call that S3 refuses, as IAM does not let the actor make it."""
        self.account.fail(operation, "AccessDenied", times=1)
        with suppress(ClientError):
            getattr(self.s3, method)(Bucket=self.bucket, **given)

    def pause(self, seconds: float = 20) -> None:
        """Let time pass between two steps."""
        self.account.clock.sleep(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One attack, or a change that only looks like one.

    ``actor`` is the end of an ARN; ``attack`` gets a `Play`. ``reverted`` names what must be put
    back: aspects, ``account`` for the account's public access block, ``bucket`` for a bucket that
    was deleted.
    """

    id: str
    title: str
    actor: str | Callable[[LocalAccount], Actor]
    bucket: str
    attack: Callable[[Play], object]
    alerts: tuple[Alerted, ...] = ()
    reverted: tuple[str, ...] = ()
    ending: Ending = Ending.REVERTED
    lost: str = ""
    """What nothing brings back: a sentence."""
    by_schedule: bool = False
    """Whether only the daily schedule finds it: no event and no item reaches this Region."""
    fast_only: bool = False
    """Whether only the change monitor can put it back, where ``FastRevert`` is on."""
    suspends: bool = False
    """Whether the attack needs a bucket that S3 lets suspend: without Object Lock."""

    @property
    def silent(self) -> bool:
        """Whether there must be no alert at all."""
        return not self.alerts

    def play(self, account: LocalAccount) -> None:
        """Let it happen; nothing follows before the account settles."""
        self.attack(Play(account, self.acts(account), self.bucket))

    def acts(self, account: LocalAccount) -> str | Actor:
        if callable(self.actor):
            return self.actor(account)
        service = "iam" if self.actor.startswith(("user/", "role/")) else "sts"
        return f"arn:aws:{service}::{account.place.account}:{self.actor}"


def low(name: str) -> Alerted:
    return Alerted(name, Severity.LOW)


def medium(name: str) -> Alerted:
    return Alerted(name, Severity.MEDIUM)


def high(name: str) -> Alerted:
    return Alerted(name, Severity.HIGH)


def critical(name: str) -> Alerted:
    return Alerted(name, Severity.CRITICAL)
