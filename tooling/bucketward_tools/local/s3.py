"""Where moto's S3 is not S3: small stand-ins, one reason each.

- ``ExpectedBucketOwner``: moto does not look at it.
- Encryption: moto has none on a new bucket, where S3 has SSE-S3; it drops
  ``BlockedEncryptionTypes``; after a delete S3 is back at SSE-S3.
- Request payment, analytics, metrics, intelligent tiering: moto takes the request for another
  one (a put creates the bucket) and stores nothing.
- A new bucket: since April 2023 S3 turns on all four flags of its public access block and sets
  its ownership to BucketOwnerEnforced.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bucketward import aspects as a
from bucketward.public_access import FLAGS

from .gateway import Call, Reply

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse

_KEPT_HERE = {
    aspect.name: aspect
    for aspect in (
        a.ENCRYPTION,
        a.REQUEST_PAYMENT,
        a.ANALYTICS,
        a.METRICS,
        a.INTELLIGENT_TIERING,
    )
}
_ASPECT_OF = {
    operation.name: (aspect, operation)
    for aspect in _KEPT_HERE.values()
    for operation in aspect.operations
}
_WITHOUT_MOTO = {name for name, (aspect, _) in _ASPECT_OF.items() if aspect is not a.ENCRYPTION}


def _fresh() -> dict[str, a.Document]:
    return {
        a.ENCRYPTION.name: {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                    "BucketKeyEnabled": False,
                }
            ]
        },
        a.REQUEST_PAYMENT.name: {"Payer": "BucketOwner"},
        a.ANALYTICS.name: {},
        a.METRICS.name: {},
        a.INTELLIGENT_TIERING.name: {},
    }


class S3:
    """The documents that moto does not keep as S3 does, by bucket and aspect."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._buckets: dict[str, dict[str, a.Document]] = {}

    @property
    def buckets(self) -> tuple[str, ...]:
        return tuple(sorted(self._buckets))

    def answer(self, call: Call) -> Reply | None:
        """Refuse what S3 would refuse and moto does not."""
        owner = call.params.get("ExpectedBucketOwner", self._account)
        if owner != self._account and call.bucket in self._buckets:
            return Reply(status=403, code="AccessDenied", message="Access Denied")
        if call.operation in _WITHOUT_MOTO:
            if call.bucket in self._buckets:
                return Reply()
            message = "The specified bucket does not exist"
            return Reply(status=404, code="NoSuchBucket", message=message)
        return None

    def answered(self, call: Call, http: AWSResponse, parsed: dict[str, Any]) -> None:
        """Keep what was written, and put what is kept into what is read."""
        bucket = call.bucket
        error = parsed.get("Error", {}).get("Code")
        if bucket is None or error not in {None, a.ENCRYPTION.unset}:
            return
        if call.operation == "CreateBucket":
            self._buckets.setdefault(bucket, _fresh())
        elif call.operation == "DeleteBucket":
            self._buckets.pop(bucket, None)
        elif call.operation in _ASPECT_OF and bucket in self._buckets:
            aspect, operation = _ASPECT_OF[call.operation]
            if operation is aspect.get:
                parsed.pop("Error", None)
                http.status_code = 200
                parsed.update(self._response(bucket, aspect))
            else:
                self._write(bucket, aspect, operation, call)

    def _response(self, bucket: str, aspect: a.Aspect) -> dict[str, Any]:
        document = deepcopy(self._buckets[bucket][aspect.name])
        if aspect.keyed:
            return {str(aspect.member): list(document.values()), "IsTruncated": False}
        return {aspect.member: document} if aspect.member else document

    def _write(self, bucket: str, aspect: a.Aspect, operation: a.Operation, call: Call) -> None:
        kept = self._buckets[bucket]
        if operation is aspect.delete:
            if aspect.keyed:
                kept[aspect.name].pop(call.params["Id"], None)
            else:
                kept[aspect.name] = _fresh()[aspect.name]
            return
        document = deepcopy(call.params[aspect.argument])
        if aspect.keyed:
            kept[aspect.name][call.params["Id"]] = document
            return
        if aspect is a.ENCRYPTION:
            for rule in document["Rules"]:
                rule.setdefault("BucketKeyEnabled", False)  # S3 always answers with it
        kept[aspect.name] = document


def harden(client: Any, create: Call) -> None:  # noqa: ANN401 - a boto3 client
    """Give a new bucket what S3 gives it by itself."""
    bucket = create.bucket
    client.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True)
    )
    ownership = create.params.get("ObjectOwnership", "BucketOwnerEnforced")
    client.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]}
    )


def read(client: Any, bucket: str, aspect: a.Aspect) -> a.Document | None:  # noqa: ANN401
    """Read one aspect, with dates as text; None where it is not set."""
    try:
        answer = getattr(client, aspect.get.method)(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == aspect.unset:
            return None
        raise
    for name in ("ResponseMetadata", "IsTruncated") if aspect.keyed else ("ResponseMetadata",):
        answer.pop(name, None)
    document = answer.get(aspect.member) if aspect.member else answer
    return json.loads(json.dumps(document, default=datetime.isoformat)) or None
