"""Any bucket that S3 could return, for the laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

import strategies_access
import strategies_settings
from bucketward import Bucket
from bucketward.encryption import ALGORITHMS
from bucketward.public_access import FLAGS
from estate import ACCOUNT, NEW_BUCKET, log_target

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = [
    f"arn:aws:kms:eu-central-1:{account}:key/{digit * 8}-0000-4000-8000-000000000000"
    for account, digit in ((ACCOUNT, "1"), (ACCOUNT, "2"), ("999999999999", "9"))
]
NAMES = ["acme-data", "acme-logs", "acme-audit", "mallory", "acme-gone"]


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a dict with any of the members."""
    return st.fixed_dictionaries({}, optional=members)


public_access_blocks = st.none() | optional(**dict.fromkeys(FLAGS, st.booleans()))

encryption_rules = optional(
    ApplyServerSideEncryptionByDefault=st.fixed_dictionaries(
        {"SSEAlgorithm": st.sampled_from(ALGORITHMS)},
        optional={"KMSMasterKeyID": st.sampled_from(KEYS)},
    ),
    BucketKeyEnabled=st.booleans(),
    BlockedEncryptionTypes=st.sampled_from(
        [{"EncryptionType": ["SSE-C"]}, {"EncryptionType": ["NONE"]}]
    ),
)
encryptions = st.none() | encryption_rules.map(lambda rule: {"Rules": [rule]})

versionings = st.none() | st.fixed_dictionaries(
    {"Status": st.sampled_from(["Enabled", "Suspended"])},
    optional={"MFADelete": st.sampled_from(["Enabled", "Disabled"])},
)

loggings = st.none() | st.fixed_dictionaries(
    {"TargetBucket": st.sampled_from(NAMES), "TargetPrefix": st.sampled_from(["", "s3/"])},
    optional={"TargetObjectKeyFormat": st.just({"SimplePrefix": {}})},
).map(lambda enabled: {"LoggingEnabled": enabled})

CHANGING = {
    "public_access_block": public_access_blocks,
    "encryption": encryptions,
    "versioning": versionings,
    "logging": loggings,
    **strategies_settings.CHANGING,
    **strategies_access.CHANGING,
    "tagging": strategies_settings.taggings | strategies_access.tags,
}
"""The aspects that vary; the others are those of a new bucket."""


@st.composite
def buckets(draw: st.DrawFn, varying: Iterable[str] = tuple(CHANGING)) -> Bucket:
    """Draw any bucket; only the aspects that are ``varying`` differ from those of a new one."""
    name = draw(st.sampled_from(NAMES[:2]))
    differs = {aspect: draw(CHANGING[aspect]) for aspect in varying if aspect in CHANGING}
    return Bucket(name, ACCOUNT, "eu-central-1", aspects={**NEW_BUCKET, **differs})


others = st.dictionaries(
    st.sampled_from(NAMES[1:4]),
    st.fixed_dictionaries(
        {"policy": st.sampled_from([None, "log delivery"])},
        optional={"region": st.sampled_from(["eu-central-1", "us-east-1"])},
    ),
).map(lambda made: {name: log_target(name, **each) for name, each in made.items()})
