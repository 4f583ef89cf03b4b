"""Where moto's S3 is not S3: small stand-ins, one reason each.

- ``ExpectedBucketOwner``: moto does not look at it, and knows no bucket of another account.
- ListBuckets: moto's pages are unsorted, and it does not look at the Region.
- Encryption: moto has none on a new bucket, where S3 has SSE-S3; it drops
  ``BlockedEncryptionTypes``; after a delete S3 is back at SSE-S3.
- Inventory: moto takes the deletion of one for that of the bucket.
- Request payment, analytics, metrics, intelligent tiering: moto takes the request for another
  one (a put creates the bucket) and stores nothing.
- Notifications, lifecycle, replication, CORS, website, logging, object lock: moto drops or
  rewrites members of them, EventBridge among others.
- ACL: moto cannot read one without grants, and its owner has a display name, which S3 has not
  told since 2025. Tagging: moto refuses AWS's own tags even where they are as they were.
- A new bucket: since April 2023 S3 turns on all four flags of its public access block and sets
  its ownership to BucketOwnerEnforced.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bucketward import aspects as a
from bucketward.public_access import FLAGS

from .gateway import Call, Reply
from .s3_acl import acl
from .s3_listing import page
from .s3_refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount

_OWNER = {"ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"}  # moto's
_WITH_MOTO = (a.ACL, a.LOGGING)
"""Written to moto as well: it looks at whether the target of logs lets S3 write."""

_KEPT_HERE = (
    *_WITH_MOTO,
    a.ENCRYPTION,
    a.TAGGING,
    a.PUBLIC_ACCESS_BLOCK,
    a.OWNERSHIP,
    a.LIFECYCLE,
    a.REPLICATION,
    a.CORS,
    a.WEBSITE,
    a.NOTIFICATION,
    a.OBJECT_LOCK,
    a.REQUEST_PAYMENT,
    a.INVENTORY,
    a.ANALYTICS,
    a.METRICS,
    a.INTELLIGENT_TIERING,
)
_ASPECT_OF = {
    operation.name: (aspect, operation) for aspect in _KEPT_HERE for operation in aspect.operations
}
_WITHOUT_MOTO = {
    name
    for name, (aspect, operation) in _ASPECT_OF.items()
    if aspect not in _WITH_MOTO or operation is aspect.get
}
_GIVEN_IDS = {
    a.LIFECYCLE.name: ("ID", ("Rules",)),
    a.REPLICATION.name: ("ID", ("Rules",)),
    a.NOTIFICATION.name: (
        "Id",
        ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations"),
    ),
}
"""The rules that S3 gives an id where the caller gave none."""


def _fresh(create: Mapping[str, Any]) -> dict[str, a.Document]:
    """Return what a new bucket has: an empty document stands for "not set"."""
    ownership = create.get("ObjectOwnership", "BucketOwnerEnforced")
    locked = create.get("ObjectLockEnabledForBucket")
    return {aspect.name: {} for aspect in _KEPT_HERE} | {
        a.ACL.name: acl(create.get("ACL", "private"), _OWNER),
        a.PUBLIC_ACCESS_BLOCK.name: dict.fromkeys(FLAGS, True),
        a.OWNERSHIP.name: {"Rules": [{"ObjectOwnership": ownership}]},
        a.ENCRYPTION.name: {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                    "BucketKeyEnabled": False,
                }
            ]
        },
        a.REQUEST_PAYMENT.name: {"Payer": "BucketOwner"},
        a.OBJECT_LOCK.name: {"ObjectLockEnabled": "Enabled"} if locked else {},
    }


class S3:
    """The documents that moto does not keep as S3 does, by bucket and aspect."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._buckets: dict[str, dict[str, a.Document]] = {}
        self._regions: dict[str, str] = {}
        self._ids = count(1)
        self.foreign: set[str] = set()
        """Buckets of another account, which answer nobody of this one."""

    @property
    def buckets(self) -> tuple[str, ...]:
        return tuple(sorted(self._buckets))

    def region(self, call: Call) -> str:
        """Return the Region of the bucket that a call names; the caller's where there is none."""
        if call.operation == "CreateBucket":
            where = call.params.get("CreateBucketConfiguration", {})
            return str(where.get("LocationConstraint", "us-east-1"))
        return self._regions.get(str(call.bucket), call.region)

    def answer(self, call: Call) -> Reply | None:
        """Refuse what S3 would refuse and moto does not."""
        own = self._account.place.account
        owner = call.params.get("ExpectedBucketOwner", own)
        if call.bucket in self.foreign or (owner != own and call.bucket in self._buckets):
            return Reply(status=403, code="AccessDenied", message="Access Denied")
        if call.bucket in self._buckets:
            refused = refusal(call, lambda aspect: self.read(str(call.bucket), aspect))
            if refused is not None:
                return refused
        if call.operation not in _WITHOUT_MOTO:
            return None
        if call.bucket not in self._buckets:
            message = "The specified bucket does not exist"
            return Reply(status=404, code="NoSuchBucket", message=message)
        aspect, operation = _ASPECT_OF[call.operation]
        if operation is aspect.get and aspect.unset and not self._buckets[call.bucket][aspect.name]:
            return Reply(status=404, code=aspect.unset, message="It is not set")
        return Reply()

    def claim(self, call: Call) -> Reply | None:
        """Answer a CreateBucket that has to do with another account: names are global."""
        if call.operation != "CreateBucket":
            return None
        own, actor = self._account.place.account, call.principal.actor
        outside = actor is not None and actor.account not in {None, own}
        if call.bucket in self.foreign or (outside and call.bucket in self._buckets):
            message = "The requested bucket name is not available."
            return Reply(status=409, code="BucketAlreadyExists", message=message)
        if not outside:
            return None
        self.foreign.add(str(call.bucket))
        return Reply()

    def read(self, bucket: str, aspect: a.Aspect) -> a.Document | None:
        """Read one aspect, with dates as text; None where it is not set."""
        if aspect not in _KEPT_HERE or bucket not in self._buckets:
            return _read(self._account.internal("s3"), bucket, aspect)
        answer = self._response(bucket, aspect)
        return _plain(answer.get(aspect.member) if aspect.member else answer)

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Keep what was written, and put what is kept into what is read."""
        bucket = call.bucket
        error = parsed.get("Error", {}).get("Code")
        if call.operation == "ListBuckets" and error is None:
            # moto cuts a page off before it is sorted, so ask it for all of them.
            found = self._account.internal("s3").list_buckets() if call.params else parsed
            parsed.pop("ContinuationToken", None)
            parsed.update(page(found["Buckets"], call.params, self._regions))
        if bucket is None or error is not None or bucket in self.foreign:
            return
        if call.operation == "CreateBucket":
            self._buckets.setdefault(bucket, _fresh(call.params))
            where = call.params.get("CreateBucketConfiguration", {})
            self._regions.setdefault(bucket, where.get("LocationConstraint", "us-east-1"))
        elif call.operation == "DeleteBucket":
            self._buckets.pop(bucket, None)
            self._regions.pop(bucket, None)
        elif call.operation in _ASPECT_OF and bucket in self._buckets:
            aspect, operation = _ASPECT_OF[call.operation]
            if operation is aspect.get:
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
                kept[aspect.name] = _fresh({})[aspect.name] if aspect is a.ENCRYPTION else {}
            return
        if aspect is a.ACL and aspect.argument not in call.params:
            kept[aspect.name] = acl(call.params.get("ACL", ""), _OWNER)
            return
        document = deepcopy(call.params[aspect.argument])
        if aspect.keyed:
            kept[aspect.name][call.params["Id"]] = document
            return
        if aspect is a.ENCRYPTION:
            document = keeping_blocks(document, kept[aspect.name])
        kept[aspect.name] = self._as_answered(aspect, document, call.params)

    def _as_answered(
        self, aspect: a.Aspect, document: a.Document, params: Mapping[str, Any]
    ) -> a.Document:
        """Add what S3 answers with although the caller left it out."""
        if aspect is a.ENCRYPTION:
            for rule in document["Rules"]:
                rule.setdefault("BucketKeyEnabled", False)
        if aspect is a.PUBLIC_ACCESS_BLOCK:
            return {flag: document.get(flag, False) for flag in FLAGS}
        if aspect is a.LIFECYCLE and "TransitionDefaultMinimumObjectSize" in params:
            size = params["TransitionDefaultMinimumObjectSize"]
            document["TransitionDefaultMinimumObjectSize"] = size
        key, members = _GIVEN_IDS.get(aspect.name, ("", ()))
        for member in members:
            for rule in document.get(member, ()):
                rule[key] = rule.get(key) or f"given-by-s3-{next(self._ids):04}"
        return document


def keeping_blocks(document: a.Document, before: a.Document) -> a.Document:
    """Return the encryption as S3 keeps it: what was blocked stays where a rule does not say.

    https://github.com/hashicorp/terraform-provider-aws/pull/47359
    """
    blocked = {
        key: value
        for rule in (before or {}).get("Rules", ())
        for key, value in rule.items()
        if key == "BlockedEncryptionTypes"
    }
    return {**document, "Rules": [{**blocked, **rule} for rule in document["Rules"]]}


def _read(client: Any, bucket: str, aspect: a.Aspect) -> a.Document | None:  # noqa: ANN401
    try:
        answer = getattr(client, aspect.get.method)(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == aspect.unset:
            return None
        raise
    for name in ("ResponseMetadata", "IsTruncated") if aspect.keyed else ("ResponseMetadata",):
        answer.pop(name, None)
    return _plain(answer.get(aspect.member) if aspect.member else answer)


def _plain(document: a.Document) -> a.Document | None:
    return json.loads(json.dumps(document, default=datetime.isoformat)) or None
