"""A bucket as a value: its identity, and the documents of the aspects that were read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .aspects import Aspect

BUCKET_NAME = re.compile(r"[A-Za-z0-9._-]{3,255}")
"""Names that S3 accepts today, and those it accepted in us-east-1 before 2018."""


@dataclass(frozen=True, slots=True)
class Bucket(Resource):
    """One bucket at one moment; ``bucket[ENCRYPTION]`` is the aspect in the form of the S3 API."""

    TYPE: ClassVar[str] = "AWS::S3::Bucket"
    NOUN: ClassVar[str] = "bucket"

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.name}"

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
