"""Any HTTPS endpoint: the events as they are, signed.

The secret is {"url": ..., "key": ...}. The header Bucketward-Signature is ``t=<time>,v1=<code>``:
the code is the HMAC-SHA256, in hexadecimal, of the time, a full stop and the body, under the key.
A receiver computes it over the bytes that it got, compares in constant time, and refuses old times.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

from bucketward.channels.channel import Channel, Digests
from bucketward.channels.sending import Post
from bucketward.clock import now
from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target
    from bucketward.event import Event

VERSION = "1"
SIGNATURE = "Bucketward-Signature"
_SHORTEST = 16


def write(
    incidents: Sequence[Incident], reverts: Sequence[Event], target: Target
) -> Sequence[Post]:
    body = {
        "version": VERSION,
        "incidents": [
            {
                "key": each.key,
                "status": "resolved" if each.resolved else "open",
                "severity": each.severity,
                "title": each.title,
                "alerts": list(each.alerts),
                "revert": each.revert,
            }
            for each in incidents
        ],
        "reverts": list(reverts),
    }
    content = json.dumps(body).encode()
    key = target.member("key")
    if len(key) < _SHORTEST:
        raise BadInput(f"The key in {target.address} is shorter than {_SHORTEST} characters.")
    return [
        Post(target.url(), content, {SIGNATURE: signature(key, content, int(now().timestamp()))})
    ]


def signature(key: str, content: bytes, time: int) -> str:
    """Return the header of a body sent at a time, in seconds of the Unix epoch."""
    code = hmac.new(key.encode(), f"{time}.".encode() + content, "sha256").hexdigest()
    return f"t={time},v1={code}"


CHANNEL = Channel(
    "https", "Any HTTPS endpoint", "Https", "HttpsSecretArn", Digests(write), minimum="low"
)
