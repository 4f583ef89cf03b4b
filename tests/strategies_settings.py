"""Settings of a bucket that S3 could return: lifecycle, replication, CORS and their like.

Ids, destinations and scopes come from small pools, so that a bucket and its earlier state share
some, which is where a remediation has something to choose.
"""

from __future__ import annotations

from collections import ChainMap
from itertools import product
from typing import Any

from hypothesis import strategies as st

from estate import ACCOUNT

FOREIGN = "999999999999"
PARTNER = "444455556666"


def rules_of(pool: list[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw up to three rules with different ids."""
    return st.lists(
        st.sampled_from(pool), min_size=1, max_size=3, unique_by=lambda each: each["ID"]
    )


def pool(*members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make one dict of each combination; drawing from them is far cheaper than drawing parts."""
    return [dict(ChainMap(*reversed(each))) for each in product(*members)]


def either(member: str, *values: Any) -> list[dict[str, Any]]:
    """Give the member one of the values, or leave it out."""
    return [{}, *({member: value} for value in values)]


STATUSES = [{"Status": each} for each in ("Enabled", "Enabled", "Disabled")]

_LIFECYCLE_ACTIONS = [
    each
    for each in pool(
        either(
            "Expiration",
            {"Days": 1},
            {"Days": 30},
            {"Days": 400},
            {"Date": "2027-01-01T00:00:00+00:00"},
            {"ExpiredObjectDeleteMarker": True},
        ),
        either(
            "NoncurrentVersionExpiration",
            {"NoncurrentDays": 1},
            {"NoncurrentDays": 1, "NewerNoncurrentVersions": 5},
            {"NoncurrentDays": 90},
            {"NoncurrentDays": 400, "NewerNoncurrentVersions": 2},
        ),
        either("Transitions", [{"Days": 30, "StorageClass": "STANDARD_IA"}]),
        either("AbortIncompleteMultipartUpload", *({"DaysAfterInitiation": d} for d in (1, 7, 8))),
    )
    if each
]
_LIFECYCLE_IDS = ("keep", "clean", "bucketward-abort-incomplete-uploads")
_LIFECYCLE_SCOPES = {
    "Filter": [{"Prefix": ""}, {"Prefix": "tmp/"}, {"Tag": {"Key": "class", "Value": "logs"}}, {}],
    "Prefix": ["", "tmp/"],
}
_LIFECYCLE_RULES = [
    pool(
        [{"ID": each} for each in _LIFECYCLE_IDS],
        STATUSES,
        [{form: scope} for scope in scopes],
        _LIFECYCLE_ACTIONS,
    )
    for form, scopes in _LIFECYCLE_SCOPES.items()
]
lifecycles = st.none() | st.builds(
    lambda rules, rest: {"Rules": rules, **rest},
    st.one_of(*map(rules_of, _LIFECYCLE_RULES)),
    st.sampled_from([{}, {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}]),
)

_DESTINATIONS = [
    {"Destination": each}
    for each in pool(
        [{"Bucket": f"arn:aws:s3:::{name}"} for name in ("acme-audit", "acme-logs", "mallory")],
        either("Account", ACCOUNT, ACCOUNT, PARTNER, FOREIGN),
        either("StorageClass", "STANDARD_IA"),
    )
]
_REPLICATION_SCOPES = [
    pool(
        [{"Filter": each} for each in ({"Prefix": ""}, {"Tag": {"Key": "copy", "Value": "yes"}})],
        [{"Priority": 1}, {"Priority": 2}],
        [{"DeleteMarkerReplication": {"Status": "Disabled"}}],
    ),
    [{"Prefix": ""}, {"Prefix": "data/"}],
]
replications = st.none() | st.builds(
    lambda rules: {"Role": f"arn:aws:iam::{ACCOUNT}:role/replication", "Rules": rules},
    st.one_of(
        *(
            rules_of(pool([{"ID": "backup"}, {"ID": "second"}], STATUSES, _DESTINATIONS, scopes))
            for scopes in _REPLICATION_SCOPES
        )
    ),
)

_origins = st.sampled_from(
    ["*", "https://*", "https://app.acme.com", "https://*.acme.com", "https://mallory.example"]
)
cors = st.none() | st.lists(
    st.fixed_dictionaries(
        {
            "AllowedOrigins": st.lists(_origins, min_size=1, max_size=2, unique=True),
            "AllowedMethods": st.sampled_from([["GET"], ["PUT", "GET"], ["POST"], ["HEAD"]]),
        },
        optional={"ID": st.sampled_from(["one", "two"]), "MaxAgeSeconds": st.just(0)},
    ),
    min_size=1,
    max_size=3,
).map(lambda rules: {"CORSRules": rules})

_hosts = st.sampled_from(["www.acme.com", "mallory.example"])
websites = st.none() | (
    _hosts.map(lambda host: {"RedirectAllRequestsTo": {"HostName": host}})
    | st.fixed_dictionaries(
        {"IndexDocument": st.just({"Suffix": "index.html"})},
        optional={
            "ErrorDocument": st.just({"Key": "error.html"}),
            "RoutingRules": _hosts.map(lambda host: [{"Redirect": {"HostName": host}}]),
        },
    )
)

_TARGETS = {
    "TopicConfigurations": ("TopicArn", "arn:aws:sns:eu-central-1:{}:events"),
    "QueueConfigurations": ("QueueArn", "arn:aws:sqs:eu-central-1:{}:events"),
    "LambdaFunctionConfigurations": (
        "LambdaFunctionArn",
        "arn:aws:lambda:eu-central-1:{}:function:events",
    ),
}


def _notified(member: str, arn: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    accounts = st.sampled_from([ACCOUNT, PARTNER, FOREIGN])
    return st.lists(
        st.builds(
            lambda name, account: {
                "Id": name,
                member: arn.format(account),
                "Events": ["s3:ObjectCreated:*"],
            },
            st.sampled_from(["a", "b"]),
            accounts,
        ),
        min_size=1,
        max_size=2,
    )


notifications = st.fixed_dictionaries(
    {},
    optional={
        "EventBridgeConfiguration": st.just({}),
        **{name: _notified(*shape) for name, shape in _TARGETS.items()},
    },
).map(lambda document: document or None)

_values = {
    "owner": ["data", "web"],
    "environment": ["prod", "dev", "playground"],
    "replicate": ["yes", "no"],
    "aws:cloudformation:stack-name": ["acme"],
}
taggings = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values) for key, values in _values.items()}
).map(
    lambda found: (
        {"TagSet": [{"Key": key, "Value": value} for key, value in found.items()]}
        if found
        else None
    )
)

request_payments = st.sampled_from([{"Payer": "BucketOwner"}, {"Payer": "Requester"}])

_retentions = st.builds(
    lambda mode, period, rest: {"DefaultRetention": {"Mode": mode, **period, **rest}},
    st.sampled_from(["GOVERNANCE", "COMPLIANCE"]),
    st.sampled_from([{"Days": 1}, {"Days": 30}, {"Days": 400}, {"Years": 1}]),
    st.sampled_from([{}, {"DefaultEventHold": {"Days": 3}}]),
)
object_locks = st.none() | st.builds(
    lambda rule: {"ObjectLockEnabled": "Enabled", **({"Rule": rule} if rule else {})},
    st.none() | _retentions,
)

CHANGING = {
    "lifecycle": lifecycles,
    "replication": replications,
    "cors": cors,
    "website": websites,
    "notification": notifications,
    "tagging": taggings,
    "request_payment": request_payments,
    "object_lock": object_locks,
}
