"""Calls to AWS, the only module that imports boto3."""

from __future__ import annotations

import os
from datetime import datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from .aspects import ACCELERATE, LOCATION
from .bucket import Bucket
from .configuration_item import BUCKET
from .errors import BucketNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .aspects import Aspect, Document
    from .calls import Call

__all__ = [
    "BotoCoreError",
    "ClientError",
    "ConnectTimeoutError",
    "EndpointConnectionError",
    "client",
    "error_code",
    "item_history",
    "read_aspect",
    "read_bucket",
    "write",
]

# Lambda may wait longer than a person, but not for a minute: Config retries a failed function.
_CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=10,
    user_agent_appid="bucketward",
    max_pool_connections=32,  # as many as there are readers, see `_scheduled`
)
_GONE = frozenset({"NoSuchBucket", "404"})
_NO_HISTORY = frozenset(
    {"ResourceNotDiscoveredException", "NoAvailableConfigurationRecorderException"}
)
_HISTORY_ITEMS = 100
"""Configuration items looked through for an earlier value; Config keeps up to seven years."""
_HISTORY_PAGES = 60
"""Calls made for them: one spans seven days at most, and comes back empty where nothing changed."""

_making = Lock()


@cache
def client(service: str, region: str | None = None, role_arn: str | None = None) -> Any:  # noqa: ANN401
    """Return a client made once a process, with the credentials of ``role_arn`` where given."""
    with _making:  # boto3's default session cannot make two at once; `scan` reads in threads
        session = _assumed(role_arn) if role_arn else boto3
        made = session.client(service, region_name=region, config=_configured(service))
    if service == "s3control":
        made.meta.events.register("before-call", _addressed)
    return made


def _configured(service: str) -> Config:
    """Keep bucket names out of the host name of a custom endpoint, which has no such subdomains."""
    custom = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    if service != "s3" or not custom or ".amazonaws." in custom:
        return _CONFIG
    return _CONFIG.merge(Config(s3={"addressing_style": "path"}))


def _addressed(params: dict[str, Any], **_: object) -> None:
    """Send to a custom endpoint as it is given.

    S3 Control's requests go to ``<account>.<host>``, which botocore writes even before a custom
    endpoint, whatever ``inject_host_prefix`` says; only AWS's own names have such subdomains.
    """
    url = urlsplit(params["url"])
    account, _dot, host = url.netloc.partition(".")
    if account == params["headers"].get("x-amz-account-id") and ".amazonaws." not in host:
        params["url"] = urlunsplit(url._replace(netloc=host))


def _assumed(role_arn: str) -> boto3.Session:
    """Start a session in another role; botocore picks the partition's regional STS and renews."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.session import get_session

    own, session = get_session(), get_session()
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=own.create_client,
        source_credentials=own.get_credentials(),
        role_arn=role_arn,
        extra_args={"RoleSessionName": "bucketward"},
    )
    session._credentials = DeferredRefreshableCredentials(  # noqa: SLF001 - botocore has no setter
        refresh_using=fetcher.fetch_credentials, method="assume-role"
    )
    return boto3.Session(botocore_session=session)


def act_as(role_arn: str | None) -> None:
    """Make every further client with the credentials of a role; None is one's own again."""
    boto3.DEFAULT_SESSION = _assumed(role_arn) if role_arn else None
    client.cache_clear()


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def read_bucket(
    name: str, aspects: Iterable[Aspect], *, account: str, region: str | None = None
) -> Bucket:
    """Read the chosen aspects; looks the Region up where it is not given."""
    s3 = client("s3")
    owned = {"Bucket": name, "ExpectedBucketOwner": account}
    try:
        documents = {aspect.name: _read(s3, aspect, owned) for aspect in aspects}
        if region is None:
            location = getattr(s3, LOCATION.method)(**owned).get("LocationConstraint")
            # The oldest Regions answer with null and "EU".
            region = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(location, location)
    except ClientError as error:
        if error_code(error) in _GONE:
            raise BucketNotFound(f"Bucket {name} does not exist.", name) from error
        raise
    return Bucket(name, account, region, s3.meta.partition, documents)


