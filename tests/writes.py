"""What S3 makes of a row of writes: each is refused, or changes the bucket."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from bucketward import aspects as a
from bucketward_tools.local.s3 import keeping_blocks
from bucketward_tools.local.s3_refusals import refusal

if TYPE_CHECKING:
    from bucketward import Bucket


def accepted(call, bucket: Bucket) -> Bucket:
    """Return the bucket after the call, as S3 would make it; raises where S3 would refuse."""
    sent = SimpleNamespace(
        operation=call.operation.name,
        params=call.arguments,
        principal=SimpleNamespace(internal=False),
    )
    refused = refusal(sent, lambda aspect: bucket[aspect])
    assert refused is None, f"{call.operation.name}: {refused.message}"
    if call.operation == a.ENCRYPTION.put:
        document = keeping_blocks(call.document, bucket[a.ENCRYPTION])
        return bucket.replacing(a.ENCRYPTION, document)
    return call.apply(bucket)


def steps(calls, bucket: Bucket) -> list[Bucket]:
    made = [bucket]
    for call in calls:
        made.append(accepted(call, made[-1]))
    return made
