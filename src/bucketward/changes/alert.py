"""What an alert is: one declarative entry, and the situation that its condition looks at."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bucketward.aspects import Document
from bucketward.changes.attack import Technique
from bucketward.changes.change import Change
from bucketward.changes.payload import Element, element, flag
from bucketward.verdict import Severity

if TYPE_CHECKING:
    from bucketward.policy.judgement import Judgement


@dataclass(frozen=True)
class Situation:
    """A change, and what is known around it.

    ``before`` maps the names of aspects to their documents as the S3 API returned them, ``None``
    for "not set". An aspect that is not in it is unknown, and unknown is never taken for unset.
    """

    change: Change
    before: Mapping[str, Document]
    account: str | None
    """The account that owns the bucket; everyone else is outside."""
    own_buckets: Collection[str] | None
    """All bucket names of the account, where they are known."""
    short_expiration_days: int
    control_tags: tuple[str, ...]

    def payload(self, name: str) -> Element:
        """Give the XML element that the request carried, empty where it did not."""
        return element(self.change.parameters.get(name))

    @property
    def described(self) -> bool:
        """Whether the record says what was written: CloudTrail leaves out large requests.

        In place of what is too large stands ``omitted``: *CloudTrail record contents* in the
        CloudTrail user guide.
        """
        given = self.change.parameters
        parts = (given, *map(element, given.values()))
        return bool(given) and not any(flag(part.get("omitted")) for part in parts)

    def knows(self, aspect: str) -> bool:
        return aspect in self.before

    def previous(self, aspect: str) -> Element:
        """Give an aspect's document before the change, empty where unset or unknown."""
        return element(self.before.get(aspect))

    def outside(self, account: str) -> bool:
        """Whether this is another account than the owner's; unknown accounts are not accused."""
        return bool(account and self.account) and account != self.account

    @cached_property
    def policy(self) -> "Judgement | None":
        """What the new policy grants; None where the record does not hold one that S3 stores."""
        from bucketward.changes.policy_document import written_policy
        from bucketward.policy import judge

        document = written_policy(self.change)
        if not document:
            return None
        judgement = judge(document, account=self.account, bucket=self.change.bucket)
        return judgement if judgement.valid else None


@dataclass(frozen=True, slots=True)
class Alert:
    """One kind of alert: which events can raise it, when they do, and what to do then.

    ``severity`` is the usual one; ``grade`` gives another where the resulting state is better or
    worse than usual.
    """

    id: str
    title: str
    severity: Severity
    events: tuple[str, ...]
    """CloudTrail event names; empty for the alerts on what no list of names can hold."""
    meaning: str
    response: str
    attack: tuple[Technique, ...] = ()
    when: Callable[[Situation], bool] | None = None
    grade: Callable[[Situation], Severity] | None = None

    @property
    def weakens(self) -> bool:
        """Whether it tells of a safeguard that was taken off, not only of one that was written."""
        if self.severity is Severity.MEDIUM:
            return self.id.endswith(("-deleted", "-removed"))
        return self.severity in {Severity.HIGH, Severity.CRITICAL}

    def raised(self, situation: Situation) -> Severity | None:
        """Give the severity with which the situation raises this alert, or None."""
        if self.when and not self.when(situation):
            return None
        return self.grade(situation) if self.grade else self.severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One alert raised by one change."""

    id: str
    title: str
    severity: Severity
    aspect: str
    bucket: str | None
    """None for a setting of the whole account."""
    actor: str
    event_name: str
    event_id: str | None

    def to_dict(self) -> dict[str, str | None]:
        """Give the finding as the command line prints it; the keys are a contract."""
        return {
            "id": self.id,
            "title": self.title,
            "severity": str(self.severity),
            "aspect": self.aspect,
            "bucket": self.bucket,
            "actor": self.actor,
            "event_name": self.event_name,
            "event_id": self.event_id,
        }
