"""Which bucket, and whose, a CloudTrail record is about."""

import re

from bucketward.changes.payload import Element, account_id, arn_bucket, element, elements, text
from bucketward.changes.vocabulary import ACCOUNT_BLOCK

_HOST_BUCKET = re.compile(
    r"(?P<bucket>[a-z0-9.-]{3,63})\.s3(?:\.|-(?:fips|external|[a-z]{2}-))[a-z0-9.-]{0,80}"
)
_HOST_ACCOUNT = re.compile(r"(?P<account>[0-9]{12})\.s3-control\.")


def named_bucket(body: Element, parameters: Element, aspect: str) -> str | None:
    """Find the bucket: by its parameter, then in resources, which may be missing, then the host."""
    if aspect == ACCOUNT_BLOCK:
        return None
    requested = element(parameters.get("CreateAccessPointRequest"))
    named = (
        text(parameters.get("bucketName"))
        or text(parameters.get("bucket"))
        or text(requested.get("Bucket"))
        or arn_bucket(parameters.get("resourceArn"))
    )
    for resource in elements(body, "resources"):
        named = named or arn_bucket(resource.get("ARN"))
    if not named and (host := _HOST_BUCKET.match(text(parameters.get("Host")))):
        named = host["bucket"]
    return named or None


def owner(body: Element, parameters: Element) -> str:
    """Find the account that owns what was changed, which the caller may not belong to."""
    if host := _HOST_ACCOUNT.match(text(parameters.get("Host"))):
        return host["account"]
    owners = (
        account_id(resource.get("accountId"))
        for resource in elements(body, "resources")
        if arn_bucket(resource.get("ARN"))
    )
    return next((owner for owner in owners if owner), "")
