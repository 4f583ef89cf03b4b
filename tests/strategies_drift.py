"""Two states of one bucket, for the laws of the exact revert: any aspect of any kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bucketward import Bucket
from estate import ACCOUNT
from strategies import CHANGING as _WRITTEN
from strategies import buckets

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


@st.composite
def states(draw: st.DrawFn) -> tuple[Bucket, dict[str, Any]]:
    """Draw a bucket and what is approved for it: some aspects differ, and few or many do."""
    live = draw(buckets())
    names = st.sets(st.sampled_from(sorted(CHANGING)), min_size=1)
    documents = {name: draw(CHANGING[name]) for name in sorted(draw(names))}
    approved = {name: draw(CHANGING[name]) for name in sorted(draw(names))}
    live = Bucket(live.name, ACCOUNT, live.region, aspects={**live.aspects, **documents})
    return live, {**live.aspects, **approved}
