"""One S3 write that a remediation wants made: a value that can be shown, simulated and sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .aspects import ASPECTS, LIFECYCLE, NOTIFICATION, VERSIONING, Aspect, Document, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bucket import Bucket
    from .resource import Resource

R = TypeVar("R", bound="Resource")


@dataclass(frozen=True, slots=True)
class Call:
    """A put (with the whole document) or a delete of one aspect.

    ``key`` is the ``Id`` of the one configuration that is meant, for the keyed aspects.
    """

    operation: Operation
    document: Document | None = None
    key: str | None = None

    @property
    def aspect(self) -> Aspect:
        return ASPECTS[self.operation.aspect]

    @property
    def arguments(self) -> dict[str, Any]:
        """The request's members besides the bucket and its expected owner."""
        keyed = {"Id": self.key} if self.key is not None else {}
        if self.operation == self.aspect.delete:
            return keyed
        document = self.document
        if self.aspect is VERSIONING and isinstance(document, dict):
            # Sending MFADelete, even unchanged, takes the root user's MFA code; left out, it stays.
            document = {key: value for key, value in document.items() if key != "MFADelete"}
        if self.aspect is LIFECYCLE and isinstance(document, dict):
            # One member of the response is a member of its own in the request.
            rest = {key: value for key, value in document.items() if key != "Rules"}
            return {self.aspect.argument: {"Rules": document["Rules"]}, **rest}
        if self.aspect is NOTIFICATION:
            # Else one kept destination that is gone, or whose policy is, would fail the whole put.
            return {self.aspect.argument: document or {}, "SkipDestinationValidation": True}
        return {self.aspect.argument: document, **keyed}

    def apply(self, bucket: Bucket) -> Bucket:
        """Return the bucket as it will be after the call."""
        if self.key is None:
            # S3 reads an empty document back as "not set".
            return bucket.replacing(self.aspect, self.document or None)
        configurations = {**(bucket[self.aspect] or {}), self.key: self.document}
        if self.document is None:
            del configurations[self.key]
        return bucket.replacing(self.aspect, configurations or None)


def put(aspect: Aspect, document: Document, key: str | None = None) -> Call:
    return Call(aspect.put, document, key)


def delete(aspect: Aspect, key: str | None = None) -> Call:
    if aspect.delete is None:
        raise ValueError(f"S3 has no operation that deletes {aspect}.")
    return Call(aspect.delete, None, key)


def apply(calls: Iterable[Any], resource: R) -> R:
    for call in calls:
        resource = call.apply(resource)
    return resource
