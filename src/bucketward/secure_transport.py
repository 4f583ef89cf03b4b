"""What is wrong with how a bucket demands TLS, as rule and remediation see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aspects import POLICY
from .policy import judge

if TYPE_CHECKING:
    from .bucket import Bucket


def fault(bucket: Bucket, version: str) -> str | None:
    """Say what is wrong, or None; "" for the version demands none."""
    text = bucket[POLICY]
    if text is None:
        return "The bucket has no policy, so nothing denies plaintext requests."
    judgement = judge(text, bucket.account, bucket.name)
    if not judgement.valid:
        reason = judgement.reasons[0]
        return f"The policy cannot be judged, so it counts as unsafe: {reason}"
    if not judgement.tls_enforced:
        return "No Deny for everyone covers s3:* over plaintext on both the bucket and its objects."
    if (judgement.min_tls or "") < version:
        found = f"only those below {judgement.min_tls}" if judgement.min_tls else "none"
        return f"The policy must deny TLS versions below {version}, and denies {found}."
    return None
