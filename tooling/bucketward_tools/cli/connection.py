"""Which AWS account is meant: profile, Region and endpoint, as the AWS CLI takes them."""

from __future__ import annotations

import os

from bucketward.errors import BadInput

_DIGITS = 12
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_REGION = "us-east-1"
"""Where buckets are listed if no Region is configured; the list is of all Regions."""


def begin(
    profile: str | None,
    region: str | None,
    endpoint: str | None,
    otherwise: str | None = _REGION,
) -> str:
    """Let every client use what was chosen; returns the Region that is in effect.

    boto3 itself does not know AWS_REGION, which all other SDKs do, and takes keys of the
    environment before those of AWS_PROFILE, where `--profile` of the AWS CLI comes first.
    """
    import boto3

    from bucketward import _aws

    # The code that runs in Lambda writes its log to standard output, which is the result's here.
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise BadInput(f"--endpoint-url is {endpoint!r}; write a URL with http:// or https://.")
    wanted = region or os.environ.get("AWS_REGION")
    chosen = {"AWS_PROFILE": profile, "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": wanted}
    before = dict(os.environ)
    os.environ.update({name: value for name, value in chosen.items() if value})
    for name in _KEYS if profile else ():
        os.environ.pop(name, None)
    if os.environ != before:
        boto3.DEFAULT_SESSION = None
        _aws.client.cache_clear()
    found = (boto3.DEFAULT_SESSION or boto3.Session()).region_name
    if not found:
        if otherwise is None:
            raise BadInput("No Region is set; name the stack's with --region, or set AWS_REGION.")
        os.environ["AWS_DEFAULT_REGION"] = found = otherwise
        boto3.DEFAULT_SESSION = None
        _aws.client.cache_clear()
    return str(found)


def account_id(given: str | None) -> str:
    """Return the account's id: the one given, else that of the credentials."""
    from bucketward import _aws

    if given is not None:
        if len(given) != _DIGITS or not given.isdecimal():
            raise BadInput(f"--account is {given!r}; write the 12 digits of an account's id.")
        return given
    try:
        return str(_aws.client("sts").get_caller_identity()["Account"])
    except (_aws.EndpointConnectionError, _aws.ConnectTimeoutError) as error:
        raise BadInput(
            "STS, which knows the account's id, is out of reach from here; give the id with "
            "--account."
        ) from error
