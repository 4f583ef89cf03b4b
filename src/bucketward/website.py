"""Website hosting of a bucket, as rule and remediation see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aspects import WEBSITE
from .errors import shown
from .selection import matches, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .bucket import Bucket


def redirect_hosts(bucket: Bucket) -> Iterator[str]:
    """Yield the hosts that visitors are sent to."""
    website = bucket[WEBSITE] or {}
    redirects = [website.get("RedirectAllRequestsTo")]
    redirects += [rule.get("Redirect") for rule in website.get("RoutingRules", ())]
    for redirect in redirects:
        if redirect and redirect.get("HostName"):
            yield redirect["HostName"]


def fault(bucket: Bucket, approved: tuple[str, ...], hosts: tuple[str, ...]) -> str | None:
    """Say what is wrong with the bucket's website, or None; no ``hosts`` accepts every one."""
    if bucket[WEBSITE] is None:
        return None
    if not named(bucket, approved):
        return "Website hosting is on, but not approved for this bucket."
    allowed = [host.lower() for host in hosts]
    for host in redirect_hosts(bucket):
        if allowed and not matches(host.lower(), allowed):
            return f"The website redirects to host {shown(host)}, which is not approved."
    return None
