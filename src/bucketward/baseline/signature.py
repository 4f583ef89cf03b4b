"""Signatures of approvals: who can write the table still cannot approve.

A KMS key makes the HMAC and KMS alone verifies it, so no function ever holds the key. KMS takes
messages up to 4,096 bytes, hence a digest of what is signed.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from bucketward import _aws
from bucketward.errors import Tampered

if TYPE_CHECKING:
    from bucketward.baseline.approval import Approval

_ALGORITHM = "HMAC_SHA_256"
_LENGTH = 32


class _WrongError(Exception):
    """The HMAC is not that of the message."""


def sign(key: str, approval: Approval) -> bytes:
    """Return the approval's HMAC; whatever KMS answers instead is raised as it is."""
    answer = _aws.client("kms").generate_mac(
        KeyId=key, MacAlgorithm=_ALGORITHM, Message=_message(approval)
    )
    return bytes(answer["Mac"])


def verify(key: str, approval: Approval, mac: object) -> None:
    """Raise `Tampered` where the HMAC is not the approval's, and what else KMS answers as it is.

    An unavailable key is neither: nothing is known of the approval then.
    """
    # Always this stack's own key: one that the item names would be of whoever wrote the item.
    try:
        _verified(key, _message(approval), mac if isinstance(mac, bytes) else b"")
    except _WrongError:
        raise Tampered(
            f"The approved {approval.aspect} of bucket {approval.bucket} has no valid signature; "
            "it is not restored. Find out who wrote it, then approve the right one."
        ) from None


@lru_cache(maxsize=16_384)
def _verified(key: str, message: bytes, mac: bytes) -> bool:
    """Ask KMS once a process; only yes is remembered, for no and no answer raise."""
    if len(mac) != _LENGTH:
        raise _WrongError  # without asking: some lengths KMS calls an invalid request
    try:
        _aws.client("kms").verify_mac(KeyId=key, MacAlgorithm=_ALGORITHM, Message=message, Mac=mac)
    except _aws.ClientError as error:
        if _aws.error_code(error) == "KMSInvalidMacException":
            raise _WrongError from error
        raise
    return True


def _message(approval: Approval) -> bytes:
    return sha256(approval.signed()).hexdigest().encode()
