"""Two states of one bucket, for the laws of the exact revert: any aspect of any kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bucketward import Bucket
from estate import ACCOUNT, NEW_BUCKET, OWNER, REGION, policy_text
from strategies import CHANGING as _WRITTEN
from strategies_access import ARNS, OTHER_GRANTS

_AUDIT = {"Bucket": "arn:aws:s3:::acme-audit", "Format": "CSV"}
_inventories = st.builds(
    lambda daily, fields: {
        "Destination": {"S3BucketDestination": {**_AUDIT, "AccountId": ACCOUNT}},
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "OptionalFields": fields,
        "Schedule": {"Frequency": "Daily" if daily else "Weekly"},
    },
    st.booleans(),
    st.sampled_from([["Size", "ETag"], ["ETag", "Size"], ["Size"]]),
)
_analyses = st.sampled_from(
    [{"StorageClassAnalysis": {}}, {"Filter": {"Prefix": "data/"}, "StorageClassAnalysis": {}}]
)
_metrics = st.sampled_from([{}, {"Filter": {"Prefix": "data/"}}, {"Filter": {"Prefix": "tmp/"}}])
_tierings = st.builds(
    lambda status, days: {
        "Status": status,
        "Tierings": [{"Days": days, "AccessTier": "ARCHIVE_ACCESS"}],
    },
    st.sampled_from(["Enabled", "Disabled"]),
    st.sampled_from([90, 180]),
)


def _keyed(configurations: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Any]:
    found = st.dictionaries(st.sampled_from(["all", "data", "old"]), configurations)
    return found.map(lambda made: {key: {"Id": key, **each} for key, each in made.items()} or None)


CHANGING = {
    **_WRITTEN,
    "accelerate": st.none() | st.sampled_from([{"Status": s} for s in ("Enabled", "Suspended")]),
    "inventory": _keyed(_inventories),
    "analytics": _keyed(_analyses),
    "metrics": _keyed(_metrics),
    "intelligent_tiering": _keyed(_tierings),
}


_OWN = NEW_BUCKET["acl"]["Grants"]
_acls = st.sampled_from([[], [], OTHER_GRANTS[:1], OTHER_GRANTS[3:]]).map(
    lambda others: {"Owner": OWNER, "Grants": [*_OWN, *others]}
)
_public = policy_text(
    [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ARNS[1]}]
)
_TOGETHER: list[dict[str, st.SearchStrategy[Any]]] = [
    {"acl": _acls, "ownership": CHANGING["ownership"]},
    {
        "acl": _acls,
        "policy": st.sampled_from([None, _public]) | CHANGING["policy"],
        "public_access_block": CHANGING["public_access_block"]
        | st.sampled_from([None, NEW_BUCKET["public_access_block"]]),
        "ownership": st.just({"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    },
    {name: CHANGING[name] for name in ("versioning", "replication", "object_lock", "lifecycle")},
    {"versioning": CHANGING["versioning"], "lifecycle": CHANGING["lifecycle"]},
    {"encryption": CHANGING["encryption"]},
    CHANGING,
]
"""Aspects that hang on each other; drawn alone, as of all together few would be in the way."""


@st.composite
def states(draw: st.DrawFn) -> tuple[Bucket, dict[str, Any]]:
    """Draw a bucket and what is approved for it."""
    group = draw(st.sampled_from(_TOGETHER))
    live, approved = ({n: draw(each) for n, each in group.items()} for _ in range(2))
    aspects = {**NEW_BUCKET, **live}
    if aspects["ownership"] == NEW_BUCKET["ownership"]:
        # S3 keeps no other ACL under BucketOwnerEnforced.
        aspects["acl"] = NEW_BUCKET["acl"]
    same = draw(st.sets(st.sampled_from(sorted(group)), max_size=len(group) - 1))
    return (
        Bucket("acme-data", ACCOUNT, REGION, aspects=aspects),
        {**aspects, **{n: each for n, each in approved.items() if n not in same}},
    )
