"""Judge what is not a bucket: the account, and the access points of the Regions in question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bucketward import _account, _aws
from bucketward.account import (
    ACCESS_POINT_BLOCK,
    AccessPoint,
    Account,
    MultiRegionAccessPoint,
)
from bucketward.errors import BucketwardError

from .judging import judged
from .live import LiveDocuments
from .parallel import in_parallel
from .row import Judged, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bucketward.resource import Resource

    from .choice import Chosen


def judge_account(account: str, region: str, chosen: Sequence[Chosen]) -> Iterator[Judged]:
    """Judge the account with the controls that are of it, in one Region."""
    of_account = [each for each in chosen if each.rule.of_account]
    if not of_account:
        return
    names = (fact.name for each in of_account for fact in each.rule.reads)
    facts = LiveDocuments(names, lambda name: _account.read_fact(name, account))
    partition = str(_aws.client("s3control").meta.partition)
    resource = Account(account, account, region, partition, facts)
    rows = tuple(row for each in of_account for row in judged(each, resource))
    yield Judged(account, region, rows, Account.NOUN, facts.read)


def judge_access_points(
    account: str, regions: Iterable[str], chosen: Sequence[Chosen]
) -> Iterator[Judged]:
    """Judge the access points of each Region, and those of many Regions once."""
    for each in chosen:
        if each.rule.subject is AccessPoint:
            for region in regions:
                yield from _judge(each, account, region, _access_points(account, region))
        elif each.rule.subject is MultiRegionAccessPoint:
            yield from _judge(each, account, "", _multi_region_access_points(account))


def _judge(each: Chosen, account: str, region: str, points: Iterator[Resource]) -> Iterator[Judged]:
    def one(point: Resource) -> Judged:
        rows = tuple(judged(each, point))
        documents = getattr(point.aspects, "read", None) or dict(point.aspects)
        return Judged(point.name, point.region, rows, point.NOUN, documents)

    try:
        yield from in_parallel(one, points)
    except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
        row = Row.unread(account, each.stem, each.severity, error)
        yield Judged(account, region, (row,), each.rule.subject.NOUN)


def _access_points(account: str, region: str) -> Iterator[AccessPoint]:
    client = _aws.client("s3control", region)

    def block(name: str, _: str) -> Any:  # noqa: ANN401 - JSON
        found = client.get_access_point(AccountId=account, Name=name)
        return found.get("PublicAccessBlockConfiguration") or {}

    for each in _paged(client.list_access_points, "AccessPointList", account):
        name = str(each["Name"])
        facts = LiveDocuments([ACCESS_POINT_BLOCK.name], partial(block, name))
        yield AccessPoint(name, account, region, client.meta.partition, facts)


def _multi_region_access_points(account: str) -> Iterator[MultiRegionAccessPoint]:
    client = _aws.client("s3control", _account.MULTI_REGION_HOME)
    for each in _paged(client.list_multi_region_access_points, "AccessPoints", account):
        facts = {ACCESS_POINT_BLOCK.name: each.get("PublicAccessBlock") or {}}
        yield MultiRegionAccessPoint(each["Name"], account, "", client.meta.partition, facts)


def _paged(method: Callable[..., Any], member: str, account: str) -> Iterator[dict[str, Any]]:
    page = method(AccountId=account)
    while True:
        yield from page.get(member, ())
        if not page.get("NextToken"):
            return
        page = method(AccountId=account, NextToken=page["NextToken"])


def regions_of(judged_regions: Iterable[str], own: str) -> list[str]:
    """Return the Regions to look for access points in: those of buckets, or else our own."""
    return sorted({each or own for each in judged_regions} or {own})
