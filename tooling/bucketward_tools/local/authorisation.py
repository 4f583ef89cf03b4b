"""Which IAM action, resource and condition keys a call to AWS stands for.

For S3 the action comes from the table of aspects. For the other services it is the operation's
own name; a service that is not listed here is not let through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bucketward.aspects import LOCATION, operations

from .account_authorisation import request
from .errors import NotEmulated
from .iam import Request

if TYPE_CHECKING:
    from .identifiers import Place

Params = Mapping[str, Any]

_S3 = {name: operation.action for name, operation in operations().items()} | {
    LOCATION.name: LOCATION.action,
    "CreateBucket": "s3:CreateBucket",
    "HeadBucket": "s3:ListBucket",
    "ListBuckets": "s3:ListAllMyBuckets",
}

_RESOURCES: dict[str, Callable[[Params, Place], str]] = {
    # None of AWS Config's actions that we use has a resource type: only "*" grants them.
    "config": lambda params, place: "*",  # noqa: ARG005
    "sns": lambda params, place: str(params["TopicArn"]),  # noqa: ARG005
    "sqs": lambda params, place: place.arn("sqs", params["QueueUrl"].rpartition("/")[2]),
}


def requests(service: str, operation: str, params: Params, place: Place) -> list[Request]:
    """Return what must all be allowed for the call to be made."""
    if service == "s3":
        if operation == "CreateBucket":
            return _creation(params, place)
        if operation == "HeadObject":
            action = "s3:GetObjectVersion" if "VersionId" in params else "s3:GetObject"
            of = f"{place.bucket_arn(params['Bucket'])}/{params['Key']}"
            return [Request(action, of, context(place))]
        if operation not in _S3:
            raise NotEmulated(f"Which IAM action allows S3's {operation} is not known.")
        bucket = params.get("Bucket")
        resource = place.bucket_arn(bucket) if bucket else "*"
        needed = [Request(_S3[operation], resource, context(place))]
        if operation == "PutBucketReplication":
            role = str(params["ReplicationConfiguration"]["Role"])
            passed = {"iam:PassedToService": "s3.amazonaws.com"}
            needed.append(Request("iam:PassRole", role, context(place) | passed))
        return needed
    found = request(service, operation, params, place)
    if found is not None:
        return [Request(*found, context(place))]
    if service not in _RESOURCES:
        raise NotEmulated(f"What allows a function to call {service}'s {operation} is not known.")
    return [Request(f"{service}:{operation}", _RESOURCES[service](params, place), context(place))]


def _creation(params: Params, place: Place) -> list[Request]:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html.

    What does not exist yet is no account's, so no condition on its account can hold.
    """
    needed = ["s3:CreateBucket"]
    if "ObjectOwnership" in params:
        needed.append("s3:PutBucketOwnershipControls")
    if params.get("ObjectLockEnabledForBucket"):
        needed += ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]
    keys = {key: each for key, each in context(place).items() if key != "aws:ResourceAccount"}
    return [Request(action, place.bucket_arn(params["Bucket"]), keys) for action in needed]


def context(place: Place) -> dict[str, str]:
    """Return the condition keys that every request has; each resource is the account's own."""
    return {
        "aws:PrincipalAccount": place.account,
        "aws:RequestedRegion": place.region,
        "aws:ResourceAccount": place.account,
    }