def read_aspect(
    name: str, aspect: Aspect, *, account: str, region: str | None = None
) -> Document | None:
    """Read one aspect at the endpoint of the bucket's Region, where that is given."""
    s3 = client("s3", region) if region else client("s3")
    try:
        return _read(s3, aspect, {"Bucket": name, "ExpectedBucketOwner": account})
    except ClientError as error:
        if error_code(error) in _GONE:
            raise BucketNotFound(f"Bucket {name} does not exist.", name) from error
        raise


def bucket_names(region: str | None = None) -> Iterator[str]:
    """Yield the names of the account's buckets, those of one Region where it is given."""
    return (name for name, _ in buckets(region))


def buckets(region: str | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the account's buckets with their Regions, "" where the endpoint does not tell it."""
    s3 = client("s3")
    if region is not None and region != s3.meta.region_name:
        s3 = client("s3", region)  # no other Region's endpoint lists them
    request: dict[str, Any] = {"MaxBuckets": 1000}
    if region is not None:
        request["BucketRegion"] = region
    if prefix:
        request["Prefix"] = prefix
    while True:
        page = s3.list_buckets(**request)
        for each in page.get("Buckets", ()):
            yield each["Name"], each.get("BucketRegion") or region or ""
        if not page.get("ContinuationToken"):
            return
        request["ContinuationToken"] = page["ContinuationToken"]


def _read(s3: Any, aspect: Aspect, owned: dict[str, str]) -> Document | None:  # noqa: ANN401
    method = getattr(s3, aspect.get.method)
    try:
        if aspect.keyed:
            return _read_keyed(method, aspect, owned)
        response = method(**owned)
    except ClientError as error:
        if error_code(error) in _means_unset(aspect):
            return None
        raise
    for member in ("ResponseMetadata", "RequestCharged"):
        response.pop(member, None)
    return _plain(response.get(aspect.member) if aspect.member else response) or None


def _means_unset(aspect: Aspect) -> set[str | None]:
    # Regions and partitions without transfer acceleration refuse to say that it is off.
    absent = {"MethodNotAllowed", "UnsupportedArgument"} if aspect is ACCELERATE else set()
    return {aspect.unset, *absent}


def _read_keyed(method: Any, aspect: Aspect, owned: dict[str, str]) -> Document | None:  # noqa: ANN401
    configurations: dict[str, Any] = {}
    page = method(**owned)
    while True:
        configurations |= {each["Id"]: _plain(each) for each in page.get(aspect.member, ())}
        if not page.get("IsTruncated"):
            return configurations or None
        page = method(**owned, ContinuationToken=page["NextContinuationToken"])


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Write dates as text: the write operations take them so, and JSON has no other."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case _:
            return value


def write(call: Call, bucket: Bucket) -> None:
    """Send one call; S3 refuses it where the bucket belongs to another account by now."""
    method = getattr(client("s3"), call.operation.method)
    try:
        method(Bucket=bucket.name, ExpectedBucketOwner=bucket.account, **call.arguments)
    except ClientError as error:
        if error_code(error) in _GONE:
            raise BucketNotFound(
                f"Bucket {bucket.name} does not exist any more.", bucket.name
            ) from error
        raise


def item_history(bucket: str, **window: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield a bucket's configuration items from AWS Config, the newest first."""
    config = client("config", None, None)  # as in _rdk: the cache tells it from client("config")
    request = {"resourceType": BUCKET, "resourceId": bucket, "limit": 10, **window}
    seen = 0
    for _ in range(_HISTORY_PAGES):
        try:
            page = config.get_resource_config_history(**request)
        except ClientError as error:
            if error_code(error) in _NO_HISTORY:
                return
            raise
        for item in page["configurationItems"]:
            seen += 1
            yield _plain(item)
        if seen >= _HISTORY_ITEMS or not page.get("nextToken"):
            return
        request["nextToken"] = page["nextToken"]
