"""A bucket as a value: its identity, and the documents of the aspects that were read."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from .errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .aspects import Aspect, Document

BUCKET_NAME = re.compile(r"[A-Za-z0-9._-]{3,255}")
"""Names that S3 accepts today, and those it accepted in us-east-1 before 2018."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket at one moment.

    ``bucket[ENCRYPTION]`` is the aspect's document in the form of the S3 API, or ``None`` where
    it is not set; it raises `Unknown` where the aspect was not read, so that a rule can never
    take "not read" for "not set".
    """

    name: str
    account: str
    region: str
    partition: str = "aws"
    aspects: Mapping[str, Document | None] = field(default_factory=dict)

    def __getitem__(self, aspect: Aspect) -> Document | None:
        try:
            return self.aspects[aspect.name]
        except KeyError:
            raise Unknown(
                f"The {aspect} of bucket {self.name} was not read, so it cannot be judged."
            ) from None

    def __contains__(self, aspect: Aspect) -> bool:
        return aspect.name in self.aspects

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.name}"

    def replacing(self, aspect: Aspect, document: Document | None) -> Self:
        """Return this bucket with another document for one aspect."""
        # A chain, not a copy: a copy would convert every part of a configuration item.
        return replace(self, aspects=ChainMap({aspect.name: document}, self.aspects))  # type: ignore[arg-type]

    def only(self, aspects: Iterable[Aspect]) -> Self:
        """Return this bucket with all but these aspects unread."""
        return replace(self, aspects={each.name: self[each] for each in aspects if each in self})

    @classmethod
    def from_configuration_item(cls, item: Mapping[str, Any]) -> Bucket:
        """Read a bucket from an AWS Config configuration item.

        Takes the form of a change notification, of GetResourceConfigHistory (where the parts are
        JSON strings, some encoded twice) and of moto. Aspects that AWS Config does not record
        are left unread. Raises `BadInput` for anything else.
        """
        from .configuration_item import read_bucket

        return read_bucket(item)

    @classmethod
    def from_live(cls, name: str, aspects: Iterable[Aspect], *, account: str) -> Bucket:
        """Read the chosen aspects of a bucket from S3, and no other.

        Raises `BucketNotFound`; any other error of S3 (access denied, throttling) is raised as
        boto3's ``ClientError``, since nothing is known of the bucket then.
        """
        from ._aws import read_bucket

        return read_bucket(name, aspects, account=account)
