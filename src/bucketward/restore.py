"""Plan the calls that bring a drifted bucket back to its approved documents, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from . import aspects as a
from .drift import drifted, same
from .errors import Unknown
from .restore_limits import lasting, refused, system_tags
from .restore_order import ordered
from .safety import blocked_types
from .safety_approved import loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .aspects import Aspect, Document
    from .bucket import Bucket
    from .calls import Call


@dataclass(frozen=True, slots=True)
class Unrestorable:
    """An aspect that does not come back, or not wholly; ``reason`` is a sentence's end."""

    aspect: Aspect
    reason: str

    def __str__(self) -> str:
        return f"The {self.aspect} is not as approved and stays so: {self.reason}."


class Restoration(NamedTuple):
    """The calls that restore what can be restored, in their order, and what can't be."""

    calls: tuple[Call, ...]
    unrestorable: tuple[Unrestorable, ...]


def restoring(
    live: Bucket,
    approved: Mapping[str, Document | None],
    aspects: Iterable[Aspect],
    *,
    even_weaker: bool = False,
) -> Restoration:
    """Plan the way back from the bucket as it is to what is approved, for these aspects alone.

    An approved document that would only make the bucket less safe than it is (law 5) is reported
    and not restored, unless a person wants it ``even_weaker``, as to undo a revert. ``live`` must
    hold every aspect that one of these hangs on; raises `Unknown` otherwise.
    """
    wanted = list(aspects)
    for aspect in wanted:
        if aspect.name not in approved:
            raise Unknown(f"No {aspect} of bucket {live.name} is approved, so none is restored.")
        live[aspect]
    targets: dict[str, Document | None] = {}
    left: list[Unrestorable] = []
    for aspect in drifted(live.only(wanted), approved):
        document = approved[aspect.name]
        stays = lasting(live, live.replacing(aspect, document), aspect)
        target = _target(live, aspect, document)
        changes = not same(aspect, live[aspect], target)
        then = live.replacing(aspect, target)
        lost = loss(live, then, aspect) if changes and not even_weaker else None
        if stays:
            left.append(Unrestorable(aspect, stays))
        if lost:
            left.append(Unrestorable(aspect, f"refused: {lost}"))
        elif changes:
            targets[aspect.name] = target
    left += _impossible(live, targets)
    return Restoration(tuple(ordered(live, _with(live, targets), targets)), tuple(left))


def _target(live: Bucket, aspect: Aspect, document: Document | None) -> Document | None:
    """Return what to write for an approved document; None where the aspect is to be deleted."""
    now = live[aspect] or {}
    given = document or {}
    if aspect is a.VERSIONING:
        # S3 takes MFADelete from the root user alone, so it is what it is.
        kept = {key: value for key, value in now.items() if key == "MFADelete"}
        status = given.get("Status") or (now.get("Status") and "Suspended")
        return {"Status": status, **kept} if status else document
    if aspect is a.TAGGING:
        own = [each for each in given.get("TagSet", ()) if each not in system_tags(given)]
        tags = [*own, *system_tags(now)]
        return {"TagSet": tags} if tags else None
    if aspect is a.ENCRYPTION:
        return _unblocked(document) if blocked_types(live) else document
    return document or _OFF.get(aspect.name)


_OFF: Final[dict[str, Document]] = {
    a.REQUEST_PAYMENT.name: {"Payer": "BucketOwner"},
    a.ACCELERATE.name: {"Status": "Suspended"},
}
"""What stands for "not set" where S3 has no delete and takes no empty document."""


def _unblocked(document: Document | None) -> Document | None:
    """Say of each rule that it blocks nothing: where a put does not, S3 keeps what was blocked.

    https://github.com/cloudposse/terraform-aws-cloudfront-s3-cdn/pull/379
    """
    if document is None:
        return None
    nothing = {"BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}
    return {**document, "Rules": [{**nothing, **rule} for rule in document.get("Rules", ())]}


def _impossible(live: Bucket, targets: dict[str, Document | None]) -> Iterator[Unrestorable]:
    """Take out of the targets what S3 would refuse, until it would refuse nothing.

    One at a time: what is in the way of another may go itself.
    """
    while True:
        then = _with(live, targets)
        found = ((name, refused(live, then, a.ASPECTS[name])) for name in targets)
        name, reason = next(((n, why) for n, why in found if why), ("", None))
        if reason is None:
            return
        del targets[name]
        yield Unrestorable(a.ASPECTS[name], reason)


def _with(live: Bucket, targets: Mapping[str, Document | None]) -> Bucket:
    for name, document in targets.items():
        live = live.replacing(a.ASPECTS[name], document)
    return live
